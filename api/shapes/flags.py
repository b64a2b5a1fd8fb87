"""Red flags: the rules and how often they were right, one flag with its evidence, who bids with whom, what restricts."""

from typing import Any

from api.shapes.base import anything, many, maybe, moment, number, one, shape, text, texts
from api.shapes.credit import FLAG, OFFICER_VERB
from api.shapes.market import FINDING, REQUEST_ROW
from core.money import wire
from flags.evidence_page import Page
from flags.queries.radar import restrictions
from flags.rules.base import MONEY


def _evidence(page: Page) -> list[dict[str, Any]]:
    """The rows that the page shows, as values; amounts as everywhere."""
    names = [name for name, _label, _number in page.columns]
    return [
        {name: wire(row[name]) if name in MONEY else row[name] for name in names if row.get(name) is not None}
        for row in page.flag.evidence
    ]


FLAG_RULE = shape(
    "FlagRule",
    code=text("tally.rule.code"),
    version=number("tally.rule.version"),
    name=text("tally.rule.name"),
    severity=number("tally.rule.severity"),
    formula=text("formula"),
    ground=text("tally.rule.ground"),
    check=text("tally.rule.check"),
    innocent=texts("tally.rule.innocent"),
    raised=number("tally.raised"),
    live=number("tally.live"),
    judged=number("tally.judged"),
    confirmed=number("tally.confirmed"),
    precision=maybe("tally.percent"),
    off_at=moment("tally.off.at"),
)
_SAID = {
    "formula": text("formula"),
    "finding": text("finding"),
    "ground": text("rule.ground"),
    "check": text("rule.check"),
    "innocent": texts("rule.innocent"),
    "subject_named": text("subject"),
    "market": text("market"),
    "evidence": anything(_evidence, "[{column: value}], docs/red-flags.md"),
}
FLAG_PAGE = shape("FlagPage", flag=one(FLAG, "flag"), **_SAID)
OFFICER_FLAG_ROW = shape("OfficerFlagRow", **FLAG.fields, agencies=texts("agencies"), due_at=moment("due_at"))
OFFICER_FLAG = shape(
    "OfficerFlag",
    flag=one(OFFICER_FLAG_ROW, "flag"),
    **_SAID,
    reason=maybe("flag.reason"),
    triaged_at=moment("flag.triaged_at"),
    referred_to=maybe("flag.referred_to"),
    exit_case=maybe("flag.exit_case.number"),
    verbs=many(OFFICER_VERB, "verbs"),
)
MET = shape(
    "MetTogether",
    one=text(lambda row: row[0].one),
    other=text(lambda row: row[0].other),
    one_named=text(lambda row: row[1]),
    other_named=text(lambda row: row[2]),
    met=number(lambda row: row[0].met),
    won_by_one=number(lambda row: row[0].won[0]),
    won_by_other=number(lambda row: row[0].won[1]),
)
MET_FLAGGED = shape("MetTogetherFlagged", **MET.fields, flags=texts(lambda row: row[0].flags))
RESTRICTING = shape(
    "RestrictingRequest",
    request=one(REQUEST_ROW, "request"),
    cited_law=maybe("request.cited_law"),
    findings=many(FINDING, "findings"),
)
RADAR = shape(
    "RadarRequest",
    **REQUEST_ROW.fields,
    cited_law=maybe("cited_law"),
    findings=many(FINDING, restrictions),
)
