"""Reads of buyers' credit: what a buyer did with bills, deliveries and agencies, from what is public of its contracts."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404

from accounts.models import Kind, Organisation
from contracts.models import Contract, ContractStatus, Delivery, DeliveryStatus, Payable, Side
from core.clock import database_now, rfc3339
from ratings.models import Complaint, ComplaintStatus, DisputeStatus, Mark, MarkSide
from ratings.rules.buyer_score import FORMAT, BuyerCredit, Happened, buyer_credit, published
from ratings.rules.buyers import in_time, weight_of_mark
from ratings.rulesets import credit_rules

_NUMBER = "contract__award__request__number"
_OF_DELIVERY = (f"milestone__{_NUMBER}", "milestone__n")
_GOOD, _BAD = Decimal(1), Decimal(0)


def buyer_in_public(uscc: str) -> Organisation:
    """An enterprise or department that has published a request; raises Http404."""
    buyers = Organisation.objects.filter(kind__in=[Kind.ENTERPRISE, Kind.DEPARTMENT], requests__number__isnull=False)
    return get_object_or_404(buyers.distinct().select_related("region"), uscc=uscc)


def credit_of_buyer(buyer: Organisation, now: datetime | None = None) -> BuyerCredit:
    """A buyer's credit as of `now`, in five queries."""
    now = now or database_now()
    happened = {
        "paid_on_time": list(_paid(buyer, now)),
        "accepted_on_time": list(_accepted(buyer)),
        "rejections_upheld": list(_rejected(buyer)),
        "marks": list(_marked(buyer)),
    }
    finished = Contract.objects.filter(buyer=buyer, status=ContractStatus.COMPLETED).count()
    return buyer_credit(finished, happened, credit_rules().buyer)


def document_of(buyer: Organisation, now: datetime | None = None) -> dict[str, Any]:
    """`/b/<uscc>/credit.json`: every line with all that it was computed from."""
    now = now or database_now()
    credit, rules = credit_of_buyer(buyer, now), credit_rules()
    return {
        "format": FORMAT,
        "uscc": buyer.uscc,
        "name": buyer.name,
        "at": rfc3339(now),
        "ruleset": {"id": rules.id, "sha256": rules.sha256},
        **published(credit),
    }


def _paid(buyer: Organisation, now: datetime) -> Iterator[Happened]:
    """Bills that fell due: settled in time or not; what may still be paid in time does not count yet."""
    bills = Payable.objects.filter(contract__payer=buyer, due_at__isnull=False)
    for number, n, due_at, settled_at in bills.values_list(_NUMBER, "milestone__n", "due_at", "settled_at"):
        verdict = in_time(due_at, settled_at, now)
        if verdict is not None:
            yield Happened(number, settled_at or due_at, _GOOD if verdict else _BAD, milestone=n)


def _accepted(buyer: Organisation) -> Iterator[Happened]:
    """Deliveries that were decided on before the buyer had to be reminded, or not."""
    made = Delivery.objects.filter(milestone__contract__buyer=buyer)
    for number, n, reminded_at, decided_at in made.values_list(*_OF_DELIVERY, "reminded_at", "decided_at"):
        if reminded_at is not None:
            yield Happened(number, reminded_at, _BAD, milestone=n)
        elif decided_at is not None:
            yield Happened(number, decided_at, _GOOD, milestone=n)


def _rejected(buyer: Organisation) -> Iterator[Happened]:
    """Results the buyer returned, or took in part; those that a complaint found wrongly returned count against it."""
    upheld = Complaint.objects.filter(delivery=OuterRef("pk"), status=ComplaintStatus.UPHELD)
    returned = Delivery.objects.filter(
        milestone__contract__buyer=buyer,
        status__in=[DeliveryStatus.RETURNED, DeliveryStatus.PARTLY],
        decided_as=Side.BUYER,
    )
    rows = returned.annotate(wrong=Exists(upheld)).values_list(*_OF_DELIVERY, "decided_at", "wrong")
    for number, n, decided_at, wrong in rows:
        yield Happened(number, decided_at, _BAD if wrong else _GOOD, milestone=n)


def _marked(buyer: Organisation) -> Iterator[Happened]:
    """What agencies said of it, once revealed."""
    said = Mark.objects.filter(
        side=MarkSide.AGENCY, evaluation__contract__buyer=buyer, evaluation__revealed_at__isnull=False
    )
    rows = said.values_list(f"evaluation__{_NUMBER}", "evaluation__revealed_at", "x", "dispute__status")
    for number, at, x, dispute in rows:
        yield Happened(number, at, x, weight_of_mark(DisputeStatus(dispute) if dispute else None))
