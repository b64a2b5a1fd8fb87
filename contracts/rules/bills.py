"""How a buyer paid, from the entries of a request's case file alone: which bills there were, until when, and settled when.

Free of the framework: whoever has a record (docs/protocol.md) computes it again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

# kind, time, data
Entry = tuple[str, datetime, Mapping[str, Any]]


@dataclass
class Bill:
    """One thing to pay (fen): what was paid of it so far, its date, and since when all of it is."""

    milestone: int
    amount: int
    paid: int = 0
    due_at: datetime | None = None
    settled_at: datetime | None = None

    def take(self, amount: int, at: datetime) -> None:
        """So much was settled, or taken back (a negative amount)."""
        self.paid += amount
        self.settled_at = (self.settled_at or at) if self.paid >= self.amount else None

    def in_time(self, now: datetime) -> bool | None:
        """Was it paid by its date? None while it may still be, and before it has a date."""
        if self.due_at is None:
            return None
        if self.settled_at is not None:
            return self.settled_at <= self.due_at
        return False if now > self.due_at else None


def bills_in(entries: Iterable[Entry]) -> dict[int, Bill]:
    """Payable → bill, after all the entries, which are in their order. Raises KeyError, TypeError or ValueError if malformed."""
    bills: dict[int, Bill] = {}
    for kind, at, data in entries:
        match kind:
            case "payment.payable":
                bills[data["payable"]] = Bill(data["milestone"], _fen(data["amount"]))
            case "payment.invoiced":
                bills[data["payable"]].due_at = _moment(data["due"])
            case "payment.paid":
                bills[data["payable"]].take(_fen(data["amount"]), at)
            case "payment.refunded" | "payment.refund_failed" | "payment.disputed":
                _moved(bills, at, data)
            case _:
                pass
    return bills


def _moved(bills: Mapping[int, Bill], at: datetime, data: Mapping[str, Any]) -> None:
    """Money went back, and is owed again until a date; or came again, and settles."""
    for one in data.get("owed", ()):
        bill = bills[one["payable"]]
        bill.take(-_fen(one["amount"]), at)
        bill.due_at = _moment(one["due"]) if one["due"] else None  # paid before there was an invoice
    if "settled" in data:
        bills[data["payable"]].take(_fen(data["settled"]), at)


def _fen(amount: str) -> int:
    return int(Decimal(amount) * 100)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
