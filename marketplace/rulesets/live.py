"""R3 and R5 in numbers: the live auction and what belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from marketplace.rulesets.ways import Way


@dataclass(frozen=True)
class Live(Way):
    """The auction itself."""

    government_may_go_on_with: int
    extension_wd: int
    ready_seconds: int
    live_seconds: int
    step_permille: int
    step_least_yuan: int
    confirm_undercut_percent: int
    soft_close_window_seconds: int
    soft_close_extension_seconds: int
    hard_end_minutes: int
    slots: tuple[tuple[str, str], ...]
    slot_capacity: int
    # R5.10, demo and practice: enrolment lasts so many seconds and the selection follows at once, at any time; 0: never.
    any_time_after_seconds: int = 0

    @classmethod
    def read(cls, numbers: Mapping[str, Any]) -> Self:
        slots = tuple((first, last) for first, last in numbers["slots"])
        return super().read({**numbers, "slots": slots})

    def step(self, ceiling_fen: int) -> int:
        """The least fall of the price, in fen: a share of the ceiling rounded up to a yuan, at least one yuan."""
        yuan = -(-ceiling_fen * self.step_permille // 100_000)
        return max(self.step_least_yuan, yuan) * 100


@dataclass(frozen=True)
class Opening:
    """R5.1, R6: sealed prices. How long their trustees and bidders may take to open them before it is late.

    `tie_draw_seconds`: how long the draw between equal prices takes contributions, and how long it then waits for a
    compulsory one that is missing, again and again.
    """

    open_within_seconds: int
    tie_draw_seconds: int


@dataclass(frozen=True)
class Proxy:
    """R5.6: hidden floors. How many times one bidder may change its own."""

    changes_most: int


@dataclass(frozen=True)
class Pause:
    """R5.7: what pauses an auction, and how it goes on."""

    heartbeat_seconds: int
    sockets_lost_percent: int
    sockets_lost_within_seconds: int
    # Not R5.7's: one line that drops is its bidder's own, a reload is no loss, and nobody pauses for ever by unplugging.
    sockets_lost_least: int
    sockets_back_within_seconds: int
    sockets_pauses_most: int
    resume_least_seconds: int
    announce_seconds: int
    next_day_after_minutes: int


@dataclass(frozen=True)
class TieOut:
    """R5.5: who is within so many percent of the lead when the hard end cuts in sends one sealed price."""

    within_percent: int
    least: int
    most: int
    seconds: int


@dataclass(frozen=True)
class Low:
    """R5.8: when a price is abnormally low, and how long it takes to justify and to decide, in working days."""

    final_percent_of_mean: int
    opening_percent_of_next: int
    percent_of_median: int
    median_least: int
    median_months: int
    justify_wd: int
    decide_wd: int
