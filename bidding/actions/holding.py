"""What holds the deadline of a request (R3). Parts of larger verbs: the case is held by the caller."""

from datetime import datetime

from bidding import announcements, news
from bidding.entries import notices as entries
from bidding.rules.notices import Hold, judge_hold
from core.queries import calendar
from draws.actions import put_off
from draws.models import Draw
from journal.actions import Held
from marketplace import schedule
from marketplace.models import Request, RequestStatus
from marketplace.queries import starts_per_half_hour
from marketplace.rulesets import ruleset


def verdict(request: Request) -> Hold:
    """What its open questions do to a deadline that has come."""
    numbers = announcements.numbers_of(request)
    if numbers is None:
        return Hold.FREE
    return judge_hold(announcements.unanswered(request).count(), announcements.announced(request).holds, numbers)


def hold_if_due(held: Held, request: Request) -> None:
    """The deadline has come and a question holds it: it moves. Any door makes this move; none depends on the clock's."""
    due = request.status == RequestStatus.PUBLISHED and request.enrol_until and held.now >= request.enrol_until
    if due and verdict(request) is Hold.HOLD:
        hold(held, request)


def hold(held: Held, request: Request) -> None:
    """Move the deadline, because of the questions that are open."""
    numbers = announcements.numbers_of(request)
    assert numbers is not None
    open_ones = list(announcements.unanswered(request).values_list("n", flat=True))
    _move(held, request, *_prolonged(held, request, numbers.hold_wd))
    assert request.enrol_until is not None
    assert request.selects_at is not None
    held.append(*entries.held(request.enrol_until, request.selects_at, open_ones))
    news.held(request, numbers.holds_most, announcements.announced(request).holds)


def give_time_to_read(held: Held, request: Request) -> None:
    """The last open question has just been answered: whoever takes part has time to read that."""
    numbers = announcements.numbers_of(request)
    assert numbers is not None
    assert request.enrol_until is not None
    until, selects_at = _prolonged(held, request, numbers.answer_wd)
    if until > request.enrol_until:
        _move(held, request, until, selects_at)
        held.append(*entries.given_time_to_read(until, selects_at))


def _prolonged(held: Held, request: Request, days: int) -> tuple[datetime, datetime]:
    numbers, taken = ruleset(request.ruleset), starts_per_half_hour(held.now)
    return schedule.prolong(request.number or "", held.now, days, request.method, numbers, calendar(), taken)


def follow_enrolment(held: Held, request: Request) -> None:
    """Enrolment ends later than before: the draws of those who may enrol close with it (R4)."""
    assert request.enrol_until is not None
    for draw in Draw.objects.filter(case_id=held.id, sealed_at__isnull=True, closes_at__lt=request.enrol_until):
        put_off(held, draw, request.enrol_until)


def _move(held: Held, request: Request, until: datetime, selects_at: datetime) -> None:
    request.enrol_until, request.selects_at = until, selects_at
    request.save(update_fields=["enrol_until", "selects_at"])
    follow_enrolment(held, request)
