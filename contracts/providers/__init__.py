"""Providers of online payment behind one face. A deployment offers those that are set up; the demo adds a pretend one.

The platform never believes what it is told: a provider is asked (`read`), and what it answers only ever grows
(`Standing`), so that answers that come twice, late or out of order do no harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from django.http import HttpRequest
from django.utils.functional import Promise


class Stage(Enum):
    """How far a payment has come with its provider."""

    OPEN = auto()  # the payer may still pay
    PROCESSING = auto()  # the payer has paid by a method that confirms later
    PAID = auto()
    DECLINED = auto()
    EXPIRED = auto()


@dataclass(frozen=True)
class Standing:
    """A fresh answer of the provider, amounts in fen. The five sums are totals so far, and never fall.

    `refunded` counts refunds that failed later too, `unrefunded` is what of it came back to the payee. `withdrawn` is what
    disputes took back, `reinstated` what of it came back again.
    """

    stage: Stage
    received: int = 0
    refunded: int = 0
    unrefunded: int = 0
    withdrawn: int = 0
    reinstated: int = 0
    intent: str = ""


@dataclass(frozen=True)
class Order:
    """What a provider is asked to collect. The same `key` is the same order, however often it is asked."""

    key: str
    amount: int
    title: str
    number: str
    success_url: str
    cancel_url: str
    started_at: datetime
    expires_at: datetime
    payee_account: str = ""


@dataclass(frozen=True)
class Opened:
    """Where the payer goes to pay, and how the provider calls it."""

    reference: str
    address: str


@dataclass(frozen=True)
class Event:
    """A verified webhook. `about` is a session or payment intent; empty for kinds that concern no payment."""

    id: str
    kind: str
    about: str


class Unavailable(Exception):
    """The provider does not answer, or answers that it cannot now. Ask again later."""


class Rejected(Exception):
    """The provider will never take this order."""


class Forged(Exception):
    """A webhook that the provider did not sign, or signed too long ago."""


class PaymentProvider(Protocol):
    """What every provider can do. All of it may raise Unavailable; none of it runs inside a transaction."""

    name: str
    # Where a form may lead, for the page's content security policy; empty for this site's own pages.
    origin: str

    @property
    def label(self) -> str | Promise:
        """What payers read on the button."""

    def open(self, order: Order) -> Opened:
        """Open a checkout; raises Rejected."""

    def find(self, order: Order) -> Opened | None:
        """The checkout that was opened for this order, if its answer was lost."""

    def read(self, reference: str) -> Standing:
        """How the payment stands now."""

    def expire(self, reference: str) -> None:
        """Let nobody pay this checkout any more, if that is still possible."""

    def refund(self, intent: str, amount: int, key: str) -> None:
        """Give back `amount` (fen); the same `key` gives it back once. Raises Rejected."""

    def event(self, request: HttpRequest) -> Event:
        """What a webhook says, verified; raises Forged."""


_providers: dict[str, PaymentProvider] = {}


def offer(provider: PaymentProvider) -> None:
    """Let payers use a provider; called once, when its package is ready."""
    _providers[provider.name] = provider


def withdraw(name: str) -> None:
    """No longer offer it."""
    _providers.pop(name, None)


def offered() -> Mapping[str, PaymentProvider]:
    """The providers that are set up, by name."""
    return _providers
