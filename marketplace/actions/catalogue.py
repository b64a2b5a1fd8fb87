"""Keep the catalogue (事项目录)."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from agencies.models import QualificationKind
from core.text import clean, initials
from journal.actions import lock_platform
from marketplace import entries
from marketplace.models import DemandReport, ItemStatus, ServiceItem
from marketplace.rules import ItemIncomplete, ItemNotCancelled, missing_blocks

DATA = Path(__file__).parent.parent / "data"


@transaction.atomic
def load_catalogue() -> int:
    """Put the 25 items with their blocks and legal qualifications in place; what is there is left alone.

    Returns how many items were new.
    """
    held = lock_platform()
    blocks = tomllib.loads((DATA / "blocks.toml").read_text())
    new = 0
    with (DATA / "catalogue.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            fields = _fields(row, blocks[row["code"]])
            item, made = ServiceItem.objects.get_or_create(code=row["code"], defaults=fields)
            if made:
                new += 1
                held.append(*entries.item_published(item))
    _load_qualifications()
    return new


@transaction.atomic(durable=True)
def revise_item(code: str, changes: dict[str, Any]) -> ServiceItem:
    """Change an item's texts; raises ItemIncomplete where a published one would lose a block (P18.3)."""
    held = lock_platform()
    item = ServiceItem.objects.select_for_update().get(code=code)
    changed = [name for name, value in changes.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, changes[name])
    if item.status == ItemStatus.PUBLISHED and (missing := missing_blocks(item)):
        raise ItemIncomplete(missing="、".join(missing))
    if changed:
        item.save()
        held.append(*entries.item_changed(code, changed))
    return item


@transaction.atomic(durable=True)
def publish_item(code: str) -> ServiceItem:
    """Put an item in public; raises ItemIncomplete with the blocks that are empty (P18.3)."""
    held = lock_platform()
    item = ServiceItem.objects.select_for_update().get(code=code)
    if missing := missing_blocks(item):
        raise ItemIncomplete(missing="、".join(missing))
    if item.status != ItemStatus.PUBLISHED:
        item.status = ItemStatus.PUBLISHED
        item.save(update_fields=["status"])
        held.append(*entries.item_published(item))
    return item


def report_demand(item: ServiceItem, *, department: str, what_happened: str, contact: str) -> DemandReport:
    """Take a report that somebody still demands a cancelled item (P18.2); raises ItemNotCancelled."""
    if item.status != ItemStatus.CANCELLED:
        raise ItemNotCancelled()
    return DemandReport.objects.create(
        item=item, department=clean(department), what_happened=clean(what_happened), contact=clean(contact)
    )


def _fields(row: dict[str, str], blocks: dict[str, Any]) -> dict[str, Any]:
    return {
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "department_zh": row["department_zh"],
        "approval_zh": row["approval_zh"],
        "legal_basis_zh": row["legal_basis_zh"],
        "commissioned_by": row["commissioned_by"],
        "fee_mode": row["fee_mode"],
        "note_zh": row["note_zh"],
        "time_limit_workdays": int(row["time_limit_workdays"]),
        "workflow_zh": blocks["workflow"],
        "conditions_zh": blocks["conditions"],
        "fee_standard_zh": blocks["fee_standard"],
        "materials_zh": blocks["materials"],
        "status": ItemStatus.PUBLISHED,
        "pinyin": initials(row["name_zh"]),
    }


def _load_qualifications() -> None:
    for code, kind in tomllib.loads((DATA / "qualifications.toml").read_text()).items():
        names = {name: kind[name] for name in ("name_zh", "name_en", "legal_basis_zh")}
        row, made = QualificationKind.objects.get_or_create(code=code, defaults=names)
        if made:
            for item in ServiceItem.objects.filter(code__in=kind["items"]):
                item.required.add(row)
