"""What operators keep: organisations invited, the catalogue, synonyms, experts, trustees."""

from api.shapes.base import flag, maybe, moment, number, shape, text, texts
from api.shapes.market import ITEM, ORGANISATION
from marketplace.rules import missing_blocks

INVITED_ORGANISATION = shape("InvitedOrganisation", **ORGANISATION.fields, taken_up=flag("taken_up"))
KEPT_ITEM = shape("KeptItem", **ITEM.fields, note=maybe("note_zh"), missing=texts(missing_blocks))
SYNONYM = shape("Synonym", id=number("pk"), short=text("short"), long=text("long"))
EXPERT = shape(
    "Expert",
    id=number("pk"),
    code=text("code"),
    name=text("user.name"),
    employer=text("organisation.name"),
    items=texts(lambda expert: [item.pk for item in expert.items.all()]),
    nominated_at=moment("nominated_at"),
)
TRUSTEE = shape(
    "Trustee",
    id=number("pk"),
    name=text("user.name"),
    stands_for=text("organisation.name"),
    nominated_at=moment("nominated_at"),
    keyed_at=moment("keyed_at"),
)
