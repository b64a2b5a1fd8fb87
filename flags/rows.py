"""What the rules see: procurement as OCDS tells it, and a few facts that the platform holds lawfully beside it. Plain values.

Agencies, buyers and departments are named by USCC, procurements by number (the last part of the ocid). Amounts in fen.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """One entrant of a process (`bids.details`). `amount` is its opening price; None: it entered and never named one."""

    agency: str
    amount: int | None
    at: datetime | None = None
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Bid:
    """One accepted bid of a live auction, in order."""

    agency: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Process:
    """One procurement that is over (`tender`, `awards`). `final` is what the winner is paid; both None if it failed.

    `notice_wd` and `notice_least_wd` are working days of notice given and demanded. `holders` is how many agencies hold
    all that the notice demands; None if it demands nothing. `bids` and `step` only of a live auction. `sealed` says that
    nobody knew of others' opening prices: first bids of a live auction without sealed offers end steps apart, whoever
    bids, so prices are compared only where they were sealed.
    """

    number: str
    item: str
    region: str
    buyer: str
    published_at: datetime
    closes_at: datetime
    ended_at: datetime
    ceiling: int
    competitive: bool = True
    sealed: bool = True
    offers: tuple[Offer, ...] = ()
    winner: str | None = None
    final: int | None = None
    notice_wd: int | None = None
    notice_least_wd: int | None = None
    holders: int | None = None
    bids: tuple[Bid, ...] = ()
    step: int = 0

    @property
    def prices(self) -> list[int]:
        """Opening prices that counted, the lowest first."""
        return sorted(one.amount for one in self.offers if one.amount is not None and not one.excluded)

    @property
    def priced(self) -> dict[str, int]:
        """Opening prices that counted, by agency."""
        return {one.agency: one.amount for one in self.offers if one.amount is not None and not one.excluded}

    @property
    def entrants(self) -> frozenset[str]:
        """Everybody who entered."""
        return frozenset(one.agency for one in self.offers)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a contract that both sides confirmed, and the price since."""

    at: datetime
    price: int


@dataclass(frozen=True, slots=True)
class Deal:
    """One signed contract (`contracts`, `implementation`). `price` is the price first signed; `entrants` named a price."""

    number: str
    buyer: str
    agency: str
    price: int
    ceiling: int
    entrants: int
    signed_at: datetime
    due_at: datetime
    competitive: bool = True
    delivered_at: datetime | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """A service for an enterprise that needs the department's approval ("" where none is known); `passed` at once, if told."""

    number: str
    department: str
    enterprise: str
    agency: str
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """What a buyer said of an agency, 0 to 1, and its weight before any cap; `back` is what the agency said of the buyer.

    `first` is what the mark was before it was changed, `pressed_at` when the agency complained of it; both None on this
    platform, where a mark is sealed once and for good.
    """

    number: str
    buyer: str
    agency: str
    x: float
    at: datetime
    weight: float = 1.0
    back: float | None = None
    first: float | None = None
    pressed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A mark that an agency left on a process; `key` never is the fact itself, only its keyed hash."""

    kind: str
    key: str
    agency: str
    number: str


@dataclass(frozen=True, slots=True)
class Window:
    """What one run of rules looks at: one market, buyer or agency over a year.

    `key` names it: an item's code and a region's, or a USCC. `elsewhere` are services for the same item in the whole
    province. `tiers` are the ceilings (fen) above which more is demanded of a request.
    """

    key: tuple[str, ...]
    until: datetime
    processes: tuple[Process, ...] = ()
    deals: tuple[Deal, ...] = ()
    served: tuple[Served, ...] = ()
    elsewhere: tuple[Served, ...] = ()
    ratings: tuple[Rated, ...] = ()
    traces: tuple[Trace, ...] = ()
    tiers: tuple[int, ...] = ()
