"""A buyer brings tenders along from another system: look first, then keep them as drafts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from api.callers import Caller, Who
from api.forms import TendersForm
from api.reads import Read
from api.shapes.base import Schema
from api.shapes.imports import TENDER_PREVIEW, TENDERS_TAKEN
from api.verbs import Verb
from opendata.actions.importing import import_tenders
from opendata.forms import ImportForm
from opendata.import_page import chosen, dry_run


def _take(c: Caller, form: Any) -> Any:
    said = form.cleaned_data
    items = {name.removeprefix("item-"): form.data[name] for name in form.data if name.startswith("item-")}
    return import_tenders(c.user, c.organisation, chosen(c.organisation, said["sealed"], said["take"], items))


def _spread(body: Mapping[str, Any]) -> dict[str, Any]:
    """`{"items": [{"n", "item"}]}` as the page's form has it."""
    rest = {name: value for name, value in body.items() if name != "items"}
    rows = body.get("items")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(n := row.get("n"), int):
            rest[f"item-{n}"] = row.get("item")
    return rest


def _items() -> dict[str, Schema]:
    row = {"n": {"type": "integer"}, "item": {"type": "string"}}
    return {"items": {"type": "array", "items": {"type": "object", "properties": row, "required": list(row)}}}


_BUYER: dict[str, Any] = {"who": Who.BUYER, "clauses": ("P12.1",)}
READS: list[Read] = []
VERBS = [
    Verb(
        "tenders_preview",
        "me/tenders/preview/",
        _("预览 OCDS 文件会成为哪些草稿"),
        lambda c, form: dry_run(c.organisation, form.cleaned_data["file"]),
        ("import_tenders",),
        form=ImportForm,
        shape=TENDER_PREVIEW,
        **_BUYER,
    ),
    Verb(
        "tenders_take",
        "me/tenders/",
        _("按预览导入为草稿"),
        _take,
        ("import_confirm",),
        form=TendersForm,
        spread=_spread,
        extra=_items,
        shape=TENDERS_TAKEN,
        status=201,
        **_BUYER,
    ),
]
