"""Figures with what they mean, the regulators' punctuality, the record of a free choice, and what a search finds."""

from typing import Any

from api.shapes.base import anything, count, maybe, moment, number, one, shape, text
from api.shapes.base import many as many_of
from api.shapes.market import AGENCY_ROW, ITEM, ORGANISATION, PROTOCOL, REQUEST_ROW
from api.shapes.selection import AWARD_ROW
from ratings.queries.comparing import document_of


def _member(name: str) -> Any:
    return lambda said: said[name]


FIGURE = shape(
    "Figure",
    **{name: text(_member(name)) for name in ("format", "title", "definition", "formula")},
    **{name: maybe(_member(name)) for name in ("at", "from", "to")},
    rows=anything(_member("rows"), "[{code, …columns}]; amounts and shares are texts"),
)
PUNCTUALITY = shape(
    "Punctuality",
    step=text("line.step"),
    label=text("label"),
    **{name: number(f"line.{name}") for name in ("in_time", "late", "overdue", "open")},
    share=count("line.share"),
)
CHOICE = shape(
    "Choice",
    number=text("request.number"),
    chosen=one(ORGANISATION, "chosen.organisation"),
    reason=text("reason"),
    at=moment("at"),
    seq=number("seq"),
    sha256=text("sha256"),
    comparison=anything(document_of, f"{PROTOCOL} (comparison/1)"),
)
HITS = shape(
    "SearchHits",
    text=text("text"),
    items=many_of(ITEM, "items"),
    **{
        kind: many_of(of, f"{kind}.rows")
        for kind, of in (("requests", REQUEST_ROW), ("agencies", AGENCY_ROW), ("awards", AWARD_ROW))
    },
    # How many there are of each; "1,000+" where counting stopped.
    **{f"{kind}_count": text(f"{kind}.count") for kind in ("requests", "agencies", "awards")},
)
