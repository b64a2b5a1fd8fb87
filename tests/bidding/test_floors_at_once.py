"""Floors in races on the real database: against the close, against each other, against bids (R5.6, I6)."""

import uuid
from itertools import pairwise

import pytest

from accounts.models import Kind
from bidding import queries
from bidding.actions import Press, advance, place_bids, set_floor
from bidding.models import Auction, Floor
from core.clock import database_now
from journal.awards import live
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.live_parts import code, floor, label, press, record
from tests.committed import at_once

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def world():
    item = cast.service_item(f"FLR-{uuid.uuid4().hex[:6]}")
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    agencies = [cast.agency(f"第{n}咨询有限公司") for n in range(6)]
    cast.offers(item, *agencies)
    by = cast.person(f"{uuid.uuid4().hex}@buyer.example", buyer)
    return cast.live_auction(buyer, item, by, *agencies), agencies


def test_six_floors_at_once_end_where_one_after_another_would(world):
    auction, agencies = world
    amounts = [80_000, 81_000, 82_000, 83_000, 84_000, 85_000]
    answers = at_once(*(lambda a=a, n=n: floor(auction, a, f"{n}.00") for a, n in zip(agencies, amounts, strict=True)))
    # A slower one may find that the price has already fallen below what it would set.
    assert {code(one) for one in answers} <= {None, "E_FLOOR_TOO_HIGH"}
    auction.refresh_from_db()
    assert auction.leader.agency == agencies[0]
    assert cast.yuan("80000") <= auction.best <= cast.yuan("80500")


def test_a_floor_and_the_close_at_the_same_moment_one_wins_and_the_other_is_told(world):
    auction, agencies = world
    place_bids(auction.request.number, [press(agencies[1], "99000.00")])
    cast.set_close(auction, 0.15)
    presses = [Press(uuid.uuid4(), a.pk, a.user.pk, cast.yuan("90000"), True) for a in agencies[2:5]]
    answers = at_once(
        *(lambda p=p: _slowly(lambda: set_floor(auction.request.number, p)) for p in presses),
        lambda: _slowly(lambda: advance(auction.request.number)),
    )
    told = [code(one) for one in answers[:-1]]
    assert set(told) <= {None, "E_CLOSED", "E_FLOOR_TOO_HIGH"}
    auction.refresh_from_db()
    set_in_time = [e["seq"] for e in record(auction) if e["kind"] == "proxy.set"]
    assert told.count(None) == len(set_in_time) == Floor.objects.count()
    if auction.status == "closed":
        ended = next(e["seq"] for e in record(auction) if e["kind"] == "auction.closed")
        assert all(seq < ended for seq in set_in_time)
        outcome = live.decide(queries.case_entries(auction.request.number), ruleset("2026-12").numbers)
        assert outcome.winner == label(auction, auction.leader.agency)


def test_bids_and_floors_at_once_leave_falling_prices_and_one_leader(world):
    auction, agencies = world
    floors = [lambda a=a: floor(auction, a, f"{70_000 + 500 * a.pk % 7}.00") for a in agencies[:3]]
    bids = [
        lambda a=a: place_bids(auction.request.number, [press(a, f"{99_000 - 600 * n}.00") for n in range(5)])
        for a in agencies[3:]
    ]
    results = at_once(*floors, *bids)
    assert not [one for one in results if isinstance(one, BaseException)]
    prices = [cast.yuan(e["data"]["amount"]) for e in record(auction) if e["kind"] == "bid.placed"]
    assert all(later <= earlier - auction.step for earlier, later in pairwise(prices))
    auction.refresh_from_db()
    assert auction.best == prices[-1]


def _slowly(work):
    """Start just before the close, whatever the threads did until then."""
    while database_now() < Auction.objects.get().closes_at:
        pass
    return work()
