"""A request, saved or still in a form, as the policy check reads it."""

from typing import Any

from accounts.models import Kind, Organisation
from agencies.models import Agency
from marketplace.models import CommissionedBy, FeeMode, ItemStatus, Method, Request, ServiceItem
from marketplace.policy import Draft, Finding, check, why_not
from marketplace.policy.weights import FIELDS, defaults
from marketplace.queries import failed_tries, failed_tries_from, method_named
from marketplace.rulesets import Merit, RuleSet, ruleset

FREE_TEXTS = ("title", "scope", "deliverables", "materials")


def findings_of(request: Request, numbers: RuleSet | None = None) -> list[Finding]:
    """What the check says about a saved request."""
    item = request.item
    draft = Draft(
        buyer_kind=Kind(request.buyer_kind),
        texts={name: getattr(request, name) for name in FREE_TEXTS},
        item_status=ItemStatus(item.status),
        item_commissioned_by=CommissionedBy(item.commissioned_by),
        item_fee_mode=FeeMode(item.fee_mode),
        method=Method(request.method),
        ceiling=request.ceiling,
        public_funds=request.public_funds,
        payer_is_buyer=request.payer_id == request.buyer_id,
        budget_line=request.budget_line,
        cited_law=request.cited_law,
        failed_tries=failed_tries(request),
        direct_agency=request.direct_agency_id is not None,
        direct_price=request.direct_price,
        direct_reason=request.direct_reason,
        weights=request.weights,
    )
    return check(draft, numbers or ruleset())


def findings_in_answer(request: Request, text: str) -> list[Finding]:
    """What the check says about an answer to a question: it is read with the notice, and may restrict no more than that."""
    draft = Draft(buyer_kind=Kind(request.buyer_kind), texts={"scope": text}, cited_law=request.cited_law)
    return [finding for finding in check(draft, ruleset(request.ruleset)) if finding.field == "scope"]


def never_even_kept(request: Request) -> list[Finding]:
    """What not even a draft may say, since the database would refuse it (I1)."""
    return [finding for finding in findings_of(request) if finding.code == "P_NO_DIRECT"]


def findings_in(buyer: Organisation, values: dict[str, Any], item: ServiceItem | None) -> list[Finding]:
    """What the check says about a form that is being filled in; what is missing is not judged yet."""
    return check(_typed(buyer, values, item), ruleset())


def unfit_methods(buyer: Organisation, values: dict[str, Any], item: ServiceItem | None) -> dict[str, Finding]:
    """The methods that R3 does not let this buyer use for what the form says so far, each with the reason."""
    draft, numbers = _typed(buyer, values, item), ruleset()
    found = {method.value: why_not(method, draft, numbers) for method in Method}
    return {method: finding for method, finding in found.items() if finding}


def _typed(buyer: Organisation, values: dict[str, Any], item: ServiceItem | None) -> Draft:
    price, forerunner = values.get("direct_price"), values.get("forerunner")
    return Draft(
        buyer_kind=Kind(buyer.kind),
        texts={name: values.get(name) or "" for name in FREE_TEXTS},
        item_status=ItemStatus(item.status) if item else None,
        item_commissioned_by=CommissionedBy(item.commissioned_by) if item else None,
        item_fee_mode=FeeMode(item.fee_mode) if item else None,
        method=method_named(values.get("method")),
        ceiling=values.get("ceiling"),
        public_funds=bool(values.get("public_funds")),
        budget_line=values.get("budget_line") or "",
        cited_law=values.get("cited_law") or "",
        failed_tries=failed_tries_from(forerunner),
        direct_agency=isinstance(values.get("direct_agency"), Agency),
        direct_price=price if isinstance(price, int) else None,
        direct_reason=values.get("direct_reason") or "",
        weights=_weights(values),
    )


def _weights(values: dict[str, Any]) -> dict[str, int] | None:
    """What a form says of the weights so far, or what is kept if it says nothing; None unless all are numbers."""
    found = {part: values.get(field) for part, field in FIELDS.items()}
    if not any(weight not in (None, "") for weight in found.values()):
        return defaults(ruleset().of(Merit))
    read = {part: weight for part, weight in found.items() if isinstance(weight, int)}
    return read if len(read) == len(FIELDS) else None
