"""Note every entrant's credit when enrolment closes (R3, R7): what happens to it later changes nothing here.

Part of a larger verb: the case is held by the caller.
"""

from decimal import ROUND_HALF_UP, Decimal

from agencies.queries import median_credit
from bidding import queries
from bidding.entries.lots import credit_noted
from journal.actions import Held
from marketplace.models import Request
from marketplace.queries import agencies_offering

_TENTH = Decimal("0.1")
# Where nobody who offers the item has a score yet, all entrants are new and have the same.
_NOBODY_SCORED = Decimal("80.0")


def note_credit(held: Held, request: Request) -> None:
    """K and grade of all who are enrolled; a new agency has the median K of those who offer the item."""
    median = median_credit(agencies_offering(request.item))
    of_new = _NOBODY_SCORED if median is None else Decimal(str(median)).quantize(_TENTH, ROUND_HALF_UP)
    entrants = queries.standing_enrolments(request)
    scores = (
        {
            "label": one.label,
            "k": f"{(of_new if one.agency.credit is None else one.agency.credit):.1f}",
            "grade": one.agency.grade,
        }
        for one in entrants
    )
    held.append(*credit_noted(scores))
