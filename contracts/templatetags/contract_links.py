"""Ways to the contract from the pages of the packages below, and small words of its own."""

from typing import Any

from django import template

from contracts.models import Contract, ContractStatus
from marketplace.models import Request

register = template.Library()
_BADGES = {"drafted": "warn", "signed": "soon", "completed": "ok", "terminated": "bad", "void": "bad"}


@register.inclusion_tag("contracts/_link.html")
def contract_link(subject: Request) -> dict[str, Any]:
    """The way to the contract's page, once there is a contract."""
    found = Contract.objects.filter(award__request=subject).order_by("-pk").first() if subject.number else None
    return {"number": subject.number, "contract": found}


@register.filter
def contract_badge(status: str) -> str:
    """The colour of a contract's state."""
    return _BADGES[ContractStatus(status)]
