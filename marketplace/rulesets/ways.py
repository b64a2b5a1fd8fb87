"""What R3 asks of each selection method, and the numbers of those that are no live auction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class NoticeTier:
    """At least `wd` working days of notice for a ceiling up to `up_to_yuan` (None: any)."""

    wd: int
    up_to_yuan: int | None = None


@dataclass(frozen=True)
class Way:
    """Notice and entrants of one selection method."""

    notice_tiers: tuple[NoticeTier, ...]
    entrants_government: int
    entrants_other: int

    @classmethod
    def read(cls, numbers: Mapping[str, Any]) -> Self:
        """From a section of the file; raises TypeError where a number is missing or unknown."""
        tiers = tuple(NoticeTier(**tier) for tier in numbers["notice_tiers"])
        return cls(**{**numbers, "notice_tiers": tiers})

    def notice_wd(self, ceiling_fen: int) -> int:
        """Working days of notice that a ceiling asks for."""
        return next(t.wd for t in self.notice_tiers if t.up_to_yuan is None or ceiling_fen <= t.up_to_yuan * 100)

    def entrants(self, *, government: bool) -> int:
        """How many must enrol."""
        return self.entrants_government if government else self.entrants_other


@dataclass(frozen=True)
class Sealed(Way):
    """密封报价: the lowest valid price."""


@dataclass(frozen=True)
class Average(Way):
    """均价: prices far from the median are dropped while `keep_least` stay; the mean of the rest times a drawn factor.

    Far is more than `outlier_mads` · 1.4826 · MAD; the factors are in thousandths.
    """

    outlier_mads: int
    keep_least: int
    factors_permille: tuple[int, ...]

    @classmethod
    def read(cls, numbers: Mapping[str, Any]) -> Self:
        return super().read({**numbers, "factors_permille": tuple(numbers["factors_permille"])})


@dataclass(frozen=True)
class Merit(Way):
    """综合比选: price, experts and credit, with weights in percent that the notice gives within these bounds."""

    price_percent: int
    quality_percent: int
    credit_percent: int
    government_price_percent_least: int
    credit_percent_most: int
    experts_least: int
    explain_beyond_points: int
    scoring_wd: int


@dataclass(frozen=True)
class Draw(Way):
    """随机抽取: for a fee that is fixed; public money only where law sets it or so many competitive tries failed."""

    government_after_failed: int


@dataclass(frozen=True)
class CreditDraw(Way):
    """信用择优: a long list by credit, tickets by grade, a short list by draw, and the buyer's reasoned choice."""

    government_most_yuan: int
    long_list_least: int
    long_list_percent: int
    tickets: Mapping[str, int]
    short_list: int
    pick_wd: int


@dataclass(frozen=True)
class Direct(Way):
    """直接选取: an enterprise's own money; the agency confirms."""

    confirm_wd: int


@dataclass(frozen=True)
class Contributions:
    """R4: by how many working days a draw is put off while the contribution of somebody who has to give one is missing."""

    put_off_wd: int
