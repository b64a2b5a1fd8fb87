"""Procurements as OCDS shapes them, one frozen row each, for whoever computes over them: indicators, statistics, red flags.

The rows come from anybody's OCDS file (`from_ocds`) as well as from the platform's own releases, which have the same shape. A reader
of case files or of the database belongs beside its caller and builds the same classes.

`from_ocds` is total: what a file leaves out, or writes in a way that OCDS does not know, is None or empty here, never an error; who needs a
figure asks for it. Amounts are `Decimal`s with their currency (the platform's: CNY, two decimals); moments carry their zone, a bare
date is midnight UTC, an offset-less moment is UTC. Texts are stripped. Nothing is deduplicated, ordered or repaired.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True)
class Price:
    """An amount in a currency (ISO 4217; "" where the file does not say)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Bid:
    """One bid. `status` as OCDS's bidStatus: invited, pending, valid, disqualified, withdrawn; "" if not said.

    `price` is what stood in the end; `opening` what the bidder offered first, before it knew of others (the platform's field
    `openingValue`; None elsewhere). `tenderers` are party ids: more than one for a consortium, none where the file hides or forgot them.
    """

    id: str
    tenderers: tuple[str, ...]
    status: str
    price: Price | None = None
    opening: Price | None = None
    at: datetime | None = None

    @property
    def first_price(self) -> Price | None:
        """The opening price where there is one, else the price: what R10's formulas look at unless they say otherwise."""
        return self.opening or self.price


@dataclass(frozen=True)
class Award:
    """One award. `status` as OCDS's awardStatus: pending, active, cancelled, unsuccessful; "" if not said."""

    id: str
    status: str
    suppliers: tuple[str, ...]
    price: Price | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """An amendment of a notice or a contract. The prices are the platform's fields `formerValue` and `value`; None elsewhere."""

    id: str
    at: datetime | None
    reason: str = ""
    before: Price | None = None
    after: Price | None = None


@dataclass(frozen=True)
class Contract:
    """One contract. `status` as OCDS's contractStatus: pending, active, cancelled, terminated; "" if not said.

    `starts_at` and `due_at` are its period; `delivered_at` is the last day on which a milestone was met, `payments` the sum of its
    implementation's transactions where they are in one currency, less what the suppliers of its award paid back.
    """

    id: str
    award: str
    status: str
    price: Price | None = None
    signed_at: datetime | None = None
    starts_at: datetime | None = None
    due_at: datetime | None = None
    delivered_at: datetime | None = None
    payments: Price | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Procurement:
    """One contracting process.

    `item` is the id of the first item's classification, `region` of its place of delivery (a gazetteer's id, else a region's name,
    else the region of the buyer's address). `method` is OCDS's: open, selective, limited, direct; `method_details` is the buyer's own
    word for it (the platform's: 网上竞价 …), `method_code` the platform's code (live, sealed …; "" elsewhere). `status` is the
    tender's. `number_of_tenderers` is the file's own figure, which may differ from how many `tenderers` or `bids` it lists.
    `interested` are the parties that entered and made no bid.
    """

    ocid: str
    title: str = ""
    buyer: str = ""
    buyer_name: str = ""
    item: str = ""
    region: str = ""
    method: str = ""
    method_details: str = ""
    method_code: str = ""
    status: str = ""
    notice_at: datetime | None = None
    deadline_at: datetime | None = None
    award_at: datetime | None = None
    ceiling: Price | None = None
    number_of_tenderers: int | None = None
    tenderers: tuple[str, ...] = ()
    interested: tuple[str, ...] = ()
    bids: tuple[Bid, ...] = ()
    awards: tuple[Award, ...] = ()
    contracts: tuple[Contract, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def winners(self) -> tuple[str, ...]:
        """The suppliers of the active awards, in the file's order, each once."""
        return tuple(dict.fromkeys(one for award in self.awards if award.status == "active" for one in award.suppliers))

    @property
    def award_price(self) -> Price | None:
        """What the active award costs; None where none is active, or several are."""
        active = [award for award in self.awards if award.status == "active"]
        return active[0].price if len(active) == 1 else None


def from_ocds(said: object) -> Procurement:
    """A compiled release, or a record with one, as a row; an object without any of it gives a row with an empty `ocid`.

    A record's linked releases are not fetched, and its embedded ones not merged: without a `compiledRelease` only its ocid is known.
    """
    record = _object(said)
    release = _object(record.get("compiledRelease")) or record
    tender, buyer = _object(release.get("tender")), _object(release.get("buyer"))
    period = _object(tender.get("tenderPeriod"))
    item = next(_objects(tender, "items"), {})
    awards = tuple(_award(one) for one in _objects(release, "awards"))
    return Procurement(
        ocid=_text(release.get("ocid")) or _text(record.get("ocid")),
        title=_text(tender.get("title")),
        buyer=_text(buyer.get("id")),
        buyer_name=_text(buyer.get("name")),
        item=_text(_object(item.get("classification")).get("id")),
        region=_region(item, release, _text(buyer.get("id"))),
        method=_text(tender.get("procurementMethod")),
        method_details=_text(tender.get("procurementMethodDetails")),
        method_code=_text(tender.get("method")),
        status=_text(tender.get("status")),
        notice_at=_moment(period.get("startDate")),
        deadline_at=_moment(period.get("endDate")),
        award_at=next((one.at for one in awards if one.status == "active"), None),
        ceiling=_price(tender.get("value")),
        number_of_tenderers=_whole(tender.get("numberOfTenderers")),
        tenderers=_ids(tender, "tenderers"),
        interested=_interested(release),
        bids=tuple(_bid(one) for one in _objects(_object(release.get("bids")), "details")),
        awards=awards,
        contracts=tuple(_contract(one, awards) for one in _objects(release, "contracts")),
        changes=_changes(tender),
    )


def _bid(said: Mapping[str, Any]) -> Bid:
    return Bid(
        id=_text(said.get("id")),
        tenderers=_ids(said, "tenderers"),
        status=_text(said.get("status")),
        price=_price(said.get("value")),
        opening=_price(said.get("openingValue")),
        at=_moment(said.get("date")),
    )


def _award(said: Mapping[str, Any]) -> Award:
    return Award(
        id=_text(said.get("id")),
        status=_text(said.get("status")),
        suppliers=_ids(said, "suppliers"),
        price=_price(said.get("value")),
        at=_moment(said.get("date")),
    )


def _contract(said: Mapping[str, Any], awards: tuple[Award, ...]) -> Contract:
    award = _text(said.get("awardID"))
    suppliers = {one for known in awards if known.id == award for one in known.suppliers}
    period, implementation = _object(said.get("period")), _object(said.get("implementation"))
    milestones = (*_objects(said, "milestones"), *_objects(implementation, "milestones"))
    met = [at for one in milestones if (at := _moment(one.get("dateMet"))) is not None]
    return Contract(
        id=_text(said.get("id")),
        award=award,
        status=_text(said.get("status")),
        price=_price(said.get("value")),
        signed_at=_moment(said.get("dateSigned")),
        starts_at=_moment(period.get("startDate")),
        due_at=_moment(period.get("endDate")),
        delivered_at=max(met, default=None),
        payments=_sum(_payment(one, suppliers) for one in _objects(implementation, "transactions")),
        changes=_changes(said),
    )


def _changes(said: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(
            id=_text(one.get("id")),
            at=_moment(one.get("date")),
            reason=_text(one.get("rationale")) or _text(one.get("description")),
            before=_price(one.get("formerValue")),
            after=_price(one.get("value")),
        )
        for one in _objects(said, "amendments")
    )


def _region(item: Mapping[str, Any], release: Mapping[str, Any], buyer: str) -> str:
    gazetteer = _object(_object(item.get("deliveryLocation")).get("gazetteer"))
    known = gazetteer.get("identifiers")
    if isinstance(known, list) and known and _text(known[0]):
        return _text(known[0])
    if there := _text(_object(item.get("deliveryAddress")).get("region")):
        return there
    parties = (one for one in _objects(release, "parties") if buyer and _text(one.get("id")) == buyer)
    return next((_text(_object(one.get("address")).get("region")) for one in parties), "")


def _interested(release: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose roles say so, and not that they bid."""
    found = []
    for one in _objects(release, "parties"):
        roles = one.get("roles")
        if isinstance(roles, list) and "interestedParty" in roles and "tenderer" not in roles:
            found.append(_text(one.get("id")))
    return tuple(found)


def _payment(said: Mapping[str, Any], suppliers: set[str]) -> Price | None:
    price = _price(said.get("value"))
    back = _text(_object(said.get("payer")).get("id")) in suppliers
    return Price(-price.amount, price.currency) if price is not None and back else price


def _sum(prices: Iterator[Price | None]) -> Price | None:
    known = [price for price in prices if price is not None]
    if len({price.currency for price in known}) != 1:
        return None
    return Price(sum((price.amount for price in known), Decimal(0)), known[0].currency)


def _object(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _objects(said: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    found = said.get(key)
    return (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else iter(())


def _ids(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(found for one in _objects(said, key) if (found := _text(one.get("id"))))


def _text(said: object) -> str:
    """Texts, and the numbers that OCDS allows as ids."""
    if isinstance(said, str):
        return said.strip()
    return str(said) if isinstance(said, int) and not isinstance(said, bool) else ""


def _whole(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def _price(said: object) -> Price | None:
    value = _object(said)
    amount = value.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float | Decimal):
        return None
    try:
        exact = Decimal(str(amount))
    except InvalidOperation:
        return None
    return Price(exact, _text(value.get("currency"))) if exact.is_finite() else None


def _moment(said: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(said))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
