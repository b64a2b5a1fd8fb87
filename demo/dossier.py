"""One contract of the past while it is told: its case file, its rows, its ledger, and what is still to come."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import TypeVar

from django.db import models

from bidding.models import Award
from contracts import entries
from contracts.models import (
    Account,
    Contract,
    ContractStatus,
    Milestone,
    MilestoneStatus,
    Movement,
    MovementKind,
    Payable,
    Payment,
    Posting,
    Version,
    VersionStatus,
)
from contracts.rules.ledger import Balances, Postings
from contracts.rulesets import ContractRules
from core.models import Region
from core.workdays import Calendar
from demo.agencies import Player
from demo.agenda import Agenda
from demo.books import Books
from demo.casefile import CaseFile
from demo.papers import Papers
from demo.people import Buyer
from marketplace.models import Request, RequestStatus

Row = TypeVar("Row", bound=models.Model)

_WORKING = (MilestoneStatus.OPEN, MilestoneStatus.DELIVERED)


class Step(StrEnum):
    """What somebody does next. A story may be told up to one of them, and leave it to a visitor."""

    CONFIRM = "confirm"
    DELIVER = "deliver"
    ACCEPT = "accept"
    JUDGE = "judge"
    INVOICE = "invoice"
    PAY = "pay"
    RECEIVE = "receive"


@dataclass(frozen=True, slots=True)
class Scene:
    """What all contracts of the past have in common."""

    calendar: Calendar
    now: datetime
    numbers: ContractRules
    regions: dict[str, Region]
    papers: Papers
    regulator: int


@dataclass(slots=True)
class Parties:
    """Who asked, who won, and with what award."""

    request: Request
    award: Award
    buyer: Buyer
    player: Player


class Dossier:
    """What the steps of one contract share. `stop` is the step that nobody takes; without it everybody goes on."""

    contract: Contract

    def __init__(
        self, rng: Random, scene: Scene, books: Books, file: CaseFile, parties: Parties, stop: Step | None = None
    ) -> None:
        self.rng, self.scene, self.books, self.file = rng, scene, books, file
        self.request, self.award, self.buyer, self.player = (
            parties.request,
            parties.award,
            parties.buyer,
            parties.player,
        )
        self.rows: list[models.Model] = []
        self.agenda = Agenda(rng, scene.calendar, scene.now)
        self.stop, self.reached = stop, False
        self.proposal: Version | None = None
        self.milestones: list[Milestone] = []
        # Milestone → what of its price was accepted so far.
        self.accepted: Counter[int] = Counter()
        self._balances: dict[tuple[str, int], Counter[Account]] = {}

    @property
    def staged(self) -> bool:
        """Is it told for a visitor, quickly and without oddities?"""
        return self.stop is not None

    @property
    def in_force(self) -> bool:
        return self.contract.status == ContractStatus.SIGNED

    def stops(self, step: Step) -> bool:
        """Does the story end before this step?"""
        self.reached = self.reached or step == self.stop
        return step == self.stop

    def happens(self, chance: float) -> bool:
        """Something out of the ordinary, now and then; never in what is told for a visitor."""
        return self.rng.random() < chance and not self.staged

    def workdays(self, least: int, most: int) -> int:
        """How long somebody takes."""
        return least if self.staged else self.rng.randint(least, most)

    def keep(self, row: Row) -> Row:
        """Keep a row for the books; one that others name has its number now."""
        self.books.number(row)
        self.rows.append(row)
        return row

    def note(self, at: datetime, draft: entries.Draft) -> None:
        """Append to the case file."""
        self.file.append(at, draft)

    def post(
        self,
        at: datetime,
        kind: MovementKind,
        postings: Postings,
        *,
        payable: Payable | None = None,
        payment: Payment | None = None,
        reason: str = "",
    ) -> None:
        """One movement, as `contracts.actions.ledger.post` writes it."""
        movement = Movement(
            contract=self.contract, kind=kind, payable=payable, payment=payment, at=at, reason=reason[:200]
        )
        self.keep(movement)
        for account, amount in postings.items():
            self.keep(Posting(movement_id=movement.pk, account=account, amount=amount))
        owners = (("contract", self.contract), ("payable", payable), ("payment", payment))
        for name, owner in owners:
            if owner is not None:
                held = self._balances.setdefault((name, owner.pk), Counter())
                for account, amount in postings.items():
                    held[account] += amount

    def balances(self, owner: Contract | Payable | Payment) -> Balances:
        """What the accounts hold of one of them."""
        return Balances(self._balances.get((type(owner).__name__.lower(), owner.pk), {}))

    def close_if_done(self, at: datetime) -> None:
        """As `contracts.actions.closing` does: complete it, or open it again."""
        contract = self.contract
        working = any(milestone.status in _WORKING for milestone in self.milestones)
        done = self.balances(contract).nothing_open and not working
        if contract.status == ContractStatus.SIGNED and done:
            if self.proposal is not None:
                self.proposal.status, self.proposal = VersionStatus.WITHDRAWN, None
            contract.status, contract.completed_at = ContractStatus.COMPLETED, at
            self.request.status = RequestStatus.COMPLETED
            self.note(at, entries.completed())
        elif contract.status == ContractStatus.COMPLETED and not done:
            contract.status, self.request.status = ContractStatus.SIGNED, RequestStatus.CONTRACTED
            self.note(at, entries.reopened("money_went_back"))
