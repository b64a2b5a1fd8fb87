"""Who may use which way of selection (R3). Pure; the form, the action and the strategies ask the same function."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import shown
from marketplace.models import FeeMode, Method
from marketplace.policy.findings import Finding, Severity
from marketplace.rulesets import CreditDraw, Draw, RuleSet


def about_way(
    method: Method,
    *,
    government: bool,
    ceiling: int | None,
    numbers: RuleSet,
    fee_mode: FeeMode | None = None,
    failed_before: int = 0,
) -> Iterator[Finding]:
    """What speaks against the method for this buyer; nothing if R3 allows it.

    `ceiling` in fen, None while it is not filled in; `fee_mode` the item's; `failed_before` how many competitive tries for
    the same failed. `live`, `sealed`, `average` and `merit` are everybody's.
    """
    if not government:
        return
    match method:
        case Method.DIRECT:
            yield _against(
                "P_NO_DIRECT",
                "P20.6",
                _("部门委托或使用财政资金的服务须竞争选取，不能直接选取"),
            )
        case Method.DRAW:
            tries = numbers.of(Draw).government_after_failed
            if fee_mode is not FeeMode.FIXED and failed_before < tries:
                yield _against(
                    "P_DRAW_NEEDS_A_SET_FEE",
                    "R3",
                    _("使用财政资金的，仅在费用由法律规定或竞争选取已失败 %(tries)s 次后可以随机抽取")
                    % {"tries": tries},
                )
        case Method.CREDIT_DRAW:
            most = numbers.of(CreditDraw).government_most_yuan * 100
            if ceiling is not None and ceiling > most:
                yield _against(
                    "P_CREDIT_DRAW_LIMIT",
                    "R3",
                    _("使用财政资金的，信用择优的最高限价不超过 %(most)s") % {"most": shown(most)},
                )


def _against(code: str, clause: str, message: str | Promise) -> Finding:
    fix, instead = _("改为网上竞价"), Method.LIVE
    return Finding(code, clause, Severity.FAIL, message, "method", fix=fix, replacement=instead)
