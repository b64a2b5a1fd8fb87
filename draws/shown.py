"""Draws as pages show them: how far each is, and what the reader's organisation may do for it now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from draws.models import Contribution, Draw
from draws.parties import Party, party_in, running_for
from draws.queries import course_of
from journal.stages import REVEAL_FOR, Stage, stage

STAGES: dict[Stage, str | Promise] = {
    Stage.CONTRIBUTING: _("征集随机数"),
    Stage.CLOSED: _("征集截止，即将封存"),
    Stage.REVEALING: _("各方公开随机数"),
    Stage.FORCING: _("保管人开启未公开的随机数"),
    Stage.OPENED: _("随机数已全部公开"),
    Stage.DRAWN: _("已抽取"),
}
# Contributors that are offices rather than organisations.
OFFICES: dict[str, str | Promise] = {"platform": _("平台"), "buyer": _("采购人"), "regulator": _("监管部门")}
MOST_AT_ONCE = 60


@dataclass(frozen=True)
class DrawShown:
    """One draw, with how far it is. `missing` are the compulsory contributors that it still waits for."""

    draw: Draw
    stage: Stage
    label: str | Promise
    contributions: Sequence[Contribution]
    missing: Sequence[str]
    reveal_until: datetime | None
    drawn: Sequence[str]
    excluded: Sequence[dict[str, str]]
    tickets: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Seat:
    """A draw that asks something of the reader's organisation: `does` is "contribute" or "reveal"."""

    draw: Draw
    party: Party
    does: str
    until: datetime
    compulsory: bool

    @property
    def terms(self) -> dict[str, Any]:
        """What the browser needs to make, or to find again, the bytes."""
        return {"name": self.draw.name, "identity": self.party.identity, **self.draw.trustees}


def shown(draw: Draw, now: datetime, wanted: int | None = None) -> DrawShown:
    """A draw as everybody sees it; `wanted` is how many of the drawn order matter, all by default."""
    course = course_of(draw)
    at = stage(course, now)
    order = draw.result["order"][:wanted] if draw.result else []
    listed = draw.sealed["list"] if draw.sealed else {"entries": [], "excluded": []}
    until = draw.sealed_at + REVEAL_FOR if draw.sealed_at else None
    missing = [_called(name) for name in sorted(course.compulsory - course.contributed)]
    given = list(draw.contributions.all())
    return DrawShown(draw, at, STAGES[at], given, missing, until, order, listed["excluded"], listed["entries"])


def draws_of(case: str, now: datetime) -> list[DrawShown]:
    """Every draw in a case file, in the order they opened."""
    found = Draw.objects.filter(case__name=case).order_by("opened_at", "name").prefetch_related("contributions")
    return [shown(draw, now) for draw in found]


def seats(draws: Iterable[Draw], by: Organisation, now: datetime) -> list[Seat]:
    """What these draws ask of an organisation now; only whoever contributed for it can open that again."""
    members = set(by.memberships.values_list("user_id", flat=True))
    offered = ((draw, party_in(draw, by)) for draw in draws)
    found = (_seat(draw, party, members, now) for draw, party in offered if party)
    return [seat for seat in found if seat]


def seats_for(by: Organisation, now: datetime) -> list[Seat]:
    """What all draws ask of an organisation now; contributions that nobody waits for are left out."""
    return [seat for seat in seats(running_for(by), by, now) if seat.compulsory or seat.does == "reveal"]


def _called(identity: str) -> str:
    """An office by its title, an organisation by its name."""
    if identity in OFFICES:
        return str(OFFICES[identity])
    return Organisation.objects.filter(uscc=identity).values_list("name", flat=True).first() or identity


def _seat(draw: Draw, party: Party, members: Collection[int | None], now: datetime) -> Seat | None:
    own = next((one for one in draw.contributions.all() if one.identity == party.identity), None)
    at = stage(course_of(draw), now)
    compulsory = party.identity in draw.compulsory
    if own is None and at == Stage.CONTRIBUTING:
        return Seat(draw, party, "contribute", draw.closes_at, compulsory)
    shut = own is not None and own.opened_at is None and own.by_id in members
    if shut and draw.sealed_at and at in (Stage.REVEALING, Stage.FORCING):
        return Seat(draw, party, "reveal", draw.sealed_at + REVEAL_FOR, compulsory)
    return None
