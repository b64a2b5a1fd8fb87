"""Rows of OCDS files: whatever a file says or leaves out becomes one shape, and nothing raises."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.rows import Award, Bid, Change, Contract, Price, Procurement, from_ocds

CNY = "CNY"
RELEASE = {
    "ocid": "ocds-x-1",
    "buyer": {"id": "B", "name": "买方"},
    "parties": [{"id": "B", "address": {"region": "620100"}}],
    "tender": {
        "title": "环评",
        "status": "complete",
        "items": [{"id": "1", "classification": {"scheme": "x", "id": "eia"}}],
        "procurementMethod": "open",
        "procurementMethodDetails": "live",
        "tenderPeriod": {"startDate": "2026-11-01T00:00:00Z", "endDate": "2026-11-06T09:00:00+08:00"},
        "value": {"amount": 100000.5, "currency": "CNY"},
        "numberOfTenderers": 2,
        "tenderers": [{"id": "W"}, {"id": "L"}],
        "amendments": [{"id": "a", "date": "2026-11-02", "rationale": "改"}],
    },
    "bids": {
        "details": [
            {
                "id": "1",
                "status": "valid",
                "date": "2026-11-05T01:00:00Z",
                "tenderers": [{"id": "W"}],
                "value": {"amount": 80, "currency": "CNY"},
                "openingValue": {"amount": 95, "currency": "CNY"},
            },
            {"id": 2, "status": "disqualified", "tenderers": [{"id": "L"}]},
        ]
    },
    "awards": [
        {"id": "a1", "status": "cancelled", "suppliers": [{"id": "L"}]},
        {
            "id": "a2",
            "status": "active",
            "date": "2026-11-07T00:00:00Z",
            "suppliers": [{"id": "W"}],
            "value": {"amount": 80, "currency": "CNY"},
        },
    ],
    "contracts": [
        {
            "id": "c",
            "awardID": "a2",
            "status": "active",
            "value": {"amount": 82, "currency": "CNY"},
            "dateSigned": "2026-11-10T00:00:00Z",
            "period": {"startDate": "2026-11-10T00:00:00Z", "endDate": "2026-12-10T00:00:00Z"},
            "milestones": [{"id": "1", "dateMet": "2026-11-20T00:00:00Z"}, {"id": "2"}],
            "implementation": {
                "transactions": [
                    {"id": "t1", "value": {"amount": 50.1, "currency": "CNY"}},
                    {"id": "t2", "value": {"amount": 20.2, "currency": "CNY"}},
                ]
            },
            "amendments": [
                {
                    "id": "v2",
                    "date": "2026-11-15T00:00:00Z",
                    "formerValue": {"amount": 80, "currency": "CNY"},
                    "value": {"amount": 82, "currency": "CNY"},
                }
            ],
        }
    ],
}


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def cny(amount: str) -> Price:
    return Price(Decimal(amount), CNY)


def test_a_compiled_release_becomes_a_row() -> None:
    row = from_ocds(RELEASE)
    assert row == Procurement(
        ocid="ocds-x-1",
        title="环评",
        buyer="B",
        buyer_name="买方",
        item="eia",
        region="620100",
        method="open",
        method_details="live",
        status="complete",
        notice_at=at(11, 1),
        deadline_at=at(11, 6, 1),
        award_at=at(11, 7),
        ceiling=cny("100000.5"),
        number_of_tenderers=2,
        tenderers=("W", "L"),
        bids=(
            Bid("1", ("W",), "valid", cny("80"), cny("95"), at(11, 5, 1)),
            Bid("2", ("L",), "disqualified"),
        ),
        awards=(Award("a1", "cancelled", ("L",)), Award("a2", "active", ("W",), cny("80"), at(11, 7))),
        contracts=(
            Contract(
                id="c",
                award="a2",
                status="active",
                price=cny("82"),
                signed_at=at(11, 10),
                starts_at=at(11, 10),
                due_at=at(12, 10),
                delivered_at=at(11, 20),
                payments=cny("70.3"),
                changes=(Change("v2", at(11, 15), "", cny("80"), cny("82")),),
            ),
        ),
        changes=(Change("a", at(11, 2), "改"),),
    )
    assert row.winners == ("W",)
    assert row.award_price == cny("80")
    assert [bid.first_price for bid in row.bids] == [cny("95"), None]


def test_a_record_is_read_through_its_compiled_release() -> None:
    assert from_ocds({"ocid": "ocds-x-1", "releases": [], "compiledRelease": RELEASE}) == from_ocds(RELEASE)


def test_a_record_without_one_has_only_its_ocid() -> None:
    assert from_ocds({"ocid": "r", "releases": [{"url": "https://a.example/1"}]}) == Procurement("r")


def test_payments_in_two_currencies_have_no_sum() -> None:
    transactions = [{"value": {"amount": 1, "currency": code}} for code in ("CNY", "USD")]
    row = from_ocds({"ocid": "x", "contracts": [{"id": "c", "implementation": {"transactions": transactions}}]})
    assert row.contracts[0].payments is None


def test_a_place_of_delivery_goes_before_the_address_of_the_buyer() -> None:
    item = {"deliveryLocation": {"gazetteer": {"scheme": "x", "identifiers": ["620700"]}}}
    assert from_ocds({**RELEASE, "tender": {"items": [item]}}).region == "620700"


@pytest.mark.parametrize("amount", ["80", True, None, float("nan"), float("inf"), [1]])
def test_what_is_no_number_is_no_price(amount: object) -> None:
    assert from_ocds({"ocid": "x", "tender": {"value": {"amount": amount, "currency": "CNY"}}}).ceiling is None


@pytest.mark.parametrize("moment", ["gestern", "2026-13-01", 5, None, {}])
def test_what_is_no_moment_is_none(moment: object) -> None:
    assert from_ocds({"awards": [{"id": "a", "status": "active", "date": moment}]}).award_at is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["ocid", "tender", "bids", "details", "awards", "contracts", "parties", "items", "value", "amount"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_no_file_breaks_the_reader(said: object) -> None:
    assert isinstance(from_ocds(said), Procurement)
