"""What time does to lists: agencies that came late are flagged, and cases that waited for another one are opened."""

from functools import partial

from journal.clockwork import attempt
from ratings.actions.lists import flag_late_comer, open_waiting_case
from ratings.queries.lists import came_late, without_case

_AT_ONCE = 200


def do_due_lists() -> int:
    """Returns how much was done."""
    late = [partial(flag_late_comer, uscc, row) for uscc, row in came_late()[:_AT_ONCE]]
    waiting = [partial(open_waiting_case, flag) for flag in without_case()[:_AT_ONCE]]
    return sum(attempt(move) for move in [*late, *waiting])
