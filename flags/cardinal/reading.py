"""Reading OCDS as it comes: what is missing or of another type is simply not there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Release = dict[str, Any]
_NOT_SUBMITTED = ("invited", "withdrawn")
_OVER_IN_VAIN = ("cancelled", "unsuccessful")


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in its own currency; amounts of different currencies are never compared."""

    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class Bid:
    """One of `bids.details`. `tenderers` are ids; one without an id counts in `size` only."""

    status: str
    tenderers: tuple[str, ...]
    size: int
    price: Price | None
    date: str

    @property
    def submitted(self) -> bool:
        """Handed in, whatever became of it."""
        return self.status not in _NOT_SUBMITTED

    @property
    def single(self) -> str | None:
        """Its tenderer, if there is exactly one."""
        return self.tenderers[0] if self.size == 1 and self.tenderers else None


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of an array."""
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def part(value: Any, *path: str) -> Any:
    """Follow `path` through objects; None where it ends."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: Any, *path: str) -> str | None:
    """The string there, if it is one."""
    found = part(value, *path)
    return found if isinstance(found, str) else None


def ids(value: Any) -> tuple[str, ...]:
    """The ids of an array of organisations."""
    return tuple(found for one in objects(value) if (found := text(one, "id")) is not None)


def bids(release: Release) -> list[Bid]:
    """All that have a status."""
    found = []
    for one in objects(part(release, "bids", "details")):
        status, tenderers = text(one, "status"), one.get("tenderers")
        if status is not None:
            size = len(tenderers) if isinstance(tenderers, list) else 0
            found.append(Bid(status, ids(tenderers), size, _price(one), text(one, "date") or ""))
    return found


def submitted(release: Release) -> list[Bid]:
    """Pending, valid and disqualified ones."""
    return [one for one in bids(release) if one.submitted]


def active_awards(release: Release) -> list[dict[str, Any]]:
    """Those in force, whatever the others are."""
    return [one for one in objects(release.get("awards")) if one.get("status") == "active"]


def final_awards(release: Release) -> list[dict[str, Any]] | None:
    """Those in force; None while one is pending or invalid, or there is nothing to say it of."""
    if not isinstance(release.get("awards"), list) or not isinstance(part(release, "bids", "details"), list):
        return None
    known = [status for one in objects(release["awards"]) if (status := text(one, "status")) is not None]
    if any(status not in ("active", *_OVER_IN_VAIN) for status in known):
        return None
    return active_awards(release)


def only_supplier(release: Release) -> str | None:
    """Who won, if all awards are final, one is in force, and it went to one supplier."""
    awards = final_awards(release)
    if awards is None or len(awards) != 1:
        return None
    suppliers = awards[0].get("suppliers")
    if not isinstance(suppliers, list) or len(suppliers) != 1:
        return None
    return text(suppliers[0], "id")


def _price(bid: dict[str, Any]) -> Price | None:
    amount, currency = part(bid, "value", "amount"), text(bid, "value", "currency")
    if isinstance(amount, bool) or not isinstance(amount, int | float) or currency is None:
        return None
    return Price(float(amount), currency)
