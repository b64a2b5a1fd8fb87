"""What contracts add to the pages of the packages below: the desk's lists, a buyer's record, a department's budget."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Paginator

from accounts.models import Kind, Organisation
from contracts import queries
from contracts.models import BudgetLine, Contract, ContractStatus
from contracts.pipeline import in_stage, stages_of
from contracts.rules.ledger import Balances
from marketplace.models import Request, RequestStatus

register = template.Library()

_SHOWN = 12
_STAGE_SHOWN = 20
_BEFORE_CONTRACT = (
    RequestStatus.PUBLISHED,
    RequestStatus.SELECTING,
    RequestStatus.STANDSTILL,
    RequestStatus.AWARDED,
)


@dataclass(frozen=True)
class Row:
    """A contract and its money, in fen."""

    contract: Contract
    balances: Balances


@dataclass
class Budget:
    """One budget line of a department; amounts in fen. `total` is what it has registered, if it has."""

    name: str
    total: int | None = None
    committed: int = 0
    paid: int = 0

    @property
    def left(self) -> int | None:
        return None if self.total is None else self.total - self.committed


@register.inclusion_tag("contracts/_contract_list.html")
def contract_list(organisation: Organisation) -> dict[str, Any]:
    """A party's contracts, those in force first, with what is paid and due of each."""
    running = [ContractStatus.DRAFTED, ContractStatus.SIGNED]
    mine = queries.contracts_of(organisation).exclude(status=ContractStatus.VOID)
    contracts = [*mine.filter(status__in=running), *mine.exclude(status__in=running)[:_SHOWN]]
    sums = queries.balances_by_contract(contracts)
    rows = [Row(one, sums.get(one.pk, Balances())) for one in contracts]
    total = queries.balances_of_party(organisation)
    return {
        "organisation": organisation,
        "rows": [row for row in rows if row.contract.status in running],
        "ended": [row for row in rows if row.contract.status not in running],
        "due": total.due,
        "pending": total.pending,
        "paid": total.paid,
        "is_agency": organisation.kind == Kind.AGENCY,
    }


@register.inclusion_tag("contracts/_pipeline.html", takes_context=True)
def pipeline(context: dict[str, Any], buyer: Organisation) -> dict[str, Any]:
    """A buyer's requests counted by stage, and those of the stage that the address asks for."""
    request = context["request"]
    chosen = request.GET.get("stage", "")
    found = in_stage(buyer, chosen)
    page = None if found is None else Paginator(found, _STAGE_SHOWN).get_page(request.GET.get("page"))
    return {"request": request, "stages": stages_of(buyer), "chosen": chosen if page else "", "page_obj": page}


@register.inclusion_tag("contracts/_budget_lines.html", takes_context=True)
def budget_lines(context: dict[str, Any], organisation: Organisation) -> dict[str, Any]:
    """预算执行: what each line holds, what is committed and paid from it, and what is left (P20.7)."""
    lines = {line.name: Budget(line.name, line.total) for line in BudgetLine.objects.filter(organisation=organisation)}
    asked = Request.objects.filter(buyer=organisation, status__in=_BEFORE_CONTRACT).exclude(budget_line="")
    contracts = list(Contract.objects.filter(buyer=organisation).exclude(status=ContractStatus.VOID))
    for name, ceiling in asked.exclude(awards__contract__in=contracts).values_list("budget_line", "ceiling"):
        lines.setdefault(name, Budget(name)).committed += ceiling
    sums = queries.balances_by_contract(contracts)
    for contract in contracts:
        line = lines.setdefault(contract.budget_line, Budget(contract.budget_line))
        line.committed += contract.price
        line.paid += sums.get(contract.pk, Balances()).paid
    return {"lines": sorted(lines.values(), key=lambda line: line.name), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("contracts/_payment_record.html")
def payment_record(buyer: Organisation) -> dict[str, Any]:
    """How a buyer pays, for everybody who thinks of working for it."""
    return {"record": queries.payment_record(buyer)}
