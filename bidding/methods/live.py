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
        if outcome.failure == "low_rejected":
            return [_("最低报价明显偏低且未被接受，其后无人在规定幅度内递补，按规则流标（R5.8、R5.9）。")]
        if outcome.winner is None or outcome.amount is None:
            return [_("竞价结束时没有有效报价，按规则流标（R5）。")]
        lines = [
            _how(outcome.ranking[0].by) % {"amount": shown(outcome.amount), "label": outcome.winner},
            _("最低报价者中选，无人工裁量（P19.4、I8）。"),
        ]
        if len(outcome.ranking) > 1:
            second = outcome.ranking[1]
            lines.append(
                _("第二低报价为 %(amount)s，相差 %(gap)s。")
                % {"amount": shown(second.amount), "gap": shown(second.amount - outcome.amount)}
            )
        return lines

    def marks(self, entries: list[CaseEntry]) -> list[str]:
        """How each price of `replay` came: `bid`, `proxy`, `opening` or `tie_out`."""
        return [price.mark for price in live.marked(entries)]

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        return live.prices(entries)


def _how(by: str) -> str:
    match by:
        case "proxy":
            return _("截止时的最低有效报价为 %(amount)s，由平台按竞价人“%(label)s”设定的最低价代为报出（R5.6）。")
        case "tie_out":
            return _("加试报价中最低的为 %(amount)s，由竞价人“%(label)s”提交（R5.5）。")
        case "opening":
            return _("首次报价中最低的为 %(amount)s，由竞价人“%(label)s”提出，竞价中无人更低（R5.1）。")
        case _:
            return _("截止时的最低有效报价为 %(amount)s，由竞价人“%(label)s”提出（R5.4）。")
