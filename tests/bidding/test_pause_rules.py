"""What pauses an auction and how it goes on (R5.7). Values in, verdict out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.models import PauseCause
from bidding.pulse import Reading, jumped
from bidding.rules.pauses import Seat, Signs, goes_on, next_day_due, silent_now, sockets_lost, why_paused
from core.workdays import Calendar
from marketplace.rulesets import Pause, ruleset

_NUMBERS = ruleset("2026-12").of(Pause)
_SINCE = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # a Monday, 14:30 in Beijing
_NOW = _SINCE + timedelta(minutes=5)
_CLOSE = _SINCE + timedelta(minutes=10)


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def signs(**other) -> Signs:
    given_ = {"server_since": _SINCE - s(9000), "timeline": "00000001", "beat_at": _NOW - s(1)} | other
    return Signs(**given_)


def why(found: Signs):
    return why_paused(found, _SINCE, "00000001", _NUMBERS, _NOW)


def test_all_is_well():
    assert why(signs()) is None
    assert why(signs(beat_at=_NOW - s(10))) is None
    assert why(signs(gap_from=_SINCE + s(1), gap_to=_SINCE + s(11))) is None


def test_where_no_clock_has_ever_run_none_is_missed():
    assert why(signs(beat_at=None)) is None


def test_a_silence_of_more_than_ten_seconds_pauses_from_then_on():
    assert why(signs(beat_at=_NOW - s(10.001))) == (PauseCause.HEARTBEAT, _NOW - s(0.001))
    assert why(signs(beat_at=_SINCE - s(600))) == (PauseCause.HEARTBEAT, _SINCE)


def test_a_silence_that_has_ended_pauses_once_and_not_again_after_going_on():
    gap = signs(gap_from=_SINCE + s(20), gap_to=_SINCE + s(50))
    assert why(gap) == (PauseCause.HEARTBEAT, _SINCE + s(30))
    assert why_paused(gap, _SINCE + s(60), "00000001", _NUMBERS, _NOW) is None


def test_a_step_of_the_clock_pauses():
    assert why(signs(stepped_at=_SINCE + s(30))) == (PauseCause.CLOCK_STEP, _SINCE + s(30))
    assert why(signs(stepped_at=_SINCE - s(30))) is None


@pytest.mark.parametrize(("ms", "found"), [(400, False), (600, True), (-600, True)])
def test_a_step_is_what_the_wall_clock_gains_on_the_steady_one(ms, found):
    after = Reading(_NOW + timedelta(milliseconds=1000 + ms), 101.0)
    assert (abs(jumped(Reading(_NOW, 100.0), after)) > timedelta(milliseconds=500)) == found


def test_a_database_that_started_or_was_promoted_since_pauses_from_its_last_sign_of_life():
    restarted = signs(server_since=_SINCE + s(200), beat_at=_SINCE + s(190))
    assert why(restarted) == (PauseCause.FAILOVER, _SINCE + s(190))
    beats_again = signs(server_since=_SINCE + s(200), gap_from=_SINCE + s(150), gap_to=_SINCE + s(205))
    assert why(beats_again) == (PauseCause.FAILOVER, _SINCE + s(150))
    assert why(signs(timeline="00000002")) == (PauseCause.FAILOVER, _NOW)
    assert why_paused(signs(), _SINCE, "", _NUMBERS, _NOW) is None


_NOTHING = s(0)


def lost(*seconds_ago: float | None, now=_NOW, since=_SINCE, close=_CLOSE):
    seats = [Seat(n, None if ago is None else now - s(ago)) for n, ago in enumerate(seconds_ago)]
    return sockets_lost(seats, since, close, _NUMBERS, now)


def test_thirty_percent_lost_within_fifteen_seconds_pause():
    assert lost(8, 9, None, None, None, None) == _NOW - s(9)
    assert lost(8, 9, None, None, None, None, None) is None  # 28 %
    assert lost(8, 30, None, None) is None  # not at once
    assert lost(2, 3, None, None) is None  # they may be back in a moment


def test_one_line_that_drops_is_its_bidder_s_own():
    assert lost(8, None) is None
    assert lost(8, None, None) is None


def test_at_the_very_close_nobody_waits_for_who_may_come_back():
    assert lost(2, 3, None, None, now=_CLOSE) == _CLOSE - s(3)
    assert lost(2, 3, None, None, now=_CLOSE + s(1), close=_CLOSE) == _CLOSE - s(2)
    late = [Seat(0, _CLOSE + s(1)), Seat(1, _CLOSE + s(1))]
    assert sockets_lost(late, _SINCE, _CLOSE, _NUMBERS, _CLOSE + s(2)) is None


def test_a_bidder_is_there_while_one_of_its_sockets_is_in_any_process():
    both = [Seat(0, _NOW - s(8)), Seat(0, None), Seat(1, _NOW - s(8)), Seat(1, None)]
    assert sockets_lost(both, _SINCE, _CLOSE, _NUMBERS, _NOW) is None


def onward(paused_at, now, before=_NOTHING):
    return goes_on(paused_at, _CLOSE, _CLOSE + s(3000), _SINCE, before, _NUMBERS, now, Calendar({}))


def test_it_goes_on_after_a_minute_with_what_was_left_or_three_minutes():
    found = onward(paused_at=_SINCE + s(100), now=_SINCE + s(200))
    assert found.opens_again_at == _SINCE + s(260)
    assert found.closes_at - found.opens_again_at == s(500)
    assert found.hard_end - found.opens_again_at == s(3500)
    short = onward(paused_at=_CLOSE - s(1), now=_CLOSE)
    assert short.closes_at - short.opens_again_at == s(180)


def test_more_than_half_an_hour_in_all_it_goes_on_next_working_day_at_the_same_second():
    half = onward(paused_at=_SINCE + s(100), now=_SINCE + s(100 + 1740))
    assert half.opens_again_at == _SINCE + s(1900)
    more = onward(paused_at=_SINCE + s(100), now=_SINCE + s(100 + 1741))
    assert more.opens_again_at == _SINCE + timedelta(days=1)
    again = onward(paused_at=_SINCE + s(100), now=_SINCE + s(200), before=s(1700))
    assert again.opens_again_at == _SINCE + timedelta(days=1)
    friday = _SINCE + timedelta(days=4)
    weekend = goes_on(friday, friday + s(60), friday + s(90), friday, s(1900), _NUMBERS, friday + s(1), Calendar({}))
    assert weekend.opens_again_at == friday + timedelta(days=3)


def test_a_pause_that_nobody_ends_goes_to_the_next_day_when_half_an_hour_is_over():
    due = next_day_due(_SINCE, timedelta(), _NUMBERS)
    found = goes_on(_SINCE, _CLOSE, _CLOSE, _SINCE, timedelta(), _NUMBERS, due, Calendar({}))
    assert found.opens_again_at == _SINCE + timedelta(days=1)


@given(
    paused=st.integers(0, 599_999),
    waited=st.integers(0, 4_000_000),
    before=st.integers(0, 2_000_000),
)
def test_no_pause_takes_time_away_or_turns_the_clock_back(paused, waited, before):
    ms = timedelta(milliseconds=1)
    paused_at = _SINCE + paused * ms
    now = paused_at + waited * ms
    found = onward(paused_at=paused_at, now=now, before=before * ms)
    assert found.opens_again_at >= now + s(60)
    assert found.closes_at - found.opens_again_at == max(_CLOSE - paused_at, s(180))
    assert found.closes_at > _CLOSE
    assert found.closes_at <= found.hard_end


def test_silence_now_is_judged_by_the_newest_beat():
    assert not silent_now(signs(), _NUMBERS, _NOW)
    assert silent_now(signs(beat_at=_NOW - s(11)), _NUMBERS, _NOW)
