"""The entries that the marketplace appends, and their data: to a request's case file, an agency's, and the platform's."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts.models import Organisation
from core.clock import rfc3339
from core.money import wire
from marketplace.models import Attachment, Request, ServiceItem
from marketplace.rulesets import RuleSet


class Kind(StrEnum):
    """What the marketplace writes down."""

    PUBLISHED = "request.published"
    CHANGED = "request.changed"
    CANCELLED = "request.cancelled"
    OFFERS_ARRANGED = "offers.arranged"
    REOFFERED = "request.reoffered"
    ITEM_PUBLISHED = "item.published"
    ITEM_CANCELLED = "item.cancelled"
    ITEM_CHANGED = "item.changed"
    SERVICES_CHANGED = "agency.services_changed"
    PAYER_REFUSED = "payer.refused"


Draft = tuple[str, dict[str, Any]]


def published(
    request: Request,
    numbers: RuleSet,
    enrol_until: datetime,
    selects_at: datetime,
    findings: Iterable[dict[str, Any]],
    attachments: Iterable[Attachment],
) -> Draft:
    """The whole notice: whoever has this entry has what everybody was told."""
    return Kind.PUBLISHED, {
        "number": request.number,
        "title": request.title,
        "item": {"code": request.item_id, "name": request.item.name_zh},
        "buyer": {**party(request.buyer), "kind": request.buyer_kind},
        "region": request.region_id,
        "scope": request.scope,
        "deliverables": request.deliverables,
        "materials": request.materials,
        "term_workdays": request.term_workdays,
        "method": request.method,
        "ceiling": wire(request.ceiling),
        "public_funds": request.public_funds,
        "payer": party(request.payer),
        "budget_line": request.budget_line,
        "cited_law": request.cited_law,
        "findings": list(findings),
        "ruleset": {"id": numbers.id, "sha256": numbers.sha256},
        "enrol_until": rfc3339(enrol_until),
        "selects_at": rfc3339(selects_at),
        "attachments": [{"name": a.name, "sha256": a.file.sha256, "size": a.file.size} for a in attachments],
        "forerunner": request.forerunner.number if request.forerunner else None,
        **_direct(request),
        **({"weights": request.weights} if request.weights else {}),
    }


def offers_arranged(keys: Iterable[bytes], threshold: int) -> Draft:
    """Who can open the sealed prices of this request: so many trustees of these together (R6)."""
    return Kind.OFFERS_ARRANGED, {"trustees": {"keys": [key.hex() for key in keys], "threshold": threshold}}


def _direct(request: Request) -> dict[str, Any]:
    """Whom an enterprise names, at what price and why; nothing where it is the rules that select."""
    if request.direct_agency is None or request.direct_price is None:
        return {}
    named = party(request.direct_agency.organisation)
    return {"direct": {"agency": named, "price": wire(request.direct_price), "reason": request.direct_reason}}


def changed(
    changes: list[dict[str, Any]],
    enrol_until: datetime,
    selects_at: datetime,
    reason: str,
    findings: Iterable[dict[str, Any]],
) -> Draft:
    """`changes` are `{"field", "old", "new"}` as `marketplace.changes.said` writes fields; the times are the new deadline's.

    What was sealed before is withdrawn by the entries that follow, and must be given again.
    """
    return Kind.CHANGED, {
        "changes": changes,
        "enrol_until": rfc3339(enrol_until),
        "selects_at": rfc3339(selects_at),
        "reason": reason,
        "findings": list(findings),
    }


def cancelled(reason: str) -> Draft:
    return Kind.CANCELLED, {"reason": reason}


def reoffered(successor: str) -> Draft:
    """The request that follows this one, which failed or was withdrawn; its own notice names this one as its forerunner."""
    return Kind.REOFFERED, {"successor": successor}


def item_published(item: ServiceItem) -> Draft:
    """The four blocks as they were when the item was published (P18.3)."""
    return Kind.ITEM_PUBLISHED, {
        "code": item.code,
        "name": item.name_zh,
        "legal_basis": item.legal_basis_zh,
        "time_limit_workdays": item.time_limit_workdays,
        "workflow": item.workflow_zh,
        "conditions": item.conditions_zh,
        "fee_standard": item.fee_standard_zh,
    }


def item_cancelled(item: ServiceItem) -> Draft:
    return Kind.ITEM_CANCELLED, {"code": item.code, "name": item.name_zh, "by": item.cancelled_by_zh}


def item_changed(code: str, fields: Iterable[str]) -> Draft:
    return Kind.ITEM_CHANGED, {"code": code, "fields": sorted(fields)}


def services_changed(added: Iterable[str], removed: Iterable[str]) -> Draft:
    return Kind.SERVICES_CHANGED, {"added": sorted(added), "removed": sorted(removed)}


def payer_refused(by: Organisation, attempt: str, words: str = "") -> Draft:
    """Somebody tried to let another than the department pay (P20.7), and was refused.

    `attempt` is `notice`, `terms`, `form`, `online` or `transfer`; to the request's case file, or to the platform's where
    the request is not public yet.
    """
    return Kind.PAYER_REFUSED, {"by": party(by), "attempt": attempt, "words": words, "basis": ["P20.7", "I2"]}


def party(organisation: Organisation) -> dict[str, str]:
    """An organisation as entries name it."""
    return {"name": organisation.name, "uscc": organisation.uscc}
