"""网上竞价 (R5): the lowest price that stands when the clock runs out."""

from django.utils.translation import gettext as _

from core.money import shown
from journal.awards import live
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.rulesets import RuleSet


class Live:
    """The live auction. Open to every buyer (R3)."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Every buyer may use it, at any ceiling below the statutory tendering limit."""

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The lowest accepted bid that stands wins (`journal.awards.live`)."""
        return live.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        if outcome.winner is None or outcome.amount is None:
            return [_("竞价结束时没有有效报价，按规则流标（R5）。")]
        lines = [
            _("截止时的最低有效报价为 %(amount)s，由竞价人“%(label)s”提出（R5.4）。")
            % {"amount": shown(outcome.amount), "label": outcome.winner},
            _("最低报价者中选，无人工裁量（P19.4、I8）。"),
        ]
        if len(outcome.ranking) > 1:
            second = outcome.ranking[1]
            lines.append(
                _("第二低报价为 %(amount)s，相差 %(gap)s。")
                % {"amount": shown(second.amount), "gap": shown(second.amount - outcome.amount)}
            )
        return lines

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        return live.prices(entries)
