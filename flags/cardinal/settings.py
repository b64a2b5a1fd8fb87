"""What a run of the indicators may be told; the defaults are Cardinal's."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """A threshold that is None is computed from the file: the fence of its own quartiles.

    `without_prices` names values of `tender.procurementMethodDetails` under which prices do not compete; `left_out` those
    of which nothing is to be said at all. `methods` limits R003 to values of `tender.procurementMethod`.
    """

    currency: str | None = None
    without_prices: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    shortest_days: int = 15  # R003
    shortest_days_by: Mapping[str, int] = field(default_factory=dict)  # by procurementMethodDetails
    methods: frozenset[str] = frozenset()
    competitive: frozenset[str] = frozenset({"open", "selective"})  # R018
    close_to_winner: float | None = None  # R024
    far_below: float | None = None  # R058
    top_tenderers: float = 0.75  # R025: from this quantile of the numbers of bids on
    rarely_wins: float | None = None
    fewest_excluded: int = 1  # R035
    often_excluded: float | None = None  # R038
    fewest_bids: int = 2
    fewest_bids_received: int = 2
    many_classes: float | None = None  # R048
    digits: int = 2
    fewest_processes: int = 1
