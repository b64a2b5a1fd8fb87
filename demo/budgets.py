"""The budget lines that invented departments pay from, large enough for all that they have asked for."""

from collections import Counter

from accounts.models import Organisation
from contracts import entries
from contracts.models import BudgetLine
from demo.bulk import copy
from journal.actions import lock_platform
from marketplace.entries import party
from marketplace.models import Request

# What is left over, and how lines are rounded (fen).
_RESERVE_PERCENT, _ROUND = 25, 10_000_000


class Budgets:
    """Adds up what was asked for from each line."""

    def __init__(self) -> None:
        self._departments: dict[int, Organisation] = {}
        self._asked: Counter[tuple[int, str]] = Counter()

    def take(self, request: Request) -> None:
        """Count a request; those of enterprises name no line."""
        if request.budget_line:
            self._departments[request.buyer_id] = request.buyer
            self._asked[request.buyer_id, request.budget_line] += request.ceiling

    def write(self) -> None:
        """State every line, as the departments would: in the platform's case file."""
        held, lines = lock_platform(), []
        for (department, name), asked in sorted(self._asked.items()):
            total = -(-asked * (100 + _RESERVE_PERCENT) // 100 // _ROUND) * _ROUND
            lines.append(BudgetLine(organisation_id=department, name=name, total=total))
        copy(lines)
        held.append_all(
            entries.budget_set(party(self._departments[line.organisation_id]), line.name, line.total) for line in lines
        )
