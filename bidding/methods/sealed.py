"""密封报价 (R3, R6): the lowest price of those opened together."""

from django.utils.translation import gettext as _

from bidding.methods import prices
from core.money import shown
from journal.awards import sealed
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.models import Method
from marketplace.rules import judge_way
from marketplace.rulesets import RuleSet


class Sealed:
    """Sealed prices, the lowest wins. Open to every buyer (R3)."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Every buyer may use it, at any ceiling below the statutory tendering limit."""
        judge_way(Method.SEALED, government=government, ceiling=ceiling, numbers=numbers)

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The lowest valid price wins, equal ones are drawn (`journal.awards.sealed`)."""
        return sealed.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        if outcome.winner is None or outcome.amount is None:
            return prices.why_nobody(outcome)
        lines = [
            _("报价截止后一次开启全部密封报价，有效报价 %(count)s 份（R6）。") % {"count": len(outcome.ranking)},
            _("最低有效报价为 %(amount)s，由“%(label)s”提出，最低报价者中选，无人工裁量（R3、P19.4、I8）。")
            % {"amount": shown(outcome.amount), "label": outcome.winner},
        ]
        return [*lines, *prices.about_second(outcome), *prices.about_void(outcome)]

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        return prices.replay(entries)
