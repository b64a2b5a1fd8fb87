"""Who is barred and what becomes of the lead, over all the values they can meet (R8, R5.5). No database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Standing
from bidding.models import AuctionStatus
from bidding.rules.barring import Because, Entrant, strike, why_barred
from bidding.rules.bids import Terms
from bidding.rulesets import standing_rules

_OPEN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
_PROBATION = standing_rules().probation
_LIMIT = 20_000_000


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REMOVED, Standing.WITHDRAWN])
def test_these_standings_bar_and_say_so_themselves_whatever_else_holds(standing):
    assert why_barred(Entrant(standing), _PROBATION) == standing.value
    assert why_barred(Entrant(standing, item_locked=True, awards=9), _PROBATION) == standing.value


@pytest.mark.parametrize("standing", [Standing.ACTIVE, Standing.WARNED, Standing.PROBATION])
def test_the_others_are_barred_only_where_the_item_is_locked(standing):
    assert why_barred(Entrant(standing, ceiling=_LIMIT), _PROBATION) is None
    assert why_barred(Entrant(standing, item_locked=True), _PROBATION) is Because.ITEM_LOCKED


def test_probation_has_two_awards_at_most_each_up_to_200000_yuan():
    assert (_PROBATION.awards_most, _PROBATION.ceiling_most) == (2, _LIMIT)
    assert why_barred(Entrant(Standing.PROBATION, awards=1, ceiling=_LIMIT), _PROBATION) is None
    assert why_barred(Entrant(Standing.PROBATION, awards=2, ceiling=1), _PROBATION) is Because.PROBATION_LIMIT
    assert why_barred(Entrant(Standing.PROBATION, ceiling=_LIMIT + 1), _PROBATION) is Because.PROBATION_LIMIT


@pytest.mark.parametrize("standing", [Standing.ACTIVE, Standing.WARNED])
def test_nobody_else_has_such_a_limit(standing):
    assert why_barred(Entrant(standing, awards=50, ceiling=_LIMIT * 50), _PROBATION) is None


@st.composite
def auctions(draw):
    """An auction with bids of four enrolments, each bid below the one before, and a moment in it."""
    amounts = sorted(draw(st.sets(st.integers(1, 10**7), max_size=8)), reverse=True)
    bids = [(draw(st.integers(1, 4)), amount) for amount in amounts]
    leader, best = bids[-1] if bids else (None, None)
    hard_end = _OPEN + timedelta(hours=1)
    closes_at = _OPEN + timedelta(seconds=draw(st.integers(1, 3600)))
    terms = Terms(
        status=draw(st.sampled_from([AuctionStatus.WAITING, AuctionStatus.READY, AuctionStatus.LIVE])),
        ceiling=10**7,
        step=1,
        best=best,
        leader=leader,
        ready_at=_OPEN - timedelta(minutes=3),
        opens_at=_OPEN,
        closes_at=closes_at,
        hard_end=hard_end,
        confirm_percent=10,
        window=timedelta(seconds=120),
        extension=timedelta(seconds=120),
    )
    return terms, bids, _OPEN + timedelta(seconds=draw(st.integers(-100, 8000)))


@given(auctions(), st.integers(1, 4))
def test_the_best_bid_of_the_others_leads_or_nobody_does(drawn, barred):
    terms, bids, now = drawn
    after = strike(terms, barred, bids, now)
    others = [(amount, enrolment) for enrolment, amount in bids if enrolment != barred]
    if terms.leader == barred or not others:
        assert (after.best, after.leader) == min(others, default=(None, None))
    else:
        assert after == terms


@given(auctions(), st.integers(1, 4))
def test_the_clock_never_turns_back_and_never_passes_the_hard_end(drawn, barred):
    terms, bids, now = drawn
    after = strike(terms, barred, bids, now)
    assert terms.closes_at <= after.closes_at <= terms.hard_end


@given(auctions(), st.integers(1, 4))
def test_the_others_have_the_extension_to_answer_when_the_leader_falls_in_a_live_auction(drawn, barred):
    terms, bids, now = drawn
    after = strike(terms, barred, bids, now)
    if terms.leader == barred and terms.status == AuctionStatus.LIVE:
        assert after.closes_at >= min(now + terms.extension, terms.hard_end)
    else:
        assert after.closes_at == terms.closes_at
