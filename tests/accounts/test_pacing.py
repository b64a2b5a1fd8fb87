"""When a notice goes out on each channel, judged without a database (UX §2.20)."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.channels.pacing import FIRST_PAUSE, GATHER, LONGEST_PAUSE, Quiet, Wishes, back_off, due_at
from accounts.events import BOTS, EVENTS, Channel, Pace
from core.clock import BEIJING

NIGHT = Quiet(time(22), time(7))
EVERYWHERE = tuple(Channel)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def mail(code: str, happened: str, wishes: Wishes | None = None, before: str | None = None) -> datetime | None:
    event = EVENTS[code]
    return due_at(event, wishes or Wishes(), at(happened), before=at(before) if before else None)[Channel.MAIL]


@pytest.mark.parametrize(
    ("code", "happened", "due"),
    [
        # 2026-11-27 is a Friday.
        ("result.won", "2026-11-27 10:00", "2026-11-27 10:00"),
        ("payment.due", "2026-11-27 10:00", "2026-11-27 10:10"),
        ("search.matched", "2026-11-27 10:00", "2026-11-28 08:30"),
        ("search.matched", "2026-11-27 08:29", "2026-11-27 08:30"),
        ("search.matched", "2026-11-27 08:30", "2026-11-28 08:30"),
        ("flag.raised", "2026-11-27 08:00", "2026-11-27 09:00"),
        ("flag.raised", "2026-11-27 09:00", "2026-11-27 14:00"),
        ("flag.raised", "2026-11-27 20:00", "2026-11-28 09:00"),
        ("credit.score", "2026-11-27 10:00", "2026-11-30 08:30"),
        ("credit.score", "2026-11-30 08:29", "2026-11-30 08:30"),
        ("credit.score", "2026-11-30 08:30", "2026-12-07 08:30"),
    ],
)
def test_each_row_has_its_pace(code: str, happened: str, due: str) -> None:
    assert mail(code, happened) == at(due)


def test_what_ends_within_a_day_does_not_wait_for_the_morning() -> None:
    assert mail("search.matched", "2026-11-27 10:00", before="2026-11-28 09:59") == at("2026-11-27 10:00")
    assert mail("search.matched", "2026-11-27 10:00", before="2026-11-28 10:00") == at("2026-11-28 08:30")


def test_the_night_is_quiet_until_its_end() -> None:
    quiet = Wishes(quiet=NIGHT)
    assert mail("result.won", "2026-11-27 23:30", quiet) == at("2026-11-28 07:00")
    assert mail("result.won", "2026-11-28 06:59", quiet) == at("2026-11-28 07:00")
    assert mail("result.won", "2026-11-28 07:00", quiet) == at("2026-11-28 07:00")
    assert mail("payment.due", "2026-11-27 21:55", quiet) == at("2026-11-28 07:00")


def test_the_noon_may_be_quiet() -> None:
    quiet = Wishes(quiet=Quiet(time(12), time(14)))
    assert mail("result.won", "2026-11-27 12:30", quiet) == at("2026-11-27 14:00")
    assert mail("result.won", "2026-11-27 14:30", quiet) == at("2026-11-27 14:30")


@pytest.mark.parametrize("code", ["auction.starts", "auction.outbid", "auction.extended"])
def test_auctions_wait_neither_for_a_digest_nor_for_the_morning(code: str) -> None:
    night = at("2026-11-27 23:30")
    found = due_at(EVENTS[code], Wishes(quiet=NIGHT, able=EVERYWHERE), night)
    assert [found[bot] for bot in BOTS] == [night] * 3
    assert found[Channel.MAIL] is None


def test_what_was_chosen_counts_and_not_what_the_matrix_says() -> None:
    outbid, won = EVENTS["auction.outbid"], EVENTS["result.won"]
    wishes = Wishes({"auction.outbid": ["mail"], "result.won": []}, able=EVERYWHERE)
    moment = at("2026-11-27 10:00")
    assert [channel for channel, due in due_at(outbid, wishes, moment).items() if due] == [Channel.MAIL]
    assert not any(due_at(won, wishes, moment).values())


def test_a_channel_that_is_not_there_gets_nothing() -> None:
    found = due_at(EVENTS["result.won"], Wishes(), at("2026-11-27 10:00"))
    assert {channel for channel, due in found.items() if due} == {Channel.BELL, Channel.MAIL}


@given(
    st.sampled_from(sorted(EVENTS)),
    st.integers(0, 365 * 24 * 60),
    st.times(),
    st.times(),
)
def test_nothing_goes_out_before_it_happened_nor_in_the_quiet_nor_after_nine_days(
    code: str, minutes: int, since: time, until: time
) -> None:
    happened = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    quiet = Quiet(since, until) if since != until else None
    due = due_at(EVENTS[code], Wishes(quiet=quiet, able=EVERYWHERE), happened)
    for channel, moment in due.items():
        if moment is None:
            continue
        assert happened <= moment <= happened + timedelta(days=9)
        if channel is not Channel.BELL and EVENTS[code].pace is not Pace.NOW and quiet:
            assert not quiet.covers(moment.astimezone(BEIJING).time())


def test_pauses_double_up_to_an_hour_with_some_chance() -> None:
    middle = [back_off(tries, 0.5) for tries in range(1, 21)]
    assert middle[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert middle[-1] == LONGEST_PAUSE
    assert back_off(1, 0) == FIRST_PAUSE * 0.75 < FIRST_PAUSE < back_off(1, 0.999)
    assert len({back_off(5) for _ in range(20)}) > 1


def test_gathering_takes_less_than_a_day() -> None:
    assert mail("contract.sign", "2026-11-27 10:00") == at("2026-11-27 10:00") + GATHER
