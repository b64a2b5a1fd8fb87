"""Evaluation and buyers' credit as parts of pages that lie below this package."""

from typing import Any

from django import template
from django.utils.functional import Promise

from accounts.models import Organisation
from contracts.models import Contract, ContractStatus
from ratings.models import MarkSide
from ratings.queries.buyers import credit_of_buyer
from ratings.queries.evaluation import evaluation_of
from ratings.rules.buyers import TERMS

register = template.Library()


@register.inclusion_tag("ratings/_evaluation_part.html")
def evaluation_part(contract: Contract, side: str | None) -> dict[str, Any]:
    """Of a finished contract's page: the invitation of a party that has not rated, or what came of it."""
    evaluation = evaluation_of(contract)
    parties = (MarkSide.BUYER.value, MarkSide.AGENCY.value)
    invited = (
        evaluation is not None
        and evaluation.revealed_at is None
        and contract.status == ContractStatus.COMPLETED
        and side in parties
        and not evaluation.marks.filter(side=side).exists()
    )
    return {"evaluation": evaluation, "number": contract.award.request.number, "invited": invited}


@register.filter
def term_label(name: str) -> str | Promise:
    """What a line of a buyer's credit is called."""
    return TERMS[name]


@register.inclusion_tag("ratings/_buyer_credit.html")
def buyer_credit(buyer: Organisation) -> dict[str, Any]:
    """A buyer's credit in one line, and the way to all of it."""
    return {"buyer": buyer, "credit": credit_of_buyer(buyer)}
