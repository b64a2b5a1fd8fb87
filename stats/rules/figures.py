"""What the figures of P14.2 mean, from plain sums: everything that is shown, and nothing that is stored.

Sums of several months, items or cities add up to the sums of all of them, so that any selection is exact; medians too,
because waiting times are kept as how often each whole number of working days occurred.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# Rule sets of the demo's bots and of practice: days of notice pass in seconds, which is no measure of a market.
NOT_COUNTED = ("demo-", "practice-")
_TENTH = Decimal("0.1")
_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)


def counted(ruleset: str) -> bool:
    """Does a request under this rule set count in the figures?"""
    return not ruleset.startswith(NOT_COUNTED)


@dataclass(frozen=True)
class Awards:
    """Sums over awards that stand. Amounts in fen; `saved` in hundredths of a per cent, one award after another.

    What speaks of competition (`competed`, `ceiling`, `paid`, `saved`, `rivals`) leaves direct selections out.
    `outside` counts winners from other provinces. `waits` is how many awards came after each number of working days.
    """

    count: int = 0
    amount: int = 0
    competed: int = 0
    ceiling: int = 0
    paid: int = 0
    saved: int = 0
    rivals: int = 0
    outside: int = 0
    outside_amount: int = 0
    waits: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: "Awards") -> "Awards":
        return Awards(
            self.count + other.count,
            self.amount + other.amount,
            self.competed + other.competed,
            self.ceiling + other.ceiling,
            self.paid + other.paid,
            self.saved + other.saved,
            self.rivals + other.rivals,
            self.outside + other.outside,
            self.outside_amount + other.outside_amount,
            Counter(self.waits) + Counter(other.waits),
        )


@dataclass(frozen=True)
class Figures:
    """The figures of one month, item, city or method, or of all. None where there is nothing to speak of."""

    published: int = 0
    failed: int = 0
    cancelled: int = 0
    awards: Awards = field(default_factory=Awards)

    @property
    def median(self) -> Decimal | None:
        """Working days from notice to award that half of the awards did not exceed."""
        return quantile(self.awards.waits, _HALF)

    @property
    def first_quartile(self) -> Decimal | None:
        """The same of a quarter."""
        return quantile(self.awards.waits, _QUARTER)

    @property
    def third_quartile(self) -> Decimal | None:
        """The same of three quarters."""
        return quantile(self.awards.waits, 1 - _QUARTER)

    @property
    def saving(self) -> Decimal | None:
        """The mean of (ceiling − price) ÷ ceiling over awards by competition, in per cent."""
        return _ratio(self.awards.saved, 100 * self.awards.competed)

    @property
    def saved_amount(self) -> int:
        """By how much prices stayed below ceilings, in fen."""
        return self.awards.ceiling - self.awards.paid

    @property
    def rivals(self) -> Decimal | None:
        """Agencies per award by competition."""
        return _ratio(self.awards.rivals, self.awards.competed)

    @property
    def outside(self) -> Decimal | None:
        """Share of awards that agencies from other provinces won, in per cent."""
        return _ratio(100 * self.awards.outside, self.awards.count)

    @property
    def outside_by_amount(self) -> Decimal | None:
        """The same by value."""
        return _ratio(100 * self.awards.outside_amount, self.awards.amount)

    @property
    def failing(self) -> Decimal | None:
        """Share of failed among all selections that ended, in per cent."""
        return _ratio(100 * self.failed, self.failed + self.awards.count)


def share(part: int, whole: int) -> Decimal | None:
    """In per cent with one decimal; None of nothing."""
    return _ratio(100 * part, whole)


def quantile(counts: Mapping[int, int], part: Fraction) -> Decimal | None:
    """The value below which `part` of them lie, between neighbours in proportion (as PostgreSQL's `percentile_cont`)."""
    total = sum(counts.values())
    if not total:
        return None
    place = part * (total - 1)
    low = _at(counts, int(place))
    high = _at(counts, min(int(place) + 1, total - 1))
    exact = low + (high - low) * (place - int(place))
    return _rounded(exact)


def _at(counts: Mapping[int, int], place: int) -> int:
    """The value at this place, counted from 0, when all stand in order."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    raise IndexError("beyond the last")


def _ratio(above: int, below: int) -> Decimal | None:
    return _rounded(Fraction(above, below)) if below else None


def _rounded(exact: Fraction) -> Decimal:
    """Half up, one decimal."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_TENTH, ROUND_HALF_UP)
