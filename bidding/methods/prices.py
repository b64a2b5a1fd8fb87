"""What every method with sealed prices says about them, in the reader's words."""

from django.utils.translation import gettext as _

from core.money import shown
from journal.awards.outcome import CaseEntry, Outcome
from journal.awards.prices import valid_prices
from journal.offers import Void

_FAR_OFF, _NO_PLAN = "far_off", "no_plan"


def uncounted(outcome: Outcome) -> dict[str, str]:
    """Label → why its price could not win, by the codes of `void_reasons`: void, dropped from a mean, or without a plan."""
    facts = outcome.facts
    found: dict[str, str] = dict(facts.get("void", {}))
    return {
        **found,
        **dict.fromkeys(facts.get("dropped", ()), _FAR_OFF),
        **dict.fromkeys(facts.get("unmarked", ()), _NO_PLAN),
    }


def void_reasons() -> dict[str, str]:
    """Why a sealed price is void, by the code that entries use."""
    return {
        Void.UNOPENED: _("报价人和全部保管人都无法开启"),
        Void.ENVELOPE: _("交给保管人的信封与报价密钥不符"),
        Void.UNREADABLE: _("密文无法解开"),
        Void.UNFIT: _("开启的报价与承诺不符"),
        Void.MALFORMED: _("报价不是金额"),
        Void.NOT_POSITIVE: _("报价不大于零"),
        Void.ABOVE_CEILING: _("报价高于最高限价"),
        _FAR_OFF: _("偏离中位数过大，不计入"),
        _NO_PLAN: _("没有提交方案，不能中选"),
    }


def why_nobody(outcome: Outcome) -> list[str]:
    """Nobody won: a tie waits for its draw, or there was no valid price."""
    if outcome.tied:
        labels = "、".join(outcome.tied)
        return [_("最优报价相同：%(labels)s，由抽取决定先后（R3、R4）。") % {"labels": labels}]
    return [_("没有有效报价，按规则流标（R3、R6）。"), *about_void(outcome)]


def about_second(outcome: Outcome) -> list[str]:
    """How close the next one came."""
    if len(outcome.ranking) < 2:
        return []
    assert outcome.amount is not None
    second = outcome.ranking[1]
    if second.amount == outcome.amount:
        return [_("另有相同报价，先后由抽取决定（R4）。")]
    gap = shown(second.amount - outcome.amount)
    return [_("其后一位报价为 %(amount)s，相差 %(gap)s。") % {"amount": shown(second.amount), "gap": gap}]


def about_void(outcome: Outcome) -> list[str]:
    """Each void price and why."""
    reasons = void_reasons()
    void: dict[str, str] = dict(outcome.facts.get("void", {}))
    return [
        _("“%(label)s”的报价无效：%(reason)s（R6）。") % {"label": label, "reason": reasons.get(why, why)}
        for label, why in sorted(void.items())
    ]


def replay(entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
    """Every valid price at the moment of the opening, the highest first, so that the last one leads."""
    at = next((entry.at for entry in reversed(entries) if entry.kind == "offers.opened"), "")
    prices = sorted(valid_prices(entries).items(), key=lambda item: (-item[1], item[0]))
    return [(at, label, amount) for label, amount in prices]
