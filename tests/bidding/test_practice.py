"""The practice room: the live auction's rules in memory, nothing of it anywhere else (UX §2.8)."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.models import Auction, AuctionStatus, Bid, Enrolment
from bidding.practice.feedback import Heard, feedback
from bidding.practice.hall import MOST, Hall, HallFull, hall
from bidding.practice.session import CASE, YOU, Session
from bidding.rooms.wire import BidMessage
from journal import canon
from journal.models import Entry

BEGIN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def played(seed: int, *, undercut_every: float | None = None) -> Session:
    """A session to its end, with the visitor bidding the highest that passes every so many seconds."""
    session = Session(BEGIN, Random(seed))
    now, next_bid = BEGIN, BEGIN
    while not session.over:
        now += timedelta(milliseconds=200)
        session.advance(now)
        if undercut_every and now >= next_bid and session.terms.status == AuctionStatus.LIVE:
            next_bid = now + timedelta(seconds=undercut_every)
            session.press(BidMessage(uuid4(), session.terms.highest_allowed, False), now)
        assert now - BEGIN < timedelta(minutes=5), "a whole cycle takes less than five minutes"
    return session


def entries_of(session: Session) -> list[dict]:
    return [json.loads(line) for line in session.lines]


@given(st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_bots_alone_keep_the_rules_and_come_to_an_end(seed):
    session = played(seed)
    bids = [entry for entry in entries_of(session) if entry["kind"] == "bid.placed"]
    amounts = [round(float(bid["data"]["amount"]) * 100) for bid in bids]
    assert len(bids) >= 3
    assert all(later <= earlier - session.terms.step for earlier, later in pairwise(amounts))
    assert entries_of(session)[-1]["kind"] == "auction.closed"
    assert session.outcome().winner == entries_of(session)[-1]["data"]["winner"]


def test_its_case_file_is_a_chain_like_any_other():
    head = canon.GENESIS
    for n, entry in enumerate(entries_of(played(7, undercut_every=4)), 1):
        body = canon.body(CASE, entry["seq"], entry["at"], entry["kind"], entry["data"])
        head = canon.digest(head, body)
        assert (entry["seq"], entry["hash"]) == (n, head.hex())


def test_who_undercuts_to_the_end_wins_and_is_told_so():
    session = played(3, undercut_every=0.4)
    assert session.outcome().winner == session.labels[YOU]
    assert session.your_state()["leading"]


def test_the_same_press_gets_the_same_answer():
    session = Session(BEGIN, Random(1))
    opens = session.terms.opens_at
    session.advance(opens)
    key = uuid4()
    first = session.press(BidMessage(key, session.terms.highest_allowed, False), opens)
    again = session.press(BidMessage(key, 1, True), opens + timedelta(seconds=1))
    assert first.seq is not None
    assert again == first


def test_a_press_before_the_opening_is_refused_with_the_live_rooms_own_reason():
    session = Session(BEGIN, Random(1))
    answer = session.press(BidMessage(uuid4(), 100, False), BEGIN)
    assert answer.refusal is not None
    assert answer.refusal["code"] == "E_NOT_OPEN"


@pytest.mark.django_db
def test_nothing_of_it_reaches_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        played(5, undercut_every=5)
    for kept in (Entry, Auction, Bid, Enrolment):
        assert not kept.objects.exists()


def test_a_full_hall_takes_nobody_more_but_still_knows_its_own():
    hall = Hall()
    mine = hall.enter("0" * 32)
    for n in range(1, MOST):
        hall.enter(f"{n:032x}")
    with pytest.raises(HallFull):
        hall.enter("f" * 32)
    assert hall.enter("0" * 32) is mine


def seconds(n: float) -> datetime:
    return BEGIN + timedelta(seconds=n)


def test_feedback_names_the_extension_after_which_the_visitor_was_too_slow():
    heard = [Heard("bid", seconds(1)), Heard("extended", seconds(80)), Heard("outbid", seconds(80))]
    lines = feedback(heard, won=False, closed_at=seconds(95), last_price="¥1.00", your_floor="¥2.00")
    assert any("第 1 次延时后您被超过，剩余 15.0 秒没有再报" in line for line in lines)


def test_feedback_tells_how_fast_the_answers_were():
    heard = [
        Heard("bid", seconds(1)),
        Heard("outbid", seconds(5)),
        Heard("outbid", seconds(6)),
        Heard("bid", seconds(8)),
    ]
    lines = feedback(heard, won=True, closed_at=seconds(95), last_price="¥1.00", your_floor="¥1.00")
    assert lines[0] == "您以 ¥1.00 中选。"
    assert any("3.0 秒回应" in line for line in lines)


def test_feedback_explains_refusals_once_each():
    heard = [Heard("refused", seconds(n), code="E_TOO_HIGH") for n in range(3)]
    [first, refusals] = feedback(heard, won=False, closed_at=seconds(95), last_price="—", your_floor="—")
    assert "没有出价" in first
    assert refusals.count("至少比当前价低一个步长") == 1
    assert "3 次" in refusals


@pytest.mark.django_db
def test_once_it_is_over_its_page_tells_how_it_went_and_how_the_result_follows(client, monkeypatch):
    monkeypatch.setitem(hall._sessions, "a" * 32, played(11))
    page = client.get(f"/practice/{'a' * 32}/feedback/").content.decode()
    assert "您这次没有出价" in page
    assert "最低报价者中选" in page
    assert client.get(f"/practice/{'a' * 32}/state.json").json()["status"] == "closed"


@pytest.mark.django_db
def test_there_is_no_feedback_while_it_runs_and_none_for_a_stranger(client, monkeypatch):
    monkeypatch.setitem(hall._sessions, "b" * 32, Session(BEGIN, Random(1)))
    assert client.get(f"/practice/{'b' * 32}/feedback/").status_code == 404
    assert client.get(f"/practice/{'c' * 32}/feedback/").status_code == 404
