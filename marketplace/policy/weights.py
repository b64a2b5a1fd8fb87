"""How price, quality and credit weigh in a 综合比选 (R3): within the bounds of the rule set, and 100 together."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.policy.findings import Finding, Severity
from marketplace.rulesets import Merit

FIELDS = {"price": "weight_price", "quality": "weight_quality", "credit": "weight_credit"}
_WHOLE = 100


def defaults(numbers: Merit) -> dict[str, int]:
    """What a notice says unless its buyer chose otherwise, in percent."""
    return {"price": numbers.price_percent, "quality": numbers.quality_percent, "credit": numbers.credit_percent}


def about_weights(weights: Mapping[str, int] | None, *, government: bool, numbers: Merit) -> Iterator[Finding]:
    """What speaks against these weights (percent, by `FIELDS`); nothing if a notice may say so."""
    if weights is None or set(weights) != set(FIELDS) or min(weights.values()) < 0:
        yield _wrong("P_WEIGHTS_MISSING", _("综合比选须写明价格、方案和信用各占多少"), "weight_price")
        return
    if sum(weights.values()) != _WHOLE:
        said = _("三项权重之和须为 100，现为 %(sum)s") % {"sum": sum(weights.values())}
        yield _wrong("P_WEIGHTS_SUM", said, "weight_quality")
    least = numbers.government_price_percent_least
    if government and weights["price"] < least:
        said = _("使用财政资金的，价格权重不低于 %(least)s%%") % {"least": least}
        yield _wrong("P_WEIGHT_PRICE", said, "weight_price")
    if weights["credit"] > numbers.credit_percent_most:
        said = _("信用权重不高于 %(most)s%%") % {"most": numbers.credit_percent_most}
        yield _wrong("P_WEIGHT_CREDIT", said, "weight_credit")


def _wrong(code: str, message: str | Promise, field: str) -> Finding:
    return Finding(code, "R3", Severity.FAIL, message, field, fix=_("调整权重"))
