"""What a replay shows beside the case file: presses that were refused, which changed nothing and so have no entry."""

from typing import Any

from bidding.models import Bid
from core.clock import rfc3339
from marketplace.models import Request

MOST = 2000


def refused_presses(request: Request) -> list[dict[str, Any]]:
    """`{"at", "kind", "label", "amount", "data": {"code", "message", "basis"}}` of the first refused presses, oldest first.

    Only for a selection that is over: the message was worded for its bidder, in the bidder's language.
    """
    rows = (
        Bid.objects.filter(auction__request=request, seq__isnull=True).select_related("enrolment").order_by("at", "pk")
    )
    return [
        {
            "at": rfc3339(row.at),
            "kind": "bid.refused",
            "label": row.enrolment.label,
            "amount": row.amount,
            "data": {name: (row.refusal or {}).get(name) for name in ("code", "message", "basis")},
        }
        for row in rows[:MOST]
    ]
