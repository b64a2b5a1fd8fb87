"""Cancelled items, invented to show what their pages look like."""

from core.text import initials
from demo.words import words
from journal.actions import Held
from marketplace import entries
from marketplace.models import CommissionedBy, FeeMode, ItemStatus, ServiceItem

_BY = "演示：依据《甘肃省“放管服”改革要点》示例取消，并非真实决定"


def add_cancelled_items(held: Held) -> None:
    """Put the invented cancelled items in place, and say so in the platform's case file."""
    for row in words("trades")["cancelled"]:
        item, made = ServiceItem.objects.get_or_create(
            code=row["code"],
            defaults={
                **row,
                "commissioned_by": CommissionedBy.APPLICANT,
                "fee_mode": FeeMode.MARKET,
                "status": ItemStatus.CANCELLED,
                "cancelled_by_zh": _BY,
                "demo": True,
                "pinyin": initials(row["name_zh"]),
            },
        )
        if made:
            held.append(*entries.item_cancelled(item))
