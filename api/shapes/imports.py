"""What a file would do before it is taken in, and what was taken in."""

from api.shapes.base import count, day, flag, many, maybe, moment, number, one, shape, text, texts
from api.shapes.market import DRAFT, FINDING, ORGANISATION

LIST_ROW = shape(
    "ListRow",
    row=number(lambda pair: pair[0].row),
    agency=one(ORGANISATION, lambda pair: pair[1].organisation),
    reason=text(lambda pair: pair[0].reason),
)
LIST_NEAR = shape(
    "ListNear",
    row=number("row"),
    name=text("name"),
    uscc=text("uscc"),
    like=text("like.value"),
    agency=text("agency"),
)
LIST_BAD_ROW = shape("ListBadRow", row=number("row"), why=text("why.value"), name=text("name"), uscc=text("uscc"))
LIST_PREVIEW = shape(
    "ListPreview",
    key=text("key"),
    name=text("listing.name"),
    authority=text("listing.authority"),
    published_on=day("listing.published_on"),
    rows=number(lambda found: len(found.plan.table.rows)),
    matched=many(LIST_ROW, "plan.matched"),
    known=many(LIST_ROW, "plan.known"),
    leaving=many(ORGANISATION, lambda found: [flag.agency.organisation for flag in found.plan.leaving]),
    near=many(LIST_NEAR, "plan.near"),
    bad=many(LIST_BAD_ROW, "plan.table.bad"),
)
LIST_IMPORT = shape(
    "ListImport",
    id=number("pk"),
    **{name: text(name) for name in ("name", "authority", "source", "file_name", "sha256")},
    published_on=day("published_on"),
    rows=number("rows"),
    bad_rows=number("bad_rows"),
    taken_at=moment("taken_at"),
)
LIST_TAKEN = shape("ListTaken", new=flag(lambda found: found[1]), edition=one(LIST_IMPORT, lambda found: found[0]))
TENDER_FIELD = shape(
    "TenderField", label=text("label"), source=maybe("source"), value=maybe("value"), missing=flag("missing")
)
TENDER = shape(
    "TenderShown",
    n=number("n"),
    ocid=text("proposal.ocid"),
    takeable=flag("takeable"),
    asks_for_an_item=flag("asks_for_an_item"),
    # The request that it is already: in public by its number, as a draft by its id.
    known_number=maybe("known.number"),
    known_id=count("known.pk"),
    fields=many(TENDER_FIELD, "rows"),
    findings=many(FINDING, "findings"),
    notes=texts("notes"),
)
TENDER_PREVIEW = shape(
    "TenderPreview", sealed=text(lambda found: found[1]), tenders=many(TENDER, lambda found: found[0])
)
TENDERS_TAKEN = shape("TendersTaken", drafts=many(DRAFT, lambda made: made))
