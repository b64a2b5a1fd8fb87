"""The deadline: what is in force is closed under one root, before anything of it is opened."""

from datetime import timedelta

from bidding import offers
from bidding.entries import offers as entries
from bidding.models import PriceOpening
from journal.actions import Held
from journal.offers import root
from marketplace.models import Request
from marketplace.rulesets import Opening, ruleset


def close_offers(held: Held, request: Request) -> PriceOpening | None:
    """Close the request's sealed prices; None if it took none. Part of a larger verb.

    Where nobody sealed a price there is nothing to open, and the opening is over at once: look at `opened_at`.
    """
    trustees = offers.arrangement(request)
    if trustees is None:
        return None
    commitments = {one.enrolment.label: bytes(one.commitment) for one in offers.in_force(request)}
    merkle_root = root(commitments)
    numbers = ruleset(request.ruleset).of(Opening)
    opening = PriceOpening.objects.create(
        request=request,
        trustees={"keys": [key.hex() for key in trustees.keys], "threshold": trustees.threshold},
        root=merkle_root.hex(),
        closed_at=held.now,
        late_at=held.now + timedelta(seconds=numbers.open_within_seconds),
    )
    held.append(*entries.closed(merkle_root, commitments))
    if not commitments:
        opening.opened_at = held.now
        opening.save(update_fields=["opened_at"])
        held.append(*entries.opened([]))
    return opening


def start_opening(held: Held, request: Request) -> None:
    """What the prices waited for is done: from now on they may be opened, and are late after the usual time.

    Part of a larger verb, for methods where the opening does not follow the close at once.
    """
    late_at = held.now + timedelta(seconds=ruleset(request.ruleset).of(Opening).open_within_seconds)
    PriceOpening.objects.filter(request=request).update(late_at=late_at)
