"""随机抽取 (R3, R4): the first of a verifiable draw, at a fixed fee."""

from typing import Any

from django.utils.translation import gettext as _

from core.money import shown
from journal.awards import draw
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.rulesets import RuleSet


class Draw:
    """Every entrant has one ticket. For public money the fee has to be set by law, which the notice is checked for."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """At any ceiling; what public money needs besides lies in the item and its forerunners (`marketplace.policy.methods`)."""

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The first of the drawn order who may be selected (`journal.awards.draw`)."""
        return draw.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        if outcome.winner is None or outcome.amount is None:
            return [why_nobody(outcome)]
        return [
            *how_drawn(outcome.facts),
            _("抽取顺序中第一位可以中选的是“%(label)s”，按公告的固定服务费 %(amount)s 中选（R3）。")
            % {"label": outcome.winner, "amount": shown(outcome.amount)},
            _("无人工裁量；中选人放弃的，按抽取顺序依次递补（R5.9）。"),
        ]

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        """Nobody bids a price."""
        return []


def how_drawn(facts: Any) -> list[str]:
    """The seed and the list of a draw, in the reader's words."""
    listed, contributors = facts["tickets"], facts["contributors"]
    return [
        _("抽取 %(draw)s 的种子由 %(n)s 方的随机数合成，各方都在截止前提交了承诺，名单封存后才公开（R4）。")
        % {"draw": facts["draw"], "n": len(contributors)},
        _("名单共 %(n)s 家、%(tickets)s 签；种子 %(seed)s… 决定顺序：%(order)s。")
        % {
            "n": len(listed),
            "tickets": sum(listed.values()),
            "seed": facts["seed"][:16],
            "order": "、".join(facts["order"]),
        },
    ]


def why_nobody(outcome: Outcome) -> str:
    """Why a selection ended without an award."""
    reasons = {
        "too_few_entrants": _("报名机构不足，按规则流标（R3）。"),
        "nobody_left": _("参加的机构在选取期间均被停止参与，无人可以中选（R8）。"),
        "not_picked": _("采购人尚未从入围机构中择定。"),
        "declined": _("选定的机构不接受委托。"),
        "unconfirmed": _("选定的机构没有在期限内确认（R3）。"),
    }
    return reasons.get(outcome.failure or "", _("抽取尚未完成。"))
