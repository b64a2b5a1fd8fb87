"""The sealed tie-out at a hard end that cuts in (R5.5)."""

import uuid
from datetime import timedelta

import pytest

from agencies.models import Standing
from bidding import queries
from bidding.actions import advance, bar_barred, send_sealed_price
from bidding.methods import strategy_for
from bidding.models import Auction, TieOutSeat
from core.clock import database_now
from journal.awards import tie_out
from journal.awards.outcome import CaseEntry, RecordUnfit
from marketplace.models import Method
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.live_parts import code, floor, kinds, label, last, press, record, server_started

_NUMBERS = ruleset("2026-12")


@pytest.fixture(autouse=True)
def _old_server(db):
    server_started(database_now() - timedelta(days=1))


def near_the_hard_end(auction: Auction, seconds: float = 0.3) -> None:
    """So little is left that no extension fits; the record says the same."""
    end = database_now() + timedelta(seconds=seconds)
    Auction.objects.filter(pk=auction.pk).update(closes_at=end, hard_end=end, due_at=end)


def to_the_end(auction: Auction) -> None:
    auction.refresh_from_db()
    while database_now() < auction.closes_at:
        pass
    advance(auction.request.number)
    auction.refresh_from_db()


def hard_auction(buyer, item, by, *agencies) -> Auction:
    """A live auction whose record says that it ends for good within a second."""
    request = cast.published(buyer, item, by)
    for one in agencies:
        cast.enrol(None, one, request.number)
    cast.let_enrolment_end(request)
    now = database_now()
    end = now + timedelta(seconds=0.8)
    Auction.objects.filter(request=request).update(
        ready_at=now - timedelta(seconds=1), opens_at=now, closes_at=end, hard_end=end, due_at=now
    )
    advance(request.number)
    return Auction.objects.get(request=request)


@pytest.fixture
def short(waterworks, item, waterworks_user, swift_agency, steady_agency, third_agency) -> Auction:
    return hard_auction(waterworks, item, waterworks_user, swift_agency, steady_agency, third_agency)


@pytest.fixture
def tied(short, swift_agency, steady_agency, third_agency, bid) -> Auction:
    """Third leads with 97,000, steady 97,500, swift 99,900 (a step more than 2.9 %): all three within three percent."""
    bid(short, swift_agency, "99900.00")
    bid(short, steady_agency, "97500.00")
    bid(short, third_agency, "97000.00")
    to_the_end(short)
    assert short.status == "tie_out"
    return short


def sealed(auction: Auction, agency, amount: str, **other):
    return send_sealed_price(auction.request.number or "", press(agency, amount, **other))


def over(auction: Auction) -> Auction:
    Auction.objects.filter(pk=auction.pk).update(due_at=database_now())
    advance(auction.request.number)
    auction.refresh_from_db()
    return auction


def decided(auction: Auction):
    return strategy_for(Method.LIVE).decide(queries.case_entries(auction.request.number), _NUMBERS)


def test_a_close_that_no_extension_was_cut_from_has_no_tie_out(auction, swift_agency, bid):
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, -1)
    advance(auction.request.number)
    assert "tie_out.opened" not in kinds(auction)


def test_everybody_within_three_percent_may_send_one_sealed_price(tied, swift_agency, steady_agency, third_agency):
    said = last(tied, "tie_out.opened")
    assert [(one["label"], one["amount"]) for one in said["seats"]] == [
        (label(tied, third_agency), "97000.00"),
        (label(tied, steady_agency), "97500.00"),
        (label(tied, swift_agency), "99900.00"),
    ]
    assert code(sealed(tied, swift_agency, "96000.00")) is None
    assert code(sealed(tied, steady_agency, "96500.00")) is None
    entries = record(tied)
    assert "96000" not in str([e for e in entries if e["kind"].startswith("tie_out.")])
    over(tied)
    assert tied.status == "closed"
    assert (tied.best, tied.leader.agency) == (cast.yuan("96000"), swift_agency)
    assert [(p.label, p.by) for p in decided(tied).ranking] == [
        (label(tied, swift_agency), "tie_out"),
        (label(tied, steady_agency), "tie_out"),
        (label(tied, third_agency), "bid"),
    ]


def test_nobody_sends_and_the_leader_wins(tied, third_agency):
    over(tied)
    assert (tied.best, tied.leader.agency) == (cast.yuan("97000"), third_agency)
    assert last(tied, "tie_out.closed")["offers"] == []


def test_equal_prices_go_to_the_earlier_position(tied, swift_agency, steady_agency, third_agency):
    sealed(tied, swift_agency, "96000.00")
    sealed(tied, steady_agency, "96000.00")
    over(tied)
    assert tied.leader.agency == steady_agency
    assert decided(tied).winner == label(tied, steady_agency)


def test_a_price_equal_to_the_leaders_does_not_take_the_lead(tied, swift_agency, third_agency):
    sealed(tied, swift_agency, "97000.00")
    over(tied)
    assert tied.leader.agency == third_agency


def test_a_silent_leaders_floor_still_answers(short, swift_agency, steady_agency, bid):
    """A lost connection is no lost auction, to the end."""
    floor(short, swift_agency, "90000.00")
    bid(short, steady_agency, "97500.00")
    to_the_end(short)
    sealed(short, steady_agency, "95000.00")
    over(short)
    assert (short.best, short.leader.agency) == (cast.yuan("94500"), swift_agency)
    assert decided(short).winner == label(short, swift_agency)


def test_who_sends_a_price_is_not_bid_for_as_well(short, swift_agency, steady_agency, bid):
    floor(short, swift_agency, "90000.00")
    bid(short, steady_agency, "97500.00")
    to_the_end(short)
    sealed(short, swift_agency, "96000.00")
    sealed(short, steady_agency, "95000.00")
    over(short)
    assert (short.best, short.leader.agency) == (cast.yuan("95000"), steady_agency)


def test_what_is_refused_in_a_tie_out(tied, swift_agency, steady_agency, third_agency, bid):
    assert bid(tied, swift_agency, "90000.00", confirmed=True).refusal["code"] == "E_TIE_OUT"
    assert code(floor(tied, swift_agency, "90000.00")) == "E_CLOSED"
    assert code(sealed(tied, swift_agency, "99900.01")) == "E_TIE_OUT_TOO_HIGH"
    assert code(sealed(tied, swift_agency, "96000.00", confirmed=False)) == "E_CONFIRM_TIE_OUT"
    key = uuid.uuid4()
    first = sealed(tied, swift_agency, "96000.00", key=key)
    assert sealed(tied, swift_agency, "95000.00", key=key) == first
    assert code(sealed(tied, swift_agency, "95000.00")) == "E_TIE_OUT_SENT"
    assert code(sealed(tied, cast.agency("局外咨询有限公司"), "90000.00")) == "E_NOT_ENROLLED"
    Auction.objects.update(due_at=database_now() - timedelta(milliseconds=1))
    assert code(sealed(tied, steady_agency, "90000.00")) == "E_TIE_OUT_OVER"


def test_who_is_further_away_takes_no_part(short, swift_agency, steady_agency, third_agency, bid):
    bid(short, swift_agency, "100000.00")
    bid(short, steady_agency, "97000.00")
    bid(short, third_agency, "96500.00")
    to_the_end(short)
    assert code(sealed(short, swift_agency, "90000.00")) == "E_NOT_IN_TIE_OUT"


def test_one_alone_near_the_lead_has_nobody_to_be_tied_with(short, swift_agency, steady_agency, bid):
    bid(short, swift_agency, "100000.00")
    bid(short, steady_agency, "95000.00")
    to_the_end(short)
    assert short.status == "closed"


def test_a_barred_bidders_sealed_price_is_void(tied, swift_agency, steady_agency, third_agency):
    sealed(tied, swift_agency, "90000.00")
    sealed(tied, steady_agency, "96000.00")
    swift_agency.standing = Standing.SUSPENDED
    swift_agency.save()
    bar_barred(tied.request.number)
    over(tied)
    assert tied.leader.agency == steady_agency
    assert decided(tied).winner == label(tied, steady_agency)


@pytest.mark.parametrize(
    "forge",
    [
        lambda data: data["offers"][0].update(amount="80000.00"),
        lambda data: data["offers"].pop(),
        lambda data: data["offers"].append(data["offers"][0] | {"label": "无名"}),
    ],
)
def test_a_forged_opening_is_found(tied, swift_agency, forge):
    sealed(tied, swift_agency, "96000.00")
    over(tied)
    entries = queries.case_entries(tied.request.number)
    forge(next(e for e in entries if e.kind == "tie_out.closed").data)
    with pytest.raises(RecordUnfit):
        strategy_for(Method.LIVE).decide(entries, _NUMBERS)


def test_a_tie_out_among_others_than_it_was_due_for_is_found(tied):
    over(tied)
    entries = queries.case_entries(tied.request.number)
    next(e for e in entries if e.kind == "tie_out.opened").data["seats"].pop()
    with pytest.raises(RecordUnfit, match="not due, or not among these"):
        strategy_for(Method.LIVE).decide(entries, _NUMBERS)


def _entry(seq: int, at: str, kind: str, **data) -> CaseEntry:
    return CaseEntry(seq, f"2026-11-23T06:{at}.000Z", kind, data)


@pytest.mark.parametrize(
    ("last_bid", "tied"),
    [("58:00", False), ("58:01", True), ("59:59", True), ("57:59", False)],
)
def test_the_hard_end_cuts_in_where_two_minutes_do_not_fit(last_bid, tied):
    minute = lambda text: f"2026-11-23T{text}:00.000Z"  # noqa: E731
    entries = [
        _entry(1, "00:00", "auction.opened", closes_at=minute("06:10"), hard_end=minute("07:00"), step="1.00"),
        _entry(2, "57:00", "bid.placed", label="甲", amount="100.00"),
        _entry(3, "57:00", "auction.extended", closes_at=minute("06:59"), because=2),
        _entry(4, last_bid, "bid.placed", label="乙", amount="99.00"),
    ]
    if last_bid > "57:59":
        entries.append(_entry(5, last_bid, "auction.extended", closes_at=minute("07:00"), because=4))
    assert bool(tie_out.due(entries, _NUMBERS.numbers)) == tied


def test_five_at_most():
    opened = _entry(
        1,
        "00:00",
        "auction.opened",
        closes_at="2026-11-23T06:10:00.000Z",
        hard_end="2026-11-23T06:10:00.000Z",
        step="1.00",
    )
    bids = [_entry(n, "09:59", "bid.placed", label=f"第{n}", amount=f"{10_000 - n}.00") for n in range(2, 9)]
    found = tie_out.due([opened, *bids], _NUMBERS.numbers)
    assert [who for who, _amount in found] == ["第8", "第7", "第6", "第5", "第4"]
    assert tie_out.due([opened, *bids], ruleset("2026-11").numbers) == []


def test_the_seats_are_of_the_auctions_bidders(tied):
    assert TieOutSeat.objects.filter(auction=tied).count() == 3
