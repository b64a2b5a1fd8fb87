"""Rows for the rules: short to write, and plain to read in a test."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from flags.rows import Deal, Offer, Process, Rated, Served, Window
from flags.rules import RULES, Found
from flags.rulesets import flag_rules

START = datetime(2026, 1, 5, 2, tzinfo=UTC)
_numbers = count(1)


def day(n: float) -> datetime:
    return START + timedelta(days=n)


def process(prices: Mapping[str, int | None], winner: str | None = "", at: float = 0, **fields: Any) -> Process:
    """A process of these opening prices (yuan); the lowest wins unless said otherwise."""
    priced = {who: price for who, price in prices.items() if price is not None}
    won = (min(priced, key=lambda who: priced[who]) if priced else None) if winner == "" else winner
    offers = tuple(Offer(who, price * 100 if price is not None else None) for who, price in prices.items())
    defaults: dict[str, Any] = {
        "number": f"GS-{next(_numbers)}",
        "item": "TST-01",
        "region": "620100",
        "buyer": "BUYER",
        "published_at": day(at),
        "closes_at": day(at + 2),
        "ended_at": day(at + 3),
        "ceiling": 10_000_000,
        "offers": offers,
        "winner": won,
        "final": priced[won] * 100 if won in priced else None,
    }
    return Process(**defaults | fields)


def excluded(one: Process, *agencies: str) -> Process:
    """The same, with the offers of these excluded."""
    offers = tuple(
        Offer(offer.agency, offer.amount, offer.at, offer.excluded or offer.agency in agencies) for offer in one.offers
    )
    return Process(**{name: getattr(one, name) for name in Process.__slots__} | {"offers": offers})


def deal(**fields: Any) -> Deal:
    defaults: dict[str, Any] = {
        "number": f"GS-{next(_numbers)}",
        "buyer": "BUYER",
        "agency": "A",
        "price": 5_000_000,
        "ceiling": 10_000_000,
        "entrants": 3,
        "signed_at": day(0),
        "due_at": day(50),
    }
    return Deal(**defaults | fields)


def served(department: str, agency: str, how_many: int, passed: bool | None = None) -> list[Served]:
    return [Served(f"GS-{next(_numbers)}", department, f"E{next(_numbers)}", agency, passed) for _ in range(how_many)]


def rated(how_many: int, buyer: str = "BUYER", x: float = 1.0, **fields: Any) -> list[Rated]:
    defaults: dict[str, Any] = {"agency": "A", "at": day(0), "weight": 1.0}
    return [Rated(f"GS-{next(_numbers)}", buyer, x=x, **defaults | fields) for _ in range(how_many)]


def found(code: str, *processes: Process, **rows: Any) -> list[Found]:
    """What one rule finds."""
    window = Window(rows.pop("key", ("TST-01", "620100")), day(365), tuple(processes), **rows)
    rule = RULES[code]
    return list(rule.find(window, flag_rules().of(rule.row)))
