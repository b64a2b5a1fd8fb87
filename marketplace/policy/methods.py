"""Who may use which selection method (R3): one function each, findings out. The form, the action and the API ask the same."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.money import shown
from marketplace.models import FeeMode, Method
from marketplace.policy.findings import Finding, Severity
from marketplace.policy.weights import about_weights
from marketplace.rulesets import CreditDraw, Draw, Merit, RuleSet

if TYPE_CHECKING:
    from marketplace.policy.check import Draft


def about_draw(draft: "Draft", numbers: RuleSet) -> Iterator[Finding]:
    """随机抽取: at a fixed fee; public money only where the law sets it, or so many competitive tries failed."""
    needed = numbers.of(Draw).government_after_failed
    if draft.government and draft.item_fee_mode != FeeMode.FIXED and draft.failed_tries < needed:
        yield Finding(
            "P_DRAW_COMPETES",
            "P20.6",
            Severity.FAIL,
            _("使用财政资金的，只有收费由政府定价的事项，或竞争选取已流标 %(needed)s 次的，才能随机抽取")
            % {"needed": needed},
            "method",
            fix=_("改为网上竞价"),
            replacement=Method.LIVE,
        )
    else:
        yield _fixed_fee()


def about_credit_draw(draft: "Draft", numbers: RuleSet) -> Iterator[Finding]:
    """信用择优: an enterprise, or public money up to a limit."""
    most = numbers.of(CreditDraw).government_most_yuan * 100
    if draft.government and draft.ceiling is not None and draft.ceiling > most:
        yield Finding(
            "P_CREDIT_DRAW_LIMIT",
            "P20.6",
            Severity.FAIL,
            _("使用财政资金的，服务费不超过 %(most)s 才能信用择优") % {"most": shown(most)},
            "method",
            fix=_("改为网上竞价"),
            replacement=Method.LIVE,
        )
    else:
        yield _fixed_fee()


def about_direct(draft: "Draft", numbers: RuleSet) -> Iterator[Finding]:
    """直接选取: an enterprise with its own money, which names whom, at what price and why."""
    if draft.government:
        yield Finding(
            "P_NO_DIRECT",
            "P20.6",
            Severity.FAIL,
            _("部门委托或使用财政资金的服务须竞争选取，不能直接选取"),
            "method",
            fix=_("改为网上竞价"),
            replacement=Method.LIVE,
        )
        return
    if not draft.direct_agency:
        yield _incomplete("P_DIRECT_AGENCY", _("直接选取须写明选定的机构"), "direct_agency")
    if draft.direct_price is None or (draft.ceiling is not None and draft.direct_price > draft.ceiling):
        yield _incomplete("P_DIRECT_PRICE", _("直接选取须写明价格，且不超过最高限价"), "direct_price")
    if not draft.direct_reason.strip():
        yield _incomplete("P_DIRECT_REASON", _("直接选取须写明理由，随公告公开"), "direct_reason")


def about_average(_draft: "Draft", _numbers: RuleSet) -> Iterator[Finding]:
    """均价: for services whose content is the same whoever delivers them; nobody can tell that from a form."""
    message = _("均价选取适用于内容和质量标准统一的服务；需要比较方案的，请用综合比选")
    yield Finding("P_AVERAGE_STANDARD", "R3", Severity.ADVICE, message, "method")


def about_merit(draft: "Draft", numbers: RuleSet) -> Iterator[Finding]:
    """综合比选: everybody's, with weights within the bounds."""
    yield from about_weights(draft.weights, government=draft.government, numbers=numbers.of(Merit))


_ABOUT: dict[Method, Callable[["Draft", RuleSet], Iterator[Finding]]] = {
    Method.AVERAGE: about_average,
    Method.MERIT: about_merit,
    Method.DRAW: about_draw,
    Method.CREDIT_DRAW: about_credit_draw,
    Method.DIRECT: about_direct,
}


def about(method: Method, draft: "Draft", numbers: RuleSet) -> Iterator[Finding]:
    """What R3 says about this method for this draft; nothing about a method that is open to all."""
    if method in _ABOUT:
        yield from _ABOUT[method](draft, numbers)


def why_not(method: Method, draft: "Draft", numbers: RuleSet) -> Finding | None:
    """Why the form shows a method disabled: the first thing about the method itself that fails."""
    found = about(method, draft, numbers)
    return next((one for one in found if one.severity == Severity.FAIL and one.field == "method"), None)


def _fixed_fee() -> Finding:
    return Finding(
        "P_FIXED_FEE", "R3", Severity.ADVICE, _("此方式不比价：最高限价即固定服务费，中选机构按此收费"), "ceiling"
    )


def _incomplete(code: str, message: object, field: str) -> Finding:
    return Finding(code, "R3", Severity.FAIL, message, field, fix=_("补充填写"))  # type: ignore[arg-type]
