"""Acts that the system itself can see (R7), judged from plain values: late deliveries, awards given up, empty entries."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ratings.rulesets import ConductRules


def lateness(signed_at: datetime, due_at: datetime, delivered_at: datetime, numbers: ConductRules) -> str | None:
    """`delivered_late` up to 10 % of the term and 30 days, `delivered_very_late` beyond; None in time."""
    late = delivered_at - due_at
    if late <= timedelta(0):
        return None
    share = late * 100 > (due_at - signed_at) * numbers.very_late_percent
    over = share or late > timedelta(days=numbers.very_late_days)
    return "delivered_very_late" if over else "delivered_late"


def given_up(reason: str) -> str:
    """An award whose winner did not sign in time, or one it declined in its own words."""
    return "unsigned" if reason == "unsigned" else "gave_up_award"


def empty_entries(
    entries: Sequence[tuple[datetime, str]], counted: Sequence[str], numbers: ConductRules
) -> list[tuple[datetime, list[str]]]:
    """Every three auctions entered without a price within 90 days, once each: (when the third closed, their numbers).

    `entries` are (close, number) of auctions the agency entered and gave no price in; `counted` those an act names already.
    """
    fresh = sorted((at, number) for at, number in entries if number not in set(counted))
    found: list[tuple[datetime, list[str]]] = []
    waiting: list[tuple[datetime, str]] = []
    for at, number in fresh:
        waiting = [one for one in waiting if at - one[0] <= timedelta(days=numbers.empty_entries_days)] + [(at, number)]
        if len(waiting) == numbers.empty_entries:
            found.append((at, [one[1] for one in waiting]))
            waiting = []
    return found
