"""Organisations, items, requests and agencies."""

from typing import Any

from django.urls import reverse

from agencies.insiders import insiders_of
from agencies.queries import qualification_lines, ties_of
from api.shapes.base import anything, count, day, flag, many, maybe, moment, money, number, one, shape, text, texts
from core.errors import Refused

PROTOCOL = "docs/protocol.md"

ORGANISATION = shape("Organisation", name=text("name"), uscc=text("uscc"), kind=text("kind"), region=text("region_id"))
REGION = shape("Region", code=text("code"), name=text("name"))
QUALIFICATION_KIND = shape(
    "QualificationKind", code=text("code"), name=text("name"), legal_basis=text("legal_basis_zh")
)
ITEM = shape(
    "Item",
    code=text("code"),
    name=text("name"),
    department=text("department_zh"),
    approval=text("approval_zh"),
    status=text("status"),
    legal_basis=maybe("legal_basis_zh"),
    cancelled_by=maybe("cancelled_by_zh"),
    time_limit_workdays=count("time_limit_workdays"),
    workflow=texts("workflow_zh"),
    conditions=maybe("conditions_zh"),
    fee_mode=text("fee_mode"),
    fee_standard=maybe("fee_standard_zh"),
    materials=texts("materials_zh"),
    commissioned_by=text("commissioned_by"),
    qualifications=many(QUALIFICATION_KIND, "required"),
)
REQUEST_ROW = shape(
    "RequestRow",
    number=text("number"),
    title=text("title"),
    item=text("item_id"),
    region=text("region_id"),
    buyer=one(ORGANISATION, "buyer"),
    method=text("method"),
    ceiling=money("ceiling"),
    public_funds=flag("public_funds"),
    status=text("status"),
    published_at=moment("published_at"),
    enrol_until=moment("enrol_until"),
    selects_at=moment("selects_at"),
)
FILE = shape(
    "File",
    id=number("pk"),
    name=text("name"),
    sha256=text("file.sha256"),
    path=text(lambda one: reverse("file_download", args=[one.file.sha256, one.name])),
)
QUESTION = shape(
    "Question",
    n=number("n"),
    text=text("text"),
    asked_at=moment("asked_at"),
    answer=maybe("answer"),
    answered_at=moment("answered_at"),
)
REQUEST = shape(
    "Request",
    **REQUEST_ROW.fields,
    scope=text("scope"),
    deliverables=text("deliverables"),
    materials=maybe("materials"),
    term_workdays=number("term_workdays"),
    budget_line=maybe("budget_line"),
    cited_law=maybe("cited_law"),
    payer=one(ORGANISATION, "payer"),
    weights=anything("weights", "{price, quality, credit}, %"),
    ruleset=text("ruleset"),
    forerunner=maybe("forerunner.number"),
    extended=flag("extended"),
    files=many(FILE, "attachments"),
)
DRAFT = shape(
    "Draft",
    id=number("pk"),
    item=text("item_id"),
    region=text("region_id"),
    **{name: text(name) for name in ("title", "scope", "deliverables", "materials", "method")},
    term_workdays=number("term_workdays"),
    ceiling=money("ceiling"),
    public_funds=flag("public_funds"),
    budget_line=text("budget_line"),
    cited_law=text("cited_law"),
    direct_agency=maybe("direct_agency.uscc"),
    direct_price=money("direct_price"),
    direct_reason=text("direct_reason"),
    compared=texts("compared"),
    weight_price=count("weight_price"),
    weight_quality=count("weight_quality"),
    weight_credit=count("weight_credit"),
    forerunner=maybe("forerunner.number"),
    files=many(FILE, "attachments"),
)
FINDING = shape(
    "Finding",
    code=text("code"),
    clause=text("clause"),
    severity=text("severity"),
    message=text("message"),
    field=maybe("field"),
    words=text("words"),
    start=number("start"),
    fix=text("fix"),
    replacement=maybe("replacement"),
)
CHECK = shape(
    "PolicyCheck",
    passes=flag(lambda findings: not any(one.severity == "fail" for one in findings)),
    findings=many(FINDING, lambda findings: findings),
)
ENTRY = shape(
    "Entry",
    case=text("case.name"),
    seq=number("seq"),
    at=moment("at"),
    kind=text("kind"),
    data=anything("data", PROTOCOL),
    hash=text(lambda entry: bytes(entry.hash).hex()),
)
AGENCY_ROW = shape(
    "AgencyRow",
    name=text("organisation.name"),
    uscc=text("uscc"),
    region=text("organisation.region_id"),
    standing=text("standing"),
    standing_until=moment("standing_until"),
    grade=text("grade"),
    credit=maybe("credit"),
    registered_at=moment("registered_at"),
)
QUALIFICATION = shape(
    "Qualification",
    id=number("row.pk"),
    kind=text("row.kind_id"),
    number=text("row.number"),
    issued_by=text("row.issued_by"),
    valid_from=day("row.valid_from"),
    valid_until=day("row.valid_until"),
    status=text("row.status"),
    expiry=text("expiry.value"),
    sha256=maybe("row.file.sha256"),
)
TIE = shape(
    "Tie",
    id=number("pk"),
    department=one(ORGANISATION, "department"),
    nature=text("nature"),
    declared_at=moment("declared_at"),
    ended_at=moment("ended_at"),
)
INSIDER = shape(
    "Insider",
    id=number("pk"),
    kind=text("kind"),
    name=text("name"),
    number=maybe("number"),
    share=count("share"),
    declared_at=moment("declared_at"),
    ended_at=moment("ended_at"),
)
WORK = shape(
    "PastWork",
    id=number("pk"),
    title=text("title"),
    client=text("client"),
    year=number("year"),
    summary=text("summary"),
)
AGENCY = shape(
    "Agency",
    **AGENCY_ROW.fields,
    address=maybe("organisation.address"),
    contact_name=maybe("organisation.contact_name"),
    contact_phone=maybe("organisation.contact_phone"),
    legal_representative=maybe("legal_representative"),
    website=maybe("website"),
    intro=maybe("intro"),
    items=texts(lambda agency: agency.offerings.order_by("item_id").values_list("item_id", flat=True)),
    qualifications=many(QUALIFICATION, qualification_lines),
    ties=many(TIE, ties_of),
    insiders=many(INSIDER, insiders_of),
    works=many(WORK, "past_works"),
)
REFUSAL = shape(
    "Refusal",
    code=text(lambda wire: wire["code"]),
    message=text(lambda wire: wire["message"]),
    basis=texts(lambda wire: wire["basis"]),
    facts=anything(lambda wire: wire["facts"], PROTOCOL),
    fix=text(lambda wire: wire["fix"]),
)
BLOCKERS = shape(
    "Blockers",
    can_bid=flag(lambda found: not found),
    blockers=many(REFUSAL, lambda found: found),
)
CLAUSE = shape("Clause", id=text("id"), says=text("says"), so=text("so"), rules=texts("rules"), tests=texts("tests"))


def _wire(one: Any) -> dict[str, Any]:
    return one.as_wire() if isinstance(one, Refused) else one
