"""Credit of buyers (R7): what its lines are called, and how what happened counts. The arithmetic is in `buyer_score`."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ratings.models import DisputeStatus

TERMS: Mapping[str, str | Promise] = {
    "paid_on_time": _("按时付款"),
    "accepted_on_time": _("按时验收"),
    "rejections_upheld": _("退回成果有据"),
    "marks": _("机构对采购人的评价"),
}


def in_time(due_at: datetime, done_at: datetime | None, now: datetime) -> bool | None:
    """Was it done by its date? None while it is open and may still be."""
    if done_at is not None:
        return done_at <= due_at
    return False if now > due_at else None


def weight_of_mark(dispute: DisputeStatus | None) -> Decimal:
    """A disputed mark weighs nothing until decided, one of a related party half."""
    match dispute:
        case DisputeStatus.FILED | DisputeStatus.UPHELD:
            return Decimal(0)
        case DisputeStatus.RELATED:
            return Decimal("0.5")
        case _:
            return Decimal(1)
