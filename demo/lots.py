"""Selections without an auction on the demo's stage: one of each kind now and then, and the invented parties' part in them."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from agencies.models import Agency
from bidding.actions import confirm, pick
from bidding.models import Enrolment, Selection, Stage
from bidding.queries import short_list
from core.clock import database_now
from core.errors import Refused
from demo import roles, stage
from journal.queries import entries_of
from marketplace.models import Method, Request, RequestStatus
from ratings.actions.choosing import record_choice
from ratings.queries.comparing import choice_in

log = logging.getLogger(__name__)

METHODS = (Method.DRAW, Method.CREDIT_DRAW, Method.DIRECT)
EVERY = timedelta(minutes=6)
# How long an invented party takes, and how long one that a visitor may play.
_THINKS, _LEAVES_IT = timedelta(seconds=8), timedelta(seconds=90)
_REASONS = (
    "入围机构中同类项目业绩最多，拟派负责人经验匹配。",
    "承诺的进场时间最早，能够满足项目节点。",
    "信用评价中按期交付记录最好。",
)


def keep_going(rng: Random) -> None:
    """Publish what is missing: a selection of each kind, one at a time, not too often."""
    now = database_now()
    for method in METHODS:
        ours = Request.objects.filter(demo=True, ruleset=stage.NEXT, method=method)
        running = ours.filter(status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING))
        if not running.exists() and not ours.filter(published_at__gt=now - EVERY).exists():
            stage.raise_curtain(rng, stage.NEXT, method)


def answer_due(rng: Random) -> int:
    """Buyers pick and agencies confirm once they have thought about it; returns how many did."""
    now = database_now()
    waiting = Selection.objects.filter(request__demo=True, stage__in=(Stage.PICKING, Stage.CONFIRMING))
    return sum(_answer(rng, one, now) for one in waiting.select_related("request__buyer", "request__direct_agency"))


def _answer(rng: Random, selection: Selection, now: datetime) -> int:
    request = selection.request
    picking = selection.stage == Stage.PICKING
    asked = entries_of(request.number or "").filter(kind="shortlist.drawn" if picking else "direct.asked").get()
    buyer = request.buyer.memberships.filter(user__email=roles.email("enterprise")).exists()
    if now < asked.at + (_LEAVES_IT if picking and buyer else _THINKS):
        return 0
    return _try(lambda: _pick(rng, request) if picking else _confirm(request))


def _pick(rng: Random, request: Request) -> None:
    standing = Enrolment.objects.filter(request=request, barred_at__isnull=True).values_list("label", flat=True)
    choice = [label for label in short_list(request.number or "") if label in set(standing)]
    if choice:
        pick(request.buyer, request.number or "", rng.choice(choice), rng.choice(_REASONS))


def _confirm(request: Request) -> None:
    agency: Agency | None = request.direct_agency
    assert agency is not None
    if choice_in(request) is None:
        _try(lambda: _compare(request, agency))
    confirm(None, agency, request.number or "")


def _compare(request: Request, agency: Agency) -> None:
    """Its buyer puts on file whom it compared, and why it chose whom."""
    others = Agency.objects.filter(organisation__demo=True, offerings__item=request.item_id).exclude(pk=agency.pk)
    codes = [agency.uscc, *others.order_by("pk").values_list("organisation__uscc", flat=True)[:2]]
    record_choice(request.created_by, request.buyer, request.number or "", codes, request.direct_reason)


def _try(act: Callable[[], None]) -> int:
    try:
        act()
    except Refused as refused:
        log.info("not answered: %s", refused)
        return 0
    return 1
