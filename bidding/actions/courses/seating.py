"""Seat the experts drawn, and let the next of the order follow whoever is gone (R3). Parts of larger verbs: the case is held."""

from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.notices import tell
from bidding import experts
from bidding.actions.courses.ending import fail, wait
from bidding.entries import merit as entries
from bidding.models import Expert, Gone, Seat, Stage
from core.queries import calendar
from draws.models import Draw
from journal.actions import Held
from journal.awards.experts import first_of
from marketplace.models import Request
from marketplace.rulesets import Merit, ruleset


def appoint(held: Held, request: Request, draw: Draw) -> None:
    """The first of the drawn order sit; the selection waits for their marks."""
    assert draw.result is not None
    due_at = _due_at(held, request)
    first = first_of(draw.result["order"], ruleset(request.ruleset).of(Merit).experts_least)
    for place, code in enumerate(first, 1):
        _seat(held, request, code, place, due_at)
    held.append(*entries.experts_appointed(first, due_at))
    wait(request.selection, Stage.SCORING, due_at=due_at)


def replace(held: Held, request: Request, seat: Seat, because: Gone) -> None:
    """`seat` is given up, and the next of the drawn order sits; without a next the selection fails, on record."""
    seat.ended_at, seat.ended_because = held.now, because.value
    seat.save(update_fields=["ended_at", "ended_because"])
    following = _following(request)
    due_at = _due_at(held, request) if following else None
    entry = entries.expert_recused if because is Gone.CONFLICT else entries.expert_replaced
    held.append(*entry(seat.expert.code, following, due_at))
    if following is None or due_at is None:
        fail(held, request, "experts_lacking")
        return
    _seat(held, request, following, experts.seats(request).count() + 1, due_at)
    wait_for_the_rest(request)


def replace_silent(held: Held, request: Request) -> None:
    """Whoever's time is over without marks is replaced."""
    for seat in experts.waited_for(experts.sitting(request)):
        if held.now >= seat.due_at and request.selection.stage == Stage.SCORING:
            replace(held, request, seat, Gone.SILENT)


def wait_for_the_rest(request: Request) -> None:
    """Some marks are still missing: the selection waits until the first of those is due."""
    due_at = min(one.due_at for one in experts.waited_for(experts.sitting(request)))
    wait(request.selection, Stage.SCORING, due_at=due_at)


def _seat(held: Held, request: Request, code: str, place: int, due_at: datetime) -> None:
    expert = Expert.objects.get(number=int(code))
    Seat.objects.create(request=request, expert=expert, place=place, appointed_at=held.now, due_at=due_at)
    # Whom exactly, and for what, is nobody's business but the expert's: it stands on their own page.
    subject = gettext_noop("贵单位有人被抽中评审方案，请本人登录后在“专家评审”中查看")
    tell(expert.organisation_id, subject, {}, "/expert/", event="request.progress")


def _following(request: Request) -> str | None:
    """The first of the drawn order who has not sat."""
    draw = Draw.objects.get(name=f"{request.number}-E")
    assert draw.result is not None
    sat = {one.expert.code for one in experts.seats(request)}
    return next((code for code in draw.result["order"] if code not in sat), None)


def _due_at(held: Held, request: Request) -> datetime:
    return calendar().add(held.now, ruleset(request.ruleset).of(Merit).scoring_wd)
