"""Evaluations, exit cases, complaints and inspections, each as its reader may see it."""

from accounts.queries import organisations_of
from api.shapes.base import anything, count, flag, many, maybe, moment, number, one, shape, text, texts
from api.shapes.market import AGENCY_ROW, ORGANISATION
from ratings.queries.exits import document_of
from ratings.queries.inspections import digest_of

EXIT_ROW = shape(
    "ExitRow",
    number=text("number"),
    agency=one(ORGANISATION, "agency.organisation"),
    trigger=text("trigger"),
    measure=maybe("measure"),
    step=text("step"),
    ending=maybe("ending"),
    items=texts("items"),
    months=count("months"),
    reasons=text("reasons"),
    published_at=moment("published_at"),
    effect_at=moment("effect_at"),
    in_force_at=moment("in_force_at"),
    until=moment("until"),
    appeal_until=moment("appeal_until"),
    ended_at=moment("ended_at"),
)
CASE_VERB = shape(
    "CaseVerb", name=text("name"), label=text("label"), until=moment(lambda verb: getattr(verb, "until", None))
)
DOCUMENT = shape(
    "Document",
    id=number("pk"),
    kind=text("kind"),
    number=text("number"),
    text=text("text"),
    sha256=text("sha256"),
    at=moment("at"),
)
OWN_CASE = shape(
    "OwnCase",
    number=text(lambda found: found["case"].number),
    trigger=text(lambda found: found["case"].trigger),
    proposed=text(lambda found: found["case"].proposed),
    step=text(lambda found: found["case"].step),
    measure=maybe(lambda found: found["case"].measure),
    due_at=moment(lambda found: found["case"].due_at),
    defence_until=moment(lambda found: found["case"].defence_until),
    appeal_until=moment(lambda found: found["case"].appeal_until),
    documents=many(DOCUMENT, lambda found: found["documents"]),
    verbs=many(CASE_VERB, lambda found: found["verbs"]),
)
OWN_CASE_ROW = shape(
    "OwnCaseRow",
    number=text("number"),
    trigger=text("trigger"),
    proposed=text("proposed"),
    step=text("step"),
    measure=maybe("measure"),
    due_at=moment("due_at"),
    opened_at=moment("opened_at"),
)
OFFICER_VERB = shape("OfficerVerb", name=text("name"), label=text("label"), blocked=maybe("blocked"))
OFFICER_CASE_ROW = shape("OfficerCaseRow", agency=one(ORGANISATION, "agency.organisation"), **OWN_CASE_ROW.fields)
OFFICER_CASE = shape(
    "OfficerCase",
    number=text("case.number"),
    agency=one(AGENCY_ROW, "case.agency"),
    trigger=text("case.trigger"),
    facts=anything("case.facts", "[{text, path}]"),
    proposed=text("case.proposed"),
    step=text("case.step"),
    rule=text("rule"),
    due_at=moment("case.due_at"),
    lapses_at=moment("case.lapses_at"),
    defence_until=moment("case.defence_until"),
    measure=maybe("case.measure"),
    arguments=texts("arguments"),
    verbs=many(OFFICER_VERB, "verbs"),
)
MARK = shape(
    "Mark",
    side=text("mark.side"),
    about=one(ORGANISATION, "about"),
    grades=anything("mark.grades", "{dimension: 1…5}"),
    comment=text("mark.comment"),
    reply=maybe("reply.text"),
    dispute=maybe("dispute.status"),
    doors=texts("doors"),
)
EVALUATION = shape(
    "Evaluation",
    number=text("number"),
    may_rate_as=maybe("side"),
    closes_at=moment("evaluation.closes_at"),
    revealed_at=moment("evaluation.revealed_at"),
    marks=many(MARK, "rows"),
)
OUTCOME_ROW = shape(
    "OutcomeWaiting",
    number=text("contract.award.request.number"),
    agency=one(ORGANISATION, "contract.agency"),
    closes_at=moment("closes_at"),
)
INSPECTION = shape(
    "Inspection",
    agency=one(ORGANISATION, "agency.organisation"),
    rank=number("rank"),
    due_at=moment("due_at"),
    published_at=moment("published_at"),
    finding=maybe(lambda one: one.finding if one.published_at else None),
    summary=maybe(lambda one: one.summary if one.published_at else None),
)
PLAN_ROW = shape(
    "InspectionPlanRow",
    number=text("number"),
    title=text("title"),
    kind=text("kind"),
    status=text("status"),
    agencies_wanted=number("agencies_wanted"),
    inspectors_wanted=number("inspectors_wanted"),
    created_at=moment("created_at"),
)
PLAN = shape(
    "InspectionPlan",
    **PLAN_ROW.fields,
    checks=texts("checks"),
    scope=anything("scope", "{region, item, grades, since, until}"),
    inspections=many(INSPECTION, lambda plan: plan.drawn),
)
COMPLAINT = shape(
    "Complaint",
    number=text("number"),
    kind=text("kind"),
    status=text("status"),
    text=text("text"),
    filed_at=moment("filed_at"),
    due_at=moment("due_at"),
    decided_at=moment("decided_at"),
    reasons=maybe("reasons"),
)
COMPLAINT_ABOUT = shape(
    "ComplaintAboutUs",
    number=text("number"),
    kind=text("kind"),
    status=text("status"),
    put=text("put"),
    put_at=moment("put_at"),
    statement_until=moment("statement_until"),
    statement=maybe("statement"),
    stated_at=moment("stated_at"),
    reasons=maybe("reasons"),
)
COMPLAINT_ROW = shape(
    "OfficerComplaintRow",
    number=text("number"),
    kind=text("kind"),
    status=text("status"),
    filed_at=moment("filed_at"),
    due_at=moment("due_at"),
)
OFFICER_COMPLAINT = shape(
    "OfficerComplaint",
    number=text("complaint.number"),
    kind=text("complaint.kind"),
    status=text("complaint.status"),
    filed_at=moment("complaint.filed_at"),
    due_at=moment("complaint.due_at"),
    mine=flag("mine"),
    conflict=maybe("conflict"),
    text=maybe(lambda page: page.complaint.text if page.readable else None),
    put=maybe("complaint.put"),
    statement=maybe("complaint.statement"),
    verbs=many(OFFICER_VERB, "verbs"),
)
REPORT = shape(
    "DemandReport",
    item=text("item_id"),
    department=text("department"),
    what_happened=text("what_happened"),
    reported_at=moment("reported_at"),
)
DISPUTE_ROW = shape(
    "DisputeRow",
    number=text("mark.evaluation.contract.award.request.number"),
    side=text("mark.side"),
    text=text("text"),
    status=text("status"),
)
LIST_FLAG = shape(
    "ListFlag",
    id=number("pk"),
    agency=one(ORGANISATION, "agency.organisation"),
    list=text("name"),
    authority=text("authority"),
    listed_at=moment("listed_at"),
)
FLAG = shape(
    "Flag",
    number=text("number"),
    rule=text("rule"),
    about=text("about"),
    subject=texts("subject"),
    severity=number("severity"),
    status=text("status"),
    raised_at=moment("raised_at"),
    concluded_at=moment("concluded_at"),
    conclusion=text("conclusion"),
)
INTEREST = shape("InspectorInterest", agency=one(ORGANISATION, "agency.organisation"), reason=text("reason"))
INSPECTOR = shape(
    "Inspector",
    id=number("pk"),
    name=text("user.name"),
    certificate=text("certificate"),
    since=moment("since"),
    interests=many(INTEREST, "interests"),
)
# What a colleague confirms is what they have read: its digest.
OFFICER_INSPECTION = shape(
    "OfficerInspection",
    **{**INSPECTION.fields, "finding": maybe("finding"), "summary": maybe("summary")},
    plan=text("plan.number"),
    checks=texts("plan.checks"),
    inspectors=texts(lambda found: [one.certificate for one in found.inspectors.all()]),
    reported_at=moment("reported_at"),
    sheet=anything("sheet", "[{check, ok, note}]"),
    read=text(digest_of),
)
OFFICER_DOCUMENT = shape(
    "OfficerDocument", **DOCUMENT.fields, public_at=moment("public_at"), body=anything("body", "{title, sections}")
)
CONTACT = shape("Contact", name=text("name"), phone=maybe("contact_phone"))
COMPLAINER = shape(
    "Complainer",
    name=maybe("filed_by.name"),
    email=text("filed_by.email"),
    organisations=many(CONTACT, lambda complaint: organisations_of(complaint.filed_by)),
)
REPAIR = shape(
    "Repair",
    id=number("pk"),
    agency=one(ORGANISATION, "agency.organisation"),
    act=count("act_id"),
    case=maybe("case.number"),
    evidence=maybe("act.evidence"),
    correction=text("correction"),
    asked_at=moment("asked_at"),
    due_at=moment("due_at"),
    status=text("status"),
    decision=maybe("decision"),
    decided_at=moment("decided_at"),
    document=one(DOCUMENT, document_of),
)
