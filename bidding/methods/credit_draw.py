"""信用择优 (R3): the best by credit are drawn for a short list, from which the buyer picks and says why."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bidding.methods.draw import how_drawn, why_nobody
from core.errors import Refused
from core.money import shown
from journal.awards import credit_draw
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.rulesets import CreditDraw as Numbers
from marketplace.rulesets import RuleSet


def tickets_told(of_grade: Mapping[str, int]) -> str:
    """`A 4、B 3、N 3、C 1、D 1`: tickets by grade; N is 新入驻."""
    return "、".join(f"{grade} {tickets}" for grade, tickets in of_grade.items())


class TooLargeForCredit(Refused):
    """Public money above the limit competes in price."""

    code = "E_CREDIT_DRAW_LIMIT"
    basis = ("R3", "P20.6")
    field = "method"
    message = gettext_lazy("使用财政资金的，服务费不超过 %(most)s 才能信用择优")
    fix = gettext_lazy("改为网上竞价")


class CreditDraw:
    """More tickets for better credit, exclusions on record, and a choice among the drawn."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Raise TooLargeForCredit for public money above the limit."""
        most = numbers.of(Numbers).government_most_yuan * 100
        if government and ceiling > most:
            raise TooLargeForCredit(most=shown(most))

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """Whom the buyer picked of the short list, or its first drawn (`journal.awards.credit_draw`)."""
        return credit_draw.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        if outcome.winner is None or outcome.amount is None:
            return [why_nobody(outcome)]
        facts = outcome.facts
        lines = [
            _("报名截止时按信用评分 K 取前 %(n)s 家进入长名单，各等级的签数：%(tickets)s（R3）。")
            % {"n": len(facts["tickets"]), "tickets": tickets_told(facts["of_grade"])},
            *how_drawn(facts),
            _("前 %(n)s 位入围：%(names)s。")
            % {"n": len(facts["short_list"]), "names": "、".join(facts["short_list"])},
        ]
        if facts["reason"] is not None:
            said = _("采购人从入围机构中择定“%(label)s”，公开的理由：%(reason)s")
            lines.append(said % {"label": outcome.winner, "reason": facts["reason"]})
        else:
            said = _("采购人未在期限内择定，由入围机构中抽取顺序最前的“%(label)s”中选（R3）。")
            lines.append(said % {"label": outcome.winner})
        lines.append(_("服务费为公告的固定金额 %(amount)s。") % {"amount": shown(outcome.amount)})
        return lines

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        """Nobody bids a price."""
        return []
