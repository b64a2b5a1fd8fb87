"""The one pass over hidden floors (R5.6) against a war of single steps, bidder against bidder."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.models import AuctionStatus
from bidding.rules.bids import BiddingClosed, BiddingNotOpen, NotPositive, Terms
from bidding.rules.proxy import (
    Floor,
    FloorChangedTooOften,
    FloorNotConfirmed,
    FloorNotLower,
    FloorTooHigh,
    answer,
    judge_floor,
    resolve,
)
from marketplace.rulesets import Proxy, ruleset

_NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
_TERMS = Terms(
    status=AuctionStatus.LIVE,
    ceiling=100_000,
    step=500,
    best=90_000,
    leader=1,
    ready_at=_NOW - timedelta(minutes=4),
    opens_at=_NOW - timedelta(minutes=1),
    closes_at=_NOW + timedelta(minutes=9),
    hard_end=_NOW + timedelta(minutes=59),
    confirm_percent=10,
    window=timedelta(seconds=120),
    extension=timedelta(seconds=120),
)
_NUMBERS = ruleset("2026-12").of(Proxy)


def war(price: int, leader: int, floors: list[Floor], step: int, dice: random.Random) -> tuple[int, int]:
    """The naive war: whoever can undercuts by one step, in no order, until nobody can."""
    while True:
        able = [one.bidder for one in floors if one.bidder != leader and one.amount <= price - step]
        if not able:
            return price, leader
        leader, price = dice.choice(able), price - step


def limit(bidder: int, price: int, leader: int, floors: list[Floor]) -> int:
    """How far a bidder goes: the leader without a floor stands at its price, anybody else without one is out."""
    own = next((one.amount for one in floors if one.bidder == bidder), None)
    if own is not None:
        return min(own, price)
    return price if bidder == leader else 10**12


@st.composite
def situations(draw: st.DrawFn) -> tuple[int, int, list[Floor], int]:
    step, price = draw(st.integers(1, 20)), draw(st.integers(200, 600))
    bidders = draw(st.lists(st.integers(0, 6), min_size=1, max_size=6, unique=True))
    floors = [Floor(bidder, draw(st.integers(1, 620)), seq) for seq, bidder in enumerate(bidders)]
    floors = [replace(one, amount=min(one.amount, price)) if one.bidder == 0 else one for one in floors]
    return price, 0, floors, step


@given(situations())
def test_the_pass_does_what_r5_6_promises(situation):
    price, leader, floors, step = situation
    after = resolve(price, leader, floors, step)
    able = [one.bidder for one in floors if one.bidder != leader and one.amount <= price - step]
    assert (after is None) == (not able)
    if after is None:
        return
    best, leads = after
    contenders = {*able, leader}
    limits = {who: limit(who, price, leader, floors) for who in contenders}
    assert best <= price - step, "a bid placed by a floor undercuts like any other"
    assert best >= limits[leads], "nobody is bid below its floor"
    assert limits[leads] == min(limits.values()), "the lowest floor leads"
    assert all(limits[who] > best - step for who in contenders - {leads}), "somebody could still bid"
    assert resolve(best, leads, floors, step) is None, "one pass is enough"


@given(situations())
def test_of_equal_floors_the_earlier_leads(situation):
    price, leader, floors, step = situation
    after = resolve(price, leader, floors, step)
    if after is None:
        return
    equal = [
        one for one in floors if limit(one.bidder, price, leader, floors) == limit(after[1], price, leader, floors)
    ]
    assert after[1] == min(equal, key=lambda one: one.seq).bidder


@given(situations(), st.randoms(use_true_random=False))
def test_it_ends_where_a_war_of_single_steps_ends_but_for_a_step(situation, dice):
    price, leader, floors, step = situation
    after = resolve(price, leader, floors, step) or (price, leader)
    best, leads = war(price, leader, floors, step, dice)
    assert abs(best - after[0]) <= 2 * step
    # Where one floor is lowest by two steps, no order of turns lets anybody else win.
    limits = sorted(limit(who, price, leader, floors) for who in {leader, *(one.bidder for one in floors)})
    if len(limits) > 1 and limits[1] - limits[0] > 2 * step:
        assert leads == after[1]


@given(situations())
def test_the_order_in_which_floors_are_read_means_nothing(situation):
    price, leader, floors, step = situation
    assert resolve(price, leader, floors, step) == resolve(price, leader, list(reversed(floors)), step)


def test_without_a_bid_the_first_floor_stands_at_the_ceiling():
    empty = replace(_TERMS, best=None, leader=None)
    assert answer(empty, [Floor(7, 50_000, 1)]) == (100_000, 7)
    assert answer(empty, [Floor(7, 50_000, 1), Floor(8, 60_000, 2)]) == (59_500, 7)
    assert answer(empty, []) is None


@pytest.mark.parametrize(
    ("floors", "result"),
    [
        ([Floor(2, 89_501, 1)], None),
        ([Floor(2, 89_500, 1)], (89_500, 2)),
        ([Floor(2, 80_000, 1)], (89_500, 2)),
        ([Floor(2, 80_000, 1), Floor(1, 80_000, 2)], (80_000, 2)),
        ([Floor(2, 80_000, 2), Floor(1, 80_000, 1)], (80_000, 1)),
        ([Floor(2, 80_000, 2), Floor(1, 70_000, 1)], (79_500, 1)),
        ([Floor(2, 80_000, 2), Floor(3, 79_800, 3)], (79_800, 3)),
    ],
)
def test_examples(floors, result):
    assert answer(_TERMS, floors) == result


def _judge(amount, bidder=2, terms=_TERMS, now=_NOW, **other):
    given_ = {"current": None, "times_set": 0, "numbers": _NUMBERS, "confirmed": True} | other
    judge_floor(amount, bidder, terms, now, **given_)


def test_a_floor_may_be_set_from_the_ready_phase_to_the_close_and_in_a_pause():
    for status in (AuctionStatus.READY, AuctionStatus.LIVE, AuctionStatus.PAUSED):
        _judge(80_000, terms=replace(_TERMS, status=status))
    with pytest.raises(BiddingNotOpen):
        _judge(80_000, terms=replace(_TERMS, status=AuctionStatus.WAITING))
    with pytest.raises(BiddingClosed):
        _judge(80_000, terms=replace(_TERMS, status=AuctionStatus.TIE_OUT))
    with pytest.raises(BiddingClosed):
        _judge(80_000, now=_TERMS.closes_at)


def test_what_a_floor_may_not_be():
    with pytest.raises(NotPositive):
        _judge(0)
    with pytest.raises(FloorTooHigh) as refused:
        _judge(89_501)
    assert refused.value.facts["limit"] == "895.00"
    _judge(90_000, bidder=1)  # who leads may stand firm where it stands
    with pytest.raises(FloorNotLower):
        _judge(80_000, current=80_000)
    with pytest.raises(FloorNotConfirmed) as asked:
        _judge(80_000, confirmed=False)
    assert asked.value.facts["words"] == "捌佰元整"
    _judge(80_000, times_set=20)
    with pytest.raises(FloorChangedTooOften):
        _judge(80_000, times_set=21)
