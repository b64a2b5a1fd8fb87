"""Which bills there were and how they were paid, from entries alone: what a record file tells is what the platform knows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.rules.bills import Bill, Entry, bills_in

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE, LATER = NOW + timedelta(days=30), NOW + timedelta(days=60)
DAY = timedelta(days=1)


def told(*more: tuple[str, datetime, dict[str, Any]]) -> Bill:
    """A bill over 900 yuan, due after thirty days, and what happened then."""
    entries: list[Entry] = [
        ("payment.payable", NOW, {"payable": 7, "milestone": 2, "amount": "900.00"}),
        ("payment.invoiced", NOW, {"payable": 7, "due": text(DUE)}),
        *more,
    ]
    return bills_in(entries)[7]


def text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def paid(at: datetime, amount: str = "900.00") -> tuple[str, datetime, dict[str, Any]]:
    return "payment.paid", at, {"payable": 7, "payment": 1, "amount": amount, "method": "transfer"}


def back(at: datetime, due: datetime, amount: str = "900.00", kind: str = "payment.refunded") -> Any:
    owed = [{"payable": 7, "amount": amount, "due": text(due)}]
    return kind, at, {"payment": 1, "payable": 7, "method": "stripe", "amount": amount, "owed": owed}


def again(at: datetime, settled: str, kind: str = "payment.refund_failed") -> Any:
    return kind, at, {"payment": 1, "payable": 7, "method": "stripe", "amount": "900.00", "settled": settled}


@pytest.mark.parametrize(
    ("happened", "in_time"),
    [
        ([], None),
        ([paid(DUE)], True),
        ([paid(DUE + DAY)], False),
        ([paid(NOW, "899.99")], None),
        ([paid(NOW, "899.99"), paid(DUE, "0.01")], True),
        ([paid(NOW), back(NOW + DAY, LATER)], None),
        ([paid(NOW), back(NOW + DAY, LATER), paid(DUE + DAY)], True),
        ([paid(NOW), back(NOW + DAY, LATER, "0.01"), paid(LATER, "0.01")], True),
        ([paid(NOW), back(NOW + DAY, DUE), paid(DUE + DAY)], False),
        ([paid(NOW), back(NOW + DAY, DUE), again(DUE, "900.00")], True),
        ([paid(NOW), back(NOW + DAY, DUE), again(DUE, "0.00")], None),
        ([paid(NOW), back(NOW + DAY, DUE, kind="payment.disputed"), again(DUE, "900.00", "payment.disputed")], True),
    ],
)
def test_a_bill_is_paid_in_time_late_or_not_yet(happened: list[Entry], in_time: bool | None) -> None:
    assert told(*happened).in_time(DUE) == in_time


def test_what_is_not_paid_is_late_once_its_date_is_over() -> None:
    assert told().in_time(DUE + DAY) is False
    assert told(paid(NOW), back(NOW + DAY, LATER)).in_time(DUE + DAY) is None
    assert told(paid(NOW), back(NOW + DAY, LATER)).in_time(LATER + DAY) is False


def test_without_an_invoice_there_is_no_date_and_no_verdict() -> None:
    [bill] = bills_in(
        [("payment.payable", NOW, {"payable": 7, "milestone": 2, "amount": "900.00"}), paid(NOW)]
    ).values()
    assert (bill.settled_at, bill.due_at, bill.in_time(LATER)) == (NOW, None, None)


def test_what_stays_settled_is_settled_since_it_was_first() -> None:
    assert told(paid(NOW), paid(NOW + DAY, "5.00")).settled_at == NOW


def test_other_entries_say_nothing_and_a_malformed_one_is_no_bill() -> None:
    assert bills_in([("request.published", NOW, {})]) == {}
    with pytest.raises(KeyError):
        bills_in([paid(NOW)])
