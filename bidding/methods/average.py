"""均价 (R3): nearest to the mean of the prices, times a factor that is drawn once they are open."""

from fractions import Fraction

from django.utils.translation import gettext as _

from bidding.methods import prices
from core.money import shown
from journal.awards import average
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.models import Method
from marketplace.rules import judge_way
from marketplace.rulesets import RuleSet


class Average:
    """The mean of the prices that are not far off, times the factor. Open to every buyer, for standardised services (R3)."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Every buyer may use it; whether a service is standardised no form can tell."""
        judge_way(Method.AVERAGE, government=government, ceiling=ceiling, numbers=numbers)

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The nearest at or below the benchmark, else the nearest above (`journal.awards.average`)."""
        return average.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        if "benchmark" not in outcome.facts:
            return prices.why_nobody(outcome)
        lines = [*_about_mean(outcome), *_about_benchmark(outcome)]
        if outcome.winner is None or outcome.amount is None:
            return [*lines, *prices.why_nobody(outcome)]
        return [*lines, _about_winner(outcome), *_about_next(outcome), *prices.about_void(outcome)]

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        return prices.replay(entries)


def exactly(fen: Fraction) -> str:
    """`¥1,234.56`, with as many places as there are up to four more, and ≈ in front where there are still more."""
    whole = round(fen)
    if fen == whole:
        return shown(whole)
    places = next((n for n in range(1, 5) if (fen * 10**n).denominator == 1), 4)
    scaled = round(fen * 10**places)
    text = shown(scaled // 10**places) + f"{scaled % 10**places:0{places}d}"
    return text if Fraction(scaled, 10**places) == fen else f"≈ {text}"


def _about_mean(outcome: Outcome) -> list[str]:
    facts, rest = outcome.facts, [place.amount for place in outcome.ranking]
    return [
        _("一次开启的有效报价共 %(count)s 份，中位数 %(median)s，离差中位数（MAD）%(mad)s（R3、R6）。")
        % {"count": len(facts["valid"]), "median": exactly(facts["median"]), "mad": exactly(facts["mad"])},
        _("与中位数相差超过 %(limit)s（%(mads)s × 1.4826 × MAD，至少保留 3 份）的不计入：%(dropped)s。")
        % {"limit": exactly(facts["limit"]), "mads": facts["mads"], "dropped": _dropped(outcome)},
        _("其余 %(count)s 份的平均数为 %(mean)s。") % {"count": len(rest), "mean": exactly(facts["mean"])},
    ]


def _dropped(outcome: Outcome) -> str:
    dropped: dict[str, int] = outcome.facts["dropped"]
    named = [f"“{label}” {shown(price)}" for label, price in sorted(dropped.items())]
    return "、".join(named) or _("无")


def _about_benchmark(outcome: Outcome) -> list[str]:
    facts = outcome.facts
    factor = f"{facts['factor_permille'] / 1000:.2f}"
    said = _("系数 %(factor)s 由抽取得出：名单和各方随机数承诺在开启报价前已封存，开启后才抽取（R4）。")
    return [
        said % {"factor": factor},
        _("基准价 = %(mean)s × %(factor)s = %(mark)s。")
        % {"mean": exactly(facts["mean"]), "factor": factor, "mark": exactly(facts["benchmark"])},
    ]


def _about_winner(outcome: Outcome) -> str:
    assert outcome.amount is not None
    mark: Fraction = outcome.facts["benchmark"]
    facts = {
        "label": outcome.winner,
        "amount": shown(outcome.amount),
        "gap": exactly(abs(outcome.amount - mark)),
    }
    if outcome.amount <= mark:
        return (
            _("“%(label)s”的报价 %(amount)s 不高于基准价且最接近（相差 %(gap)s），中选，无人工裁量（P19.4、I8）。")
            % facts
        )
    return (
        _(
            "没有报价不高于基准价；“%(label)s”的报价 %(amount)s 高于基准价且最接近（相差 %(gap)s），中选，无人工裁量（P19.4、I8）。"
        )
        % facts
    )


def _about_next(outcome: Outcome) -> list[str]:
    if len(outcome.ranking) < 2:
        return []
    first, second = outcome.ranking[0], outcome.ranking[1]
    if first.amount == second.amount:
        return [_("另有相同报价，先后由抽取决定（R4）。")]
    gap = exactly(abs(second.amount - outcome.facts["benchmark"]))
    return [
        _("其后一位“%(label)s”报价 %(amount)s，与基准价相差 %(gap)s。")
        % {"label": second.label, "amount": shown(second.amount), "gap": gap}
    ]
