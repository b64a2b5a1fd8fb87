"""Invented agencies that bid in the auctions of the demo, through the real action, as people would."""

import logging
import uuid
from datetime import UTC, datetime, timedelta
from random import Random

from bidding.actions import Press, place_bids
from bidding.models import Auction, AuctionStatus, Enrolment
from bidding.practice import styles
from bidding.practice.styles import Bidder
from bidding.rules.bids import Terms
from bidding.rules.terms import terms_of
from core.clock import database_now
from demo import contributors, gateway, lots, partners, roles, sealed, stage, trustees, valued
from demo.words import SEED

log = logging.getLogger(__name__)

_SHORTEST, _LONGEST = 2.0, 6.0  # seconds between two moves
_STAGE_EVERY, _PARTNERS_EVERY = timedelta(seconds=1), timedelta(minutes=1)
_TRUSTEES_EVERY = timedelta(seconds=3)
_FLOORS = 0.55, 0.85
# In the soft close they go on this often, then let it end.
_PATIENCE = (1, 1, 2, 2, 3)


class Bots:
    """What remembers when each auction moves next; everything else is in the database, so a restart loses nothing."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._next: dict[int, datetime] = {}
        self._stage_due = self._partners_due = self._trustees_due = datetime.min.replace(tzinfo=UTC)

    def step(self) -> int:
        """Keep the stage going and make the moves that are due; returns how many bids stood."""
        now = database_now()
        if now >= self._stage_due:
            stage.keep_going(self._rng)
            lots.keep_going(self._rng)
            stage.fill_all()
            sealed.keep_going(self._rng)
            sealed.seal_due()
            contributors.contribute_due()
            contributors.reveal_due()
            lots.answer_due(self._rng)
            gateway.send_events()
            self._stage_due = now + _STAGE_EVERY
        if now >= self._partners_due:
            partners.move_one(self._rng)
            self._partners_due = now + _PARTNERS_EVERY
        if now >= self._trustees_due:
            valued.step(self._rng)
            trustees.open_due()
            self._trustees_due = now + _TRUSTEES_EVERY
        live = Auction.objects.filter(status=AuctionStatus.LIVE, request__demo=True, opens_at__lte=now)
        auctions = list(live.select_related("request"))
        self._next = {pk: at for pk, at in self._next.items() if pk in {auction.pk for auction in auctions}}
        return sum(self._move(auction, now) for auction in auctions)

    def _move(self, auction: Auction, now: datetime) -> int:
        due = self._next.setdefault(auction.pk, now + styles.pause(self._rng, 1, 3))
        if now < due:
            return 0
        self._next[auction.pk] = now + styles.pause(self._rng, _SHORTEST, _LONGEST)
        press = press_for(self._rng, auction, now)
        if press is None:
            return 0
        [answer] = place_bids(auction.request.number or "", [press])
        return int(answer.seq is not None)


def press_for(rng: Random, auction: Auction, now: datetime) -> Press | None:
    """The press of whoever moves next; None if all are content."""
    terms = terms_of(auction)
    if not goes_on(auction, terms, now):
        return None
    seats = driven(auction)
    bidder = styles.choose(rng, cast(auction, list(seats)), terms, now)
    if bidder is None:
        return None
    enrolment = seats[bidder.enrolment]
    user = enrolment.agency.organisation.memberships.values_list("user_id", flat=True).first()
    if user is None:
        return None
    amount = styles.price(rng, bidder, terms, styles.CALM)
    return Press(uuid.uuid4(), enrolment.agency_id, user, amount, confirmed=True)


def driven(auction: Auction) -> dict[int, Enrolment]:
    """The seats that bots may move: invented agencies, never the one that visitors sign in as."""
    seats = Enrolment.objects.filter(
        request=auction.request_id, withdrawn_at__isnull=True, agency__organisation__demo=True
    ).exclude(agency__organisation__memberships__user__email=roles.email("agency"))
    return {seat.pk: seat for seat in seats.select_related("agency__organisation").order_by("pk")}


def cast(auction: Auction, enrolments: list[int]) -> list[Bidder]:
    """Styles and floors of an auction's bidders; they follow from its number, so a restart finds the same."""
    rng = Random(f"{SEED}/floors/{auction.request_id}")  # noqa: S311 (the same after a restart)
    return styles.cast(rng, enrolments, auction.ceiling, lowest=_FLOORS[0], highest=_FLOORS[1])


def goes_on(auction: Auction, terms: Terms, now: datetime) -> bool:
    """Do the bots still answer? Near the end only so many times, or an auction would always last to its hard end."""
    if now >= terms.closes_at - timedelta(milliseconds=300):
        return False
    late = terms.closes_at - now < terms.window
    return not late or terms.extensions < _PATIENCE[auction.request_id % len(_PATIENCE)]
