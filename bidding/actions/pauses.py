"""Pause a live auction and let it go on (R5.7). Doors, rooms and clocks judge the same signs by the same rule."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Kind, User
from accounts.queries import acts_for_any, organisation_of
from bidding import queries, watch
from bidding.actions.answering import let_floors_answer
from bidding.entries import auction as entries
from bidding.models import Auction, AuctionStatus, Pause, PauseCause
from bidding.rules import pauses as rules
from core.clock import BEIJING
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from marketplace.models import Request
from marketplace.rulesets import Pause as Numbers
from marketplace.rulesets import ruleset

PLATFORM = "platform"


def heed_signs(held: Held, request: Request) -> bool:
    """Pause a live auction where a sign says so, or announce that a paused one goes on; was anything done?

    Part of larger verbs: asked before any move that time makes.
    """
    auction = getattr(request, "auction", None)
    numbers = ruleset(request.ruleset)
    if auction is None or not numbers.has(Numbers):
        return False
    if auction.status == AuctionStatus.LIVE:
        return _pause_if_broken(held, auction, numbers.of(Numbers))
    if auction.status == AuctionStatus.PAUSED and auction.opens_again_at is None:
        return _announce_if_mended(held, auction, numbers.of(Numbers))
    return False


def announce(held: Held, request: Request) -> None:
    """Say when the auction goes on: nobody has said so for so long that it goes to the next working day."""
    _announce(held, request.auction, ruleset(request.ruleset).of(Numbers))


def go_on(held: Held, request: Request) -> None:
    """The announced moment has come: bids are taken again, and the floors answer."""
    auction = request.auction
    again = auction.opens_again_at
    assert again is not None
    Pause.objects.filter(auction=auction, paused_at__isnull=False, resumed_at__isnull=True).update(resumed_at=again)
    _set(
        auction,
        AuctionStatus.LIVE,
        live_since=again,
        wal_timeline=watch.signs_now().timeline,
        paused_because="",
        opens_again_at=None,
        due_at=auction.closes_at,
    )
    held.append(*entries.resumed(again, auction.closes_at, auction.hard_end))
    let_floors_answer(held)
    auction.refresh_from_db()


@transaction.atomic(durable=True)
def propose_pause(user: User, number: str, reason: str) -> Pause:
    """An officer proposes to pause; a second one has ten minutes to confirm.

    Raises NotAnOfficer, PartyPauses, NothingToPause, PauseReasonMissing or PauseProposedBefore.
    """
    held, auction = _hold(user, number)
    said = clean(reason)
    if not said:
        raise rules.PauseReasonMissing()
    if auction is None or auction.status != AuctionStatus.LIVE or held.now >= auction.closes_at:
        raise rules.NothingToPause()
    if _proposed(auction, held.now) is not None:
        raise rules.PauseProposedBefore()
    return Pause.objects.create(
        auction=auction, because=PauseCause.OFFICERS, reason=said, proposed_by=user, proposed_at=held.now
    )


@transaction.atomic(durable=True)
def confirm_pause(user: User, number: str) -> Pause:
    """The second officer confirms, and the auction pauses.

    Raises NotAnOfficer, PartyPauses, NoPauseProposed, ConfirmsOwnProposal or NothingToPause.
    """
    held, auction = _hold(user, number)
    proposal = _proposed(auction, held.now) if auction else None
    if auction is None or proposal is None or proposal.proposed_by is None:
        raise rules.NoPauseProposed()
    if proposal.proposed_by_id == user.pk:
        raise rules.ConfirmsOwnProposal()
    if auction.status != AuctionStatus.LIVE or held.now >= auction.closes_at:
        raise rules.NothingToPause()
    proposal.confirmed_by = user
    _pause(held, auction, proposal, held.now, by={_body(proposal.proposed_by), _body(user)})
    return proposal


@transaction.atomic(durable=True)
def end_pause(user: User, number: str) -> None:
    """An officer lets an auction go on that officers paused; raises NotAnOfficer, PartyPauses or NotPausedByOfficers."""
    held, auction = _hold(user, number)
    officers = auction is not None and auction.paused_because == PauseCause.OFFICERS
    if auction is None or not officers or auction.opens_again_at is not None:
        raise rules.NotPausedByOfficers()
    _announce(held, auction, ruleset(auction.request.ruleset).of(Numbers))


def is_officer(user: User) -> bool:
    """May this person have a part in pausing an auction: a regulator, or an operator of the platform?"""
    organisation = organisation_of(user)
    return user.is_staff or (organisation is not None and organisation.kind == Kind.REGULATOR)


def proposal_to_pause(auction: Auction, now: datetime) -> Pause | None:
    """The proposal that waits for a second officer, if there is one."""
    found = Pause.objects.filter(auction=auction, paused_at__isnull=True, lapsed=False).first()
    if found is None or found.proposed_at is None or now - found.proposed_at > rules.PROPOSAL_STANDS:
        return None
    return found


def _hold(user: User, number: str) -> tuple[Held, Auction | None]:
    if not is_officer(user):
        raise rules.NotAnOfficer()
    held = lock_case(number)
    request = queries.request_of(number)
    if acts_for_any(user, _parties(request)):
        raise rules.PartyPauses()
    heed_signs(held, request)
    return held, getattr(request, "auction", None)


def _parties(request: Request) -> list[int]:
    """The organisations of the buyer and of everybody who entered, barred or not."""
    entered = request.enrolments.values_list("agency__organisation", flat=True)
    return [request.buyer_id, *entered]


def _proposed(auction: Auction, now: datetime) -> Pause | None:
    """The same under the lock; one that nobody confirmed in time lapses here."""
    found = proposal_to_pause(auction, now)
    if found is None:
        Pause.objects.filter(auction=auction, paused_at__isnull=True, lapsed=False).update(lapsed=True)
    return found


def _pause_if_broken(held: Held, auction: Auction, numbers: Numbers) -> bool:
    if auction.live_since is None:
        return False
    broken = rules.why_paused(watch.signs_now(), auction.live_since, auction.wal_timeline, numbers, held.now)
    if broken is None:
        broken = _why_sockets(held, auction, numbers)
    if broken is None or broken[1] >= auction.closes_at:
        return False
    because, since = broken
    _pause(held, auction, Pause(auction=auction, because=because), since)
    return True


def _why_sockets(held: Held, auction: Auction, numbers: Numbers) -> tuple[PauseCause, datetime] | None:
    assert auction.live_since is not None
    seats = watch.seats_of(auction, held.now)
    since = rules.sockets_lost(seats, auction.live_since, auction.closes_at, numbers, held.now)
    if since is None:
        return None
    before = Pause.objects.filter(auction=auction, because=PauseCause.SOCKETS, paused_at__isnull=False).count()
    return (PauseCause.SOCKETS, since) if before < numbers.sockets_pauses_most else None


def _pause(held: Held, auction: Auction, pause: Pause, since: datetime, by: set[str] | None = None) -> None:
    numbers = ruleset(auction.request.ruleset).of(Numbers)
    pause.paused_at = since
    pause.save()
    due_at = rules.next_day_due(since, _paused_today(auction, since), numbers)
    _set(auction, AuctionStatus.PAUSED, paused_because=pause.because, opens_again_at=None, due_at=due_at)
    held.append(*entries.paused(pause.because, since, reason=pause.reason, by=by or ()))


def _announce_if_mended(held: Held, auction: Auction, numbers: Numbers) -> bool:
    match PauseCause(auction.paused_because):
        case PauseCause.OFFICERS:
            return False
        case PauseCause.HEARTBEAT if rules.silent_now(watch.signs_now(), numbers, held.now):
            return False
    _announce(held, auction, numbers)
    return True


def _announce(held: Held, auction: Auction, numbers: Numbers) -> None:
    pause = Pause.objects.get(auction=auction, paused_at__isnull=False, resumed_at__isnull=True)
    assert pause.paused_at is not None
    onward = rules.goes_on(
        pause.paused_at,
        auction.closes_at,
        auction.hard_end,
        auction.opens_at,
        _paused_today(auction, held.now),
        numbers,
        held.now,
        calendar(),
    )
    times = {"closes_at": onward.closes_at, "hard_end": onward.hard_end, "opens_again_at": onward.opens_again_at}
    _set(auction, AuctionStatus.PAUSED, **times, due_at=onward.opens_again_at)
    held.append(*entries.resumes(onward.opens_again_at, onward.closes_at, onward.hard_end))


def _paused_today(auction: Auction, now: datetime) -> timedelta:
    """How long the pauses lasted that are over and lay on the same day in Beijing."""
    over = Pause.objects.filter(auction=auction, paused_at__isnull=False, resumed_at__isnull=False)
    today = now.astimezone(BEIJING).date()
    ends = [(one.paused_at, one.resumed_at) for one in over if one.paused_at and one.resumed_at]
    return sum((end - start for start, end in ends if start.astimezone(BEIJING).date() == today), timedelta())


def _body(user: User) -> str:
    organisation = organisation_of(user)
    return organisation.name if organisation is not None else PLATFORM


def _set(auction: Auction, status: AuctionStatus, **fields: object) -> None:
    """Compare-and-set under the case lock."""
    changed = Auction.objects.filter(pk=auction.pk, status=auction.status).update(status=status, **fields)
    assert changed == 1, f"auction {auction.pk} was not {auction.status}"
    auction.status = status
    for name, value in fields.items():
        setattr(auction, name, value)
