"""The pure judgements, over all the values they can meet (R3, R5.4, R5.5, I6). No database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.models import AuctionStatus
from bidding.rules.bids import (
    BiddingClosed,
    BiddingNotOpen,
    BiddingPaused,
    BidTooHigh,
    InTieOut,
    Terms,
    judge_bid,
    stand,
)
from bidding.rules.timeline import Moment, Move, Turnout, judge_turnout, move_due, next_move
from core.errors import Refused
from marketplace.models import Method, RequestStatus
from marketplace.rulesets import CURRENT, ruleset

_OPEN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
_LIVE = ruleset(CURRENT).live


@st.composite
def terms(draw):
    """A live auction somewhere between its opening and its hard end."""
    ceiling = draw(st.integers(100, 10**9))
    step = draw(st.integers(1, max(ceiling // 20, 1)))
    best = draw(st.none() | st.integers(1, ceiling))
    opens_at = _OPEN
    hard_end = opens_at + timedelta(milliseconds=draw(st.integers(1000, 3_600_000)))
    closes_at = opens_at + timedelta(
        milliseconds=draw(st.integers(1, int((hard_end - opens_at).total_seconds() * 1000)))
    )
    return Terms(
        status=AuctionStatus.LIVE,
        ceiling=ceiling,
        step=step,
        best=best,
        leader=None if best is None else draw(st.integers(1, 3)),
        ready_at=opens_at - timedelta(minutes=3),
        opens_at=opens_at,
        closes_at=closes_at,
        hard_end=hard_end,
        confirm_percent=10,
        window=timedelta(seconds=120),
        extension=timedelta(seconds=120),
    )


def refusal_of(amount, bidder, auction, now, confirmed):
    try:
        judge_bid(amount, bidder, auction, now, confirmed=confirmed)
    except Refused as refused:
        return refused
    return None


moments = st.integers(-2000, 3_700_000).map(lambda ms: _OPEN + timedelta(milliseconds=ms))


@given(terms(), st.integers(-10, 10**9), st.integers(1, 4), moments, st.booleans())
def test_a_bid_that_passes_satisfies_every_rule_and_a_refusal_names_one(auction, amount, bidder, now, confirmed):
    refused = refusal_of(amount, bidder, auction, now, confirmed)
    if refused is not None:
        assert refused.basis
        assert str(refused.text)
        return
    assert auction.opens_at <= now < auction.closes_at
    assert auction.leader != bidder
    assert 0 < amount <= auction.ceiling
    assert auction.best is None or amount <= auction.best - auction.step
    base = auction.best or auction.ceiling
    assert confirmed or amount * 10 >= base * 9


@given(terms(), st.integers(1, 4))
def test_the_limit_that_a_refusal_names_would_pass_and_a_fen_more_would_not(auction, bidder):
    now = auction.opens_at
    limit = auction.highest_allowed
    with pytest.raises(Refused):
        judge_bid(limit + 1, bidder, auction, now, confirmed=True)
    if limit > 0 and auction.leader != bidder:
        judge_bid(limit, bidder, auction, now, confirmed=True)
        with pytest.raises(BidTooHigh):
            judge_bid(limit + 1, bidder, auction, now, confirmed=True)


@given(terms(), st.integers(1, 4))
def test_i6_the_last_millisecond_counts_and_the_close_does_not(auction, bidder):
    other = replace(auction, leader=None, best=None)
    judge_bid(other.ceiling, bidder, other, other.closes_at - timedelta(milliseconds=1))
    with pytest.raises(BiddingClosed):
        judge_bid(other.ceiling, bidder, other, other.closes_at)
    with pytest.raises(BiddingNotOpen):
        judge_bid(other.ceiling, bidder, other, other.opens_at - timedelta(milliseconds=1))


@given(terms(), st.integers(1, 10**9), st.integers(1, 4), moments)
def test_the_close_only_moves_later_never_past_the_hard_end_and_only_in_the_window(auction, amount, bidder, now):
    after, moved = stand(amount, bidder, auction, now)
    assert auction.closes_at <= after.closes_at <= auction.hard_end
    assert moved == (after.closes_at > auction.closes_at)
    assert after.extensions == auction.extensions + moved
    if auction.closes_at - now >= auction.window:
        assert not moved
    elif now + auction.extension <= auction.hard_end:
        assert after.closes_at == now + auction.extension
    assert (after.best, after.leader) == (amount, bidder)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (AuctionStatus.WAITING, BiddingNotOpen),
        (AuctionStatus.READY, BiddingNotOpen),
        (AuctionStatus.PAUSED, BiddingPaused),
        (AuctionStatus.TIE_OUT, InTieOut),
        (AuctionStatus.REVIEW, BiddingClosed),
        (AuctionStatus.CLOSED, BiddingClosed),
        (AuctionStatus.FAILED, BiddingClosed),
    ],
)
@given(auction=terms())
def test_only_a_live_auction_takes_bids(auction, status, refusal):
    with pytest.raises(refusal):
        judge_bid(1, 9, replace(auction, status=status, paused_because="officers"), auction.opens_at, confirmed=True)


@st.composite
def states(draw):
    times = sorted(draw(st.lists(st.integers(0, 10**7), min_size=6, max_size=6)))
    enrol, ready, opens, closes, goes_on, still = (_OPEN + timedelta(milliseconds=ms) for ms in times)
    request = draw(st.sampled_from(list(RequestStatus)))
    auction = draw(st.none() | st.sampled_from(list(AuctionStatus)))
    waiting = draw(st.booleans())
    return Moment(
        request, enrol, auction, ready, opens, closes, still, waiting, goes_on_at=draw(st.sampled_from([None, goes_on]))
    )


_AT = {
    Move.CLOSE_ENROLMENT: "enrol_until",
    Move.GET_READY: "ready_at",
    Move.OPEN: "opens_at",
    Move.CLOSE: "closes_at",
    Move.GO_ON: "goes_on_at",
    Move.END_STANDSTILL: "standstill_until",
}


@given(states(), moments)
def test_a_move_is_due_exactly_from_its_time_on(state, now):
    pending = next_move(state)
    if pending is None:
        assert move_due(state, now) is None
        return
    move, at = pending
    assert at == getattr(state, _AT[move])
    assert move_due(state, at) == move
    assert move_due(state, at - timedelta(milliseconds=1)) is None
    assert move_due(state, now) == (move if now >= at else None)


@pytest.mark.parametrize(
    "request_status", [s for s in RequestStatus if s not in ("published", "selecting", "standstill")]
)
@given(state=states())
def test_time_moves_nothing_that_is_over_or_not_begun(state, request_status):
    assert next_move(replace(state, request=request_status)) is None


@given(st.integers(0, 50), st.booleans(), st.booleans())
def test_turnout_follows_the_table_of_methods(entrants, government, extended):
    verdict = judge_turnout(entrants, ruleset(CURRENT), Method.LIVE, government=government, extended=extended)
    least = 3 if government else 2
    assert (verdict is Turnout.ENOUGH) == (entrants >= least)
    assert (verdict is Turnout.EXTEND) == (entrants < least and not extended)
    assert (verdict is Turnout.GO_ON_WITH_A_NOTE) == (government and extended and entrants == 2)
    assert (verdict is Turnout.TOO_FEW) == (extended and entrants < 2)
