"""An agency leaves of its own will (R8, withdrawn): it is not chosen any more, and its duties stay."""

from django.db import transaction

from agencies.models import Agency
from bidding.models import Auction, AuctionStatus
from journal.actions import lock_case
from ratings.actions.exits.effect import settle_standing
from ratings.rules.exit_refusals import LeadingNow


@transaction.atomic(durable=True)
def withdraw(agency: Agency) -> None:
    """Take part no more: running contracts, cases and the history stay. Doing it twice changes nothing. Raises LeadingNow."""
    if Auction.objects.filter(status=AuctionStatus.LIVE, leader__agency=agency).exists():
        raise LeadingNow()
    _set(agency, leaves=True)


@transaction.atomic(durable=True)
def come_back(agency: Agency) -> None:
    """Take part again, at once (P19.1); a measure that was in force still is."""
    _set(agency, leaves=False)


def _set(agency: Agency, *, leaves: bool) -> None:
    held = lock_case(f"A-{agency.uscc}")
    agency = Agency.objects.select_related("organisation").get(pk=agency.pk)
    if (agency.withdrawn_at is not None) == leaves:
        return
    agency.withdrawn_at = held.now if leaves else None
    agency.save(update_fields=["withdrawn_at"])
    settle_standing(held, agency, "withdrawal")
