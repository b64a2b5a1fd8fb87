"""Drafts of requests, made as the form makes them."""

from typing import Any

from accounts.models import Kind, Organisation, User
from marketplace import actions
from marketplace.models import Method, Request, ServiceItem
from tests import cast


def values(buyer: Organisation, item: ServiceItem, **changes: Any) -> dict[str, Any]:
    """What a complete and lawful form gives."""
    return {
        "item": item,
        "title": "灌区节水改造水土保持方案编制",
        "region": buyer.region,
        "scope": "按现行规范编制水土保持方案，配合审查并修改完善。",
        "deliverables": "报告书纸质版六份、电子版一份。",
        "materials": "",
        "term_workdays": 20,
        "method": Method.LIVE,
        "ceiling": cast.yuan("90000.00"),
        "public_funds": buyer.kind == Kind.DEPARTMENT,
        "budget_line": "2026 年水土保持专项" if buyer.kind == Kind.DEPARTMENT else "",
        "cited_law": "",
        **changes,
    }


def draft(user: User, buyer: Organisation, item: ServiceItem, **changes: Any) -> Request:
    return actions.save_draft(user, buyer, values(buyer, item, **changes))
