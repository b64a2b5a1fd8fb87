"""The entries that contract, delivery and payment append to a request's case file, and their data.

In public: parties, amounts, dates, reasons, hashes. Never a person, a bank account, or the name of a confidential file.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from contracts.models import Contract, Delivery, Extension, Milestone, Payable, Payment, Version
from contracts.rulesets import ContractRules
from core.clock import rfc3339
from core.money import wire
from marketplace.entries import party


class Kind(StrEnum):
    """What can stand in a request's case file from the final award to the last payment."""

    DRAFTED = "contract.drafted"
    PROPOSED = "contract.proposed"
    WITHDRAWN = "contract.withdrawn"
    REFUSED = "contract.refused"
    CONFIRMED = "contract.confirmed"
    SIGNED = "contract.signed"
    CHANGED = "contract.changed"
    UNSIGNED = "contract.sign_overdue"
    COMPLETED = "contract.completed"
    REOPENED = "contract.reopened"
    TERMINATED = "contract.terminated"
    DELIVERED = "delivery.made"
    REMINDED = "acceptance.reminded"
    ESCALATED = "acceptance.escalated"
    DECIDED = "acceptance.decided"
    EXTENSION_ASKED = "extension.asked"
    EXTENSION_ANSWERED = "extension.answered"
    PAYABLE = "payment.payable"
    INVOICED = "payment.invoiced"
    STARTED = "payment.started"
    FAILED = "payment.failed"
    PAID = "payment.paid"
    SUSPENSE = "payment.suspense"
    RETURNED = "payment.returned"
    REFUNDED = "payment.refunded"
    REFUND_FAILED = "payment.refund_failed"
    DISPUTED = "payment.disputed"
    OVERDUE = "payment.overdue"
    BUDGET_SET = "budget.line_set"


Draft = tuple[str, dict[str, Any]]


def drafted(contract: Contract, numbers: ContractRules) -> Draft:
    return Kind.DRAFTED, {
        "buyer": party(contract.buyer),
        "agency": party(contract.agency),
        "payer": party(contract.payer),
        "budget_line": contract.budget_line,
        "price": wire(contract.price),
        "sign_due": rfc3339(contract.sign_due_at),
        "ruleset": {"id": numbers.id, "sha256": numbers.sha256},
    }


def proposed(version: Version) -> Draft:
    """A new text: its hash, who proposes it, and what it means. A change tells its reason only once it is published."""
    data: dict[str, Any] = {
        "version": version.number,
        "change": version.change,
        "by": version.proposed_by or "platform",
        "sha256": version.sha256,
    }
    if not version.change:
        data |= {"price": wire(version.price), "plan": _plan(version.plan)}
    return Kind.PROPOSED, data


def withdrawn(version: Version) -> Draft:
    return Kind.WITHDRAWN, {"version": version.number}


def refused(version: Version, side: str) -> Draft:
    return Kind.REFUSED, {"version": version.number, "by": side}


def confirmed(version: Version, side: str) -> Draft:
    return Kind.CONFIRMED, {"version": version.number, "by": side, "sha256": version.sha256}


def signed(version: Version, milestones: Iterable[Milestone]) -> Draft:
    """Both have confirmed the same text: it is the contract, filed by this entry."""
    return Kind.SIGNED, {
        "version": version.number,
        "sha256": version.sha256,
        "price": wire(version.price),
        "milestones": [_milestone(one) for one in milestones],
    }


def changed(version: Version, before: int, milestones: Iterable[Milestone]) -> Draft:
    """A change that both confirmed. Beyond the limits of R9 it is published in full with its reason, and marked."""
    data: dict[str, Any] = {
        "version": version.number,
        "sha256": version.sha256,
        "price": wire(version.price),
        "published": version.published,
        "milestones": [_milestone(one) for one in milestones],
    }
    if version.published:
        data |= {"reason": version.reason, "price_before": wire(before), "by": version.proposed_by}
    return Kind.CHANGED, data


def unsigned(missing: Sequence[str]) -> Draft:
    """The signing date has passed; `missing` are the sides that had not confirmed."""
    return Kind.UNSIGNED, {"missing": list(missing)}


def delivered(delivery: Delivery, files: Iterable[dict[str, Any]], due_at: datetime, *, late: bool) -> Draft:
    return Kind.DELIVERED, {
        "milestone": delivery.milestone.n,
        "version": delivery.version,
        "files": list(files),
        "late": late,
        "acceptance_due": rfc3339(due_at),
    }


def file(name: str, sha256: str, size: int, because: str) -> dict[str, Any]:
    """A delivered file; a confidential one shows its hash, its size and the reason."""
    known = {"sha256": sha256, "size": size}
    return known | ({"confidential": because} if because else {"name": name})


def reminded(delivery: Delivery, next_at: datetime) -> Draft:
    return Kind.REMINDED, _which(delivery) | {"regulator_from": rfc3339(next_at)}


def escalated(delivery: Delivery) -> Draft:
    return Kind.ESCALATED, _which(delivery)


def decided(delivery: Delivery) -> Draft:
    """What became of a delivery; `by` is `buyer`, or `regulator` in the place of a silent buyer."""
    return Kind.DECIDED, _which(delivery) | {
        "by": delivery.decided_as,
        "verdict": delivery.status,
        "accepted": wire(delivery.accepted),
        "reason": delivery.return_reason,
        "opinion": delivery.opinion,
    }


def extension_asked(extension: Extension) -> Draft:
    return Kind.EXTENSION_ASKED, {
        "milestone": extension.milestone.n,
        "wd": extension.wd,
        "reason": extension.reason,
        "answer_due": rfc3339(extension.answer_due_at),
    }


def extension_answered(extension: Extension) -> Draft:
    return Kind.EXTENSION_ANSWERED, {
        "milestone": extension.milestone.n,
        "by": extension.answered_as,
        "granted": extension.status == "granted",
        "answer": extension.answer,
        "due": rfc3339(extension.milestone.due_at),
    }


def payable(one: Payable) -> Draft:
    return Kind.PAYABLE, {"payable": one.pk, "milestone": one.milestone.n, "amount": wire(one.amount)}


def invoiced(one: Payable) -> Draft:
    assert one.due_at is not None
    return Kind.INVOICED, {"payable": one.pk, "due": rfc3339(one.due_at)}


def started(payment: Payment) -> Draft:
    return Kind.STARTED, _payment(payment) | {"amount": wire(payment.amount)}


def failed(payment: Payment, reason: str) -> Draft:
    """`reason` is a code: `declined`, `expired`, `not_received`, `cancelled`, `not_started`."""
    return Kind.FAILED, _payment(payment) | {"reason": reason}


def paid(one: Payable, amount: int, method: str, payment: Payment | None = None) -> Draft:
    return Kind.PAID, {
        "payable": one.pk,
        "payment": payment.pk if payment else None,
        "amount": wire(amount),
        "method": method,
    }


def suspense(amount: int, because: str) -> Draft:
    """Money came in that settles nothing yet; `because` is `over`, `other_payer` or `late`."""
    return Kind.SUSPENSE, {"amount": wire(amount), "because": because}


def returned(amount: int) -> Draft:
    return Kind.RETURNED, {"amount": wire(amount)}


def refunded(payment: Payment, amount: int, owed: Iterable[tuple[Payable, int]]) -> Draft:
    """Money went back; `owed` is what is to be paid again of which payable, until its date as it is now."""
    return Kind.REFUNDED, _payment(payment) | {"amount": wire(amount), "owed": _owed(owed)}


def refund_failed(payment: Payment, amount: int, settled: int) -> Draft:
    """The payer's bank did not take a refund: the payee has the money again, and `settled` of it is no longer owed."""
    return Kind.REFUND_FAILED, _payment(payment) | {"amount": wire(amount), "settled": wire(settled)}


def dispute_lost(payment: Payment, amount: int, owed: Iterable[tuple[Payable, int]]) -> Draft:
    """A card dispute took the money back."""
    return Kind.DISPUTED, _payment(payment) | {"amount": wire(amount), "won": False, "owed": _owed(owed)}


def dispute_won(payment: Payment, amount: int, settled: int) -> Draft:
    """A card dispute gave the money back again."""
    return Kind.DISPUTED, _payment(payment) | {"amount": wire(amount), "won": True, "settled": wire(settled)}


def overdue(one: Payable, amount: int) -> Draft:
    """A fact about the buyer: so much was not paid in time."""
    assert one.due_at is not None
    return Kind.OVERDUE, {"payable": one.pk, "amount": wire(amount), "due": rfc3339(one.due_at)}


def completed() -> Draft:
    return Kind.COMPLETED, {}


def reopened(because: str) -> Draft:
    return Kind.REOPENED, {"because": because}


def terminated() -> Draft:
    return Kind.TERMINATED, {}


def budget_set(department: dict[str, str], line: str, total: int) -> Draft:
    """To the platform's case file: a department states what a budget line holds."""
    return Kind.BUDGET_SET, {"department": department, "line": line, "total": wire(total)}


def _plan(plan: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"n": p["n"], "name": p["name"], "amount": wire(p["amount"]), "due_wd": p["due_wd"]} for p in plan]


def _milestone(one: Milestone) -> dict[str, Any]:
    return {"n": one.n, "name": one.name, "amount": wire(one.amount), "due": rfc3339(one.due_at)}


def _which(delivery: Delivery) -> dict[str, Any]:
    return {"milestone": delivery.milestone.n, "version": delivery.version}


def _owed(owed: Iterable[tuple[Payable, int]]) -> list[dict[str, Any]]:
    return [
        {"payable": one.pk, "amount": wire(amount), "due": rfc3339(one.due_at) if one.due_at else None}
        for one, amount in owed
    ]


def _payment(payment: Payment) -> dict[str, Any]:
    return {"payment": payment.pk, "payable": payment.payable_id, "method": payment.method}
