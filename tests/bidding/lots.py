"""Selections by draw, by credit and direct ones, brought about by the real verbs: contributions, reveals, time that passes."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, Grade
from bidding.actions import advance, enrol
from bidding.models import Award, Enrolment, Selection
from core.clock import database_now
from draws import giving
from draws.clockwork import do_due_draws
from draws.models import Draw
from draws.parties import party_in
from journal.models import Entry
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Request, ServiceItem
from tests import cast
from tests.draws.ceremony import Team, let_pass, offer
from tests.marketplace.drafts import draft


@dataclass
class Play:
    """One published request and everybody around it; who contributes keeps the bytes."""

    request: Request
    buyer: Organisation
    user: User
    regulator: Organisation
    officer: User
    agencies: Sequence[Agency]
    team: Team
    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return self.request.number or ""

    @property
    def draw(self) -> Draw:
        return Draw.objects.get(name=f"{self.number}-D")

    @property
    def selection(self) -> Selection:
        return Selection.objects.get(request=self.request)

    @property
    def award(self) -> Award:
        return Award.objects.select_related("winner__agency__organisation").get(request=self.request)

    def status(self) -> str:
        self.request.refresh_from_db()
        return self.request.status

    def label(self, agency: Agency) -> str:
        return Enrolment.objects.get(request=self.request, agency=agency).label

    def agency(self, label: str) -> Agency:
        return Enrolment.objects.select_related("agency__organisation").get(request=self.request, label=label).agency

    def kinds(self) -> list[str]:
        return list(entries_of(self.number).values_list("kind", flat=True))

    def entry(self, kind: str) -> Entry:
        return entries_of(self.number).filter(kind=kind).get()

    def contribute(self, *parties: str) -> None:
        """Let "buyer", "regulator", or both by default, contribute."""
        for name in parties or ("buyer", "regulator"):
            self.give(*self._who(name))

    def give(self, by: Organisation, user: User) -> None:
        """One organisation's contribution, whose bytes it keeps."""
        draw = self.draw
        party = party_in(draw, by)
        identity = party.identity if party else by.uscc
        r = secrets.token_bytes(32)
        giving.contribute(user, by, json.dumps({draw.name: offer(draw, identity, r)}))
        self.kept[draw.name, identity] = r

    def reveal(self, *parties: str) -> None:
        for name in parties or ("buyer", "regulator"):
            by, _user = self._who(name)
            giving.reveal(by, {self.draw.name: self.kept[self.draw.name, name]})

    def let_pass(self, by: timedelta) -> None:
        """Everything of this request began so much earlier."""
        let_pass(by)
        Request.objects.filter(pk=self.request.pk).update(
            enrol_until=F("enrol_until") - by, selects_at=F("selects_at") - by
        )
        Selection.objects.filter(request=self.request, due_at__isnull=False).update(due_at=F("due_at") - by)

    def end_enrolment(self) -> None:
        """The deadline has passed; make the moves that follow."""
        self.request.refresh_from_db()
        assert self.request.enrol_until is not None
        self.let_pass(self.request.enrol_until - database_now() + timedelta(seconds=1))
        advance(self.number)

    def let_due(self) -> None:
        """What the selection waits for by its date is due; make the move."""
        due_at = self.selection.due_at
        assert due_at is not None
        self.let_pass(due_at - database_now() + timedelta(milliseconds=10))
        advance(self.number)

    def draw_it(self) -> list[str]:
        """Everybody reveals, the draw is made and the selection goes on; returns the order drawn."""
        self.reveal()
        assert do_due_draws() == 1
        advance(self.number)
        result = self.draw.result
        assert result is not None
        order: list[str] = result["order"]
        return order

    def _who(self, name: str) -> tuple[Organisation, User]:
        return (self.buyer, self.user) if name == "buyer" else (self.regulator, self.officer)


def staged(method: str, item: ServiceItem, agencies: Sequence[Agency], **values: Any) -> Play:
    """A request of an enterprise, or of the `buyer` given, published through the real verbs, with `agencies` enrolled."""
    buyer = values.pop("buyer", None) or cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    user = cast.person(f"buyer@{buyer.uscc.lower()}.example", buyer)
    regulator = cast.organisation(Kind.REGULATOR, "甘肃省市场监督管理局")
    officer = cast.person(f"officer@{regulator.uscc.lower()}.example", regulator)
    team = Team.of(5)
    cast.offers(item, *[one for one in agencies if not one.offerings.filter(item=item).exists()])
    kept = draft(user, buyer, item, method=method, **values)
    request = actions.publish(user, buyer, kept.pk)
    for one in agencies if method != "direct" else ():
        enrol(None, one, request.number or "")
    return Play(request, buyer, user, regulator, officer, agencies, team)


def agencies(count: int) -> list[Agency]:
    return [cast.agency(f"第{n + 1}工程咨询有限公司") for n in range(count)]


def scored(agency: Agency, k: str, grade: Grade) -> Agency:
    """As `ratings` caches it."""
    Agency.objects.filter(pk=agency.pk).update(credit=Decimal(k), grade=grade)
    agency.refresh_from_db()
    return agency
