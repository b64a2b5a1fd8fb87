"""Awards, objections, what a press of a price comes to."""

from django.urls import reverse

from api.shapes.base import anything, count, many, maybe, moment, money, number, one, shape, text, texts
from api.shapes.market import ORGANISATION, PROTOCOL, REQUEST_ROW
from bidding.plans import before
from core.clock import rfc3339

AWARD_ROW = shape(
    "AwardRow",
    number=text("request.number"),
    title=text("request.title"),
    item=text("request.item_id"),
    buyer=one(ORGANISATION, "request.buyer"),
    winner=one(ORGANISATION, "winner.agency.organisation"),
    label=text("winner.label"),
    amount=money("amount"),
    rank=number("rank"),
    status=text("status"),
    published_at=moment("published_at"),
    standstill_until=moment("standstill_until"),
)
OBJECTION = shape(
    "Objection",
    id=number("pk"),
    by=one(ORGANISATION, "by"),
    status=text("status"),
    text=text("text"),
    answer=maybe("answer"),
    complaint=maybe("complaint"),
    decision=maybe("decision"),
    filed_at=moment("filed_at"),
    due_at=moment("due_at"),
)
COMPETITOR = shape(
    "Competitor",
    label=text(lambda row: row["place"].label),
    amount=money(lambda row: getattr(row["place"], "amount", None)),
    organisation=one(ORGANISATION, lambda row: row["organisation"]),
)
RESULT = shape(
    "Result",
    request=one(REQUEST_ROW, lambda found: found["request"]),
    award=one(AWARD_ROW, lambda found: found["award"]),
    failed=maybe(lambda found: found["failure"] and found["failure"].reason),
    explanation=texts(lambda found: found["explanation"]),
    competitors=many(COMPETITOR, lambda found: found["competitors"]),
    objections=many(OBJECTION, lambda found: found["objections"]),
)
OFFERED = shape(
    "Offered",
    key=text("key"),
    seq=count("seq"),
    at=text(lambda answer: rfc3339(answer.at)),
)
ENROLMENT = shape(
    "Enrolment",
    request=one(REQUEST_ROW, "request"),
    label=text("label"),
    enrolled_at=moment("enrolled_at"),
    withdrawn_at=moment("withdrawn_at"),
    barred_because=maybe("barred_because"),
)
STATE = PROTOCOL + ' ("state")'
SEAT = shape(
    "Seat",
    request=one(REQUEST_ROW, "request"),
    expert=text("expert.code"),
    appointed_at=moment("appointed_at"),
    due_at=moment("due_at"),
    given_at=moment("given_at"),
    ended_at=moment("ended_at"),
    ended_because=maybe("ended_because"),
)
PLAN_TO_MARK = shape(
    "PlanToMark",
    label=text("enrolment.label"),
    sha256=text("file.sha256"),
    size=number("file.size"),
    path=text(lambda plan: reverse("plan_download", args=[plan.request.number, plan.enrolment.label])),
)
SEAT_PAGE = shape(
    "SeatPage",
    **SEAT.fields,
    commitment=maybe("commitment"),
    plans=many(PLAN_TO_MARK, before),
    own_marks=anything(lambda seat: seat.marks or [], "[{label, points, reason}]"),
)
