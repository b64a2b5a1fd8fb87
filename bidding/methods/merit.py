"""综合比选 (R3): price, quality and credit, weighed as the notice said."""

from fractions import Fraction

from django.utils.translation import gettext as _

from bidding.methods import prices
from core.money import shown
from journal.awards import merit
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.models import Method
from marketplace.rules import judge_way
from marketplace.rulesets import RuleSet


class Merit:
    """The highest score wins. Open to every buyer, for complex work (R3)."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Every buyer may use it; the weights are checked with the notice (`marketplace.policy.weights`)."""
        judge_way(Method.MERIT, government=government, ceiling=ceiling, numbers=numbers)

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The highest score, equal ones by price, then by draw (`journal.awards.merit`)."""
        return merit.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        if "scores" not in outcome.facts:
            return _why_none(outcome)
        lines = [*_about_formula(outcome), *_about_experts(outcome)]
        if outcome.winner is None or outcome.amount is None:
            return [*lines, *prices.why_nobody(outcome)]
        return [
            *lines,
            _("“%(label)s”得 %(score)s 分，为最高，报价 %(amount)s，中选，无人工裁量（P19.4、I8）。")
            % {
                "label": outcome.winner,
                "score": points(outcome.facts["scores"][outcome.winner]),
                "amount": shown(outcome.amount),
            },
            *_about_next(outcome),
            *_about_unmarked(outcome),
            *prices.about_void(outcome),
        ]

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        return prices.replay(entries)


def points(score: Fraction) -> str:
    """A score with four places, rounded half to even from the exact fraction."""
    scaled = round(score * 10_000)
    return f"{scaled // 10_000}.{scaled % 10_000:04d}"


def _why_none(outcome: Outcome) -> list[str]:
    reasons = {
        "no_plans": _("没有机构同时提交方案和报价，按规则流标；已封存的报价不再开启（R3）。"),
        "experts_lacking": _("抽取名单中的专家均已回避或逾期，无人可以接替，按规则流标；已封存的报价不再开启（R3）。"),
    }
    said = reasons.get(outcome.failure or "")
    return [said, *_about_unmarked(outcome)] if said else [*prices.why_nobody(outcome), *_about_unmarked(outcome)]


def _about_formula(outcome: Outcome) -> list[str]:
    facts = outcome.facts
    weigh = facts["weights"]
    said = _(
        "总分 = %(price)s × 最低报价 ÷ 报价 + %(quality)s × 评分中位数 ÷ 100 + %(credit)s × K ÷ 100，权重在公告中已定（R3）。"
    )
    return [
        said % weigh,
        _("可以中选的最低报价为 %(lowest)s；K 为报名截止时记录的信用评分。") % {"lowest": shown(facts["lowest"])},
    ]


def _about_experts(outcome: Outcome) -> list[str]:
    marks: dict[str, list[int]] = outcome.facts["marks"]
    count = len(next(iter(marks.values())))
    return [
        _(
            "%(count)s 名专家由抽取产生，在报价开启之前只看不具名的方案独立评分；评分全部提交后才一并公开，每个分数都有理由。"
        )
        % {"count": count}
    ]


def _about_next(outcome: Outcome) -> list[str]:
    if len(outcome.ranking) < 2:
        return []
    first, second = outcome.ranking[0], outcome.ranking[1]
    scores = outcome.facts["scores"]
    facts = {"label": second.label, "score": points(scores[second.label]), "amount": shown(second.amount)}
    if scores[first.label] != scores[second.label]:
        return [_("其后一位“%(label)s”得 %(score)s 分，报价 %(amount)s。") % facts]
    if first.amount != second.amount:
        return [_("“%(label)s”得分相同，报价 %(amount)s 较高，列其后（R3）。") % facts]
    return [_("“%(label)s”得分和报价都相同，先后由抽取决定（R4）。") % facts]


def _about_unmarked(outcome: Outcome) -> list[str]:
    unmarked = outcome.facts.get("unmarked", [])
    return [_("没有提交方案的报价不能中选：%(labels)s（R3）。") % {"labels": "、".join(unmarked)}] if unmarked else []
