"""Floors set, lowered, withdrawn, and the bids that they place (R5.6): on record, in time, and hidden."""

import json
import uuid
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

import pytest

from agencies.models import Standing, Tie, TieNature
from bidding import queries
from bidding.actions import advance, bar_barred, place_bids, set_floor
from bidding.methods import strategy_for
from bidding.models import Auction, Bid, Floor
from core.clock import database_now
from journal.awards.outcome import RecordUnfit
from marketplace.models import Method
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.live_parts import code, floor, kinds, label, last, lead, no_floor, press, record


def test_a_floor_bids_no_lower_than_it_must(auction, swift_agency, steady_agency, bid):
    assert code(floor(auction, swift_agency, "80000.00")) is None
    assert lead(auction) == (cast.yuan("100000.00"), "迅达咨询有限公司")
    assert bid(auction, steady_agency, "99500.00").refusal is None
    assert lead(auction) == (cast.yuan("99000.00"), "迅达咨询有限公司")
    assert last(auction, "bid.placed") == {
        "label": label(auction, swift_agency),
        "amount": "99000.00",
        "proxy": True,
    }


def test_of_two_floors_the_lower_leads_a_step_below_the_other(auction, swift_agency, steady_agency):
    floor(auction, swift_agency, "80000.00")
    floor(auction, steady_agency, "85000.00")
    assert lead(auction) == (cast.yuan("84500.00"), "迅达咨询有限公司")
    floor(auction, steady_agency, "79000.00")
    assert lead(auction) == (cast.yuan("79500.00"), "稳健环境技术有限公司")


def test_of_equal_floors_the_earlier_leads_at_its_floor(auction, swift_agency, steady_agency):
    floor(auction, swift_agency, "80000.00")
    floor(auction, steady_agency, "80000.00")
    assert lead(auction) == (cast.yuan("80000.00"), "迅达咨询有限公司")


def test_floors_of_the_ready_phase_answer_when_the_auction_opens(
    published_request, swift_agency, steady_agency, third_agency
):
    for one in (swift_agency, steady_agency, third_agency):
        cast.enrol(None, one, published_request.number)
    cast.let_enrolment_end(published_request)
    auction = Auction.objects.get()
    assert auction.status == "ready"
    assert code(floor(auction, swift_agency, "90000.00")) is None
    assert code(floor(auction, steady_agency, "91000.00")) is None
    assert "bid.placed" not in kinds(auction)
    now = database_now()
    Auction.objects.update(opens_at=now, ready_at=now, due_at=now)
    advance(published_request.number)
    assert lead(auction) == (cast.yuan("90500.00"), "迅达咨询有限公司")


def test_before_the_ready_phase_and_after_the_close_no_floor_is_taken(published_request, auction, swift_agency):
    early = floor(Auction(request=published_request), swift_agency, "90000.00")
    assert code(early) == "E_NOT_OPEN"
    cast.set_close(auction, -1)
    assert code(floor(auction, swift_agency, "90000.00")) == "E_CLOSED"


def test_a_floor_is_lowered_and_withdrawn_but_not_raised(auction, swift_agency, steady_agency, bid):
    floor(auction, swift_agency, "90000.00")
    assert code(floor(auction, swift_agency, "95000.00")) == "E_FLOOR_NOT_LOWER"
    assert code(floor(auction, swift_agency, "85000.00")) is None
    assert code(no_floor(auction, swift_agency)) is None
    assert code(no_floor(auction, swift_agency)) == "E_NO_FLOOR"
    assert bid(auction, steady_agency, "99500.00").refusal is None
    assert lead(auction) == (cast.yuan("99500.00"), "稳健环境技术有限公司")
    assert code(floor(auction, swift_agency, "95000.00")) is None
    assert [k for k in kinds(auction) if k.startswith("proxy.")] == ["proxy.set"] * 2 + [
        "proxy.withdrawn",
        "proxy.set",
    ]


def test_a_floor_must_be_confirmed_in_words(auction, swift_agency):
    refused = floor(auction, swift_agency, "80000.00", confirmed=False)
    assert code(refused) == "E_CONFIRM_FLOOR"
    assert "捌万元整" in refused.refusal["message"]
    assert not Floor.objects.exists()


def test_i7_a_floor_sent_again_under_its_key_gets_the_same_answer(auction, swift_agency):
    key = uuid.uuid4()
    first = floor(auction, swift_agency, "80000.00", key=key)
    assert floor(auction, swift_agency, "80000.00", key=key) == first
    assert floor(auction, swift_agency, "70000.00", key=key) == first
    assert Floor.objects.count() == 1


def test_a_stranger_and_who_may_act_no_more_set_no_floor(auction, swift_agency):
    assert code(floor(auction, cast.agency("局外咨询有限公司"), "80000.00")) == "E_NOT_ENROLLED"
    pressed = press(swift_agency, "80000.00")
    swift_agency.organisation.memberships.all().delete()
    assert code(set_floor(auction.request.number, pressed)) == "E_SIGNED_OUT"


def test_a_bid_by_a_floor_moves_the_close_like_any_other(auction, swift_agency, steady_agency, bid):
    floor(auction, swift_agency, "80000.00")
    cast.set_close(auction, 60)
    answer = bid(auction, steady_agency, "99500.00")
    placed = [e for e in record(auction) if e["kind"] in ("bid.placed", "auction.extended")][-3:]
    assert [e["kind"] for e in placed] == ["bid.placed", "auction.extended", "bid.placed"]
    auction.refresh_from_db()
    assert auction.closes_at == answer.at + timedelta(seconds=120)


def test_a_refused_bid_asks_no_floor_and_moves_nothing(auction, swift_agency, steady_agency, bid):
    bid(auction, steady_agency, "99500.00")
    cast.set_close(auction, 60)
    auction.refresh_from_db()
    before = auction.closes_at
    assert bid(auction, swift_agency, "99400.00").refusal["code"] == "E_TOO_HIGH"
    auction.refresh_from_db()
    assert auction.closes_at == before


def test_in_one_batch_each_bid_meets_what_the_floors_made_of_the_one_before(auction, swift_agency, steady_agency):
    floor(auction, swift_agency, "80000.00")
    answers = place_bids(auction.request.number, [press(steady_agency, "99500.00"), press(steady_agency, "99000.00")])
    assert [code(one) for one in answers] == [None, "E_TOO_HIGH"]
    assert answers[1].refusal["facts"]["limit"] == "98500.00"


def test_without_floors_a_bid_costs_no_message_to_the_database_more(auction, swift_agency, steady_agency):
    def messages(agency, amount):
        with CaptureQueriesContext(connection) as context:
            assert code(place_bids(auction.request.number, [press(agency, amount)])[0]) is None
        return sum("EXECUTE" in one["sql"] for one in context.captured_queries)

    # Lock and read, auction, bidders, entries, answers and lead: five, as before there were floors.
    assert messages(swift_agency, "99500.00") == 5
    floor(auction, swift_agency, "80000.00")
    assert messages(steady_agency, "98000.00") == 6


def test_a_barred_bidder_s_floor_is_void_and_the_others_answer(auction, swift_agency, steady_agency, third_agency):
    floor(auction, swift_agency, "80000.00")
    floor(auction, steady_agency, "85000.00")
    swift_agency.standing = Standing.SUSPENDED
    swift_agency.save()
    bar_barred(auction.request.number)
    assert lead(auction) == (cast.yuan("100000.00"), "稳健环境技术有限公司")
    assert floor(auction, third_agency, "90000.00").refusal is None
    assert lead(auction) == (cast.yuan("89500.00"), "稳健环境技术有限公司")


def test_nothing_is_bid_for_whoever_is_tied_to_the_buyer_since(
    river_bureau, river_officer, item, swift_agency, steady_agency, third_agency, bid
):
    auction = cast.live_auction(river_bureau, item, river_officer, swift_agency, steady_agency, third_agency)
    bid(auction, steady_agency, "99000.00")
    floor(auction, swift_agency, "80000.00")
    Tie.objects.create(
        agency=swift_agency, department=river_bureau, nature=TieNature.values[0], declared_at=database_now()
    )
    bid(auction, third_agency, "90000.00", confirmed=True)
    assert lead(auction) == (cast.yuan("90000.00"), "三江工程咨询有限公司")
    assert last(auction, "proxy.withdrawn") == {"label": label(auction, swift_agency), "because": "tied"}


def _closed(auction):
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    return last(auction, "auction.closed")


def test_the_losers_floors_open_at_the_close_and_the_winner_s_does_not(auction, swift_agency, steady_agency):
    floor(auction, swift_agency, "81000.00")
    floor(auction, steady_agency, "85000.00")
    floor(auction, swift_agency, "80000.00")
    closing = _closed(auction)
    assert [(one["label"], one["amount"]) for one in closing["floors"]] == [(label(auction, steady_agency), "85000.00")]
    outcome = strategy_for(Method.LIVE).decide(queries.case_entries(auction.request.number), ruleset("2026-12"))
    assert (outcome.winner, outcome.amount) == (label(auction, swift_agency), cast.yuan("84500.00"))
    assert [(p.label, p.amount, p.by) for p in outcome.ranking[1:]] == [
        (label(auction, steady_agency), cast.yuan("85000.00"), "floor")
    ]


@pytest.mark.parametrize(
    ("amount", "said"),
    [("84999.00", "does not fit its commitment"), ("70000.00", "does not fit its commitment")],
)
def test_a_floor_opened_falsely_is_found(auction, swift_agency, steady_agency, amount, said):
    floor(auction, swift_agency, "80000.00")
    floor(auction, steady_agency, "85000.00")
    _closed(auction)
    entries = queries.case_entries(auction.request.number)
    closing = next(e for e in entries if e.kind == "auction.closed")
    closing.data["floors"][0]["amount"] = amount
    with pytest.raises(RecordUnfit, match=said):
        strategy_for(Method.LIVE).decide(entries, ruleset("2026-12"))


def test_a_floor_that_could_have_bid_and_was_not_asked_is_found(auction, swift_agency, steady_agency, bid, monkeypatch):
    bid(auction, steady_agency, "99000.00")
    monkeypatch.setattr("bidding.actions.floors.answer_by_floors", lambda *_: None)
    floor(auction, swift_agency, "80000.00")
    _closed(auction)
    with pytest.raises(RecordUnfit, match="was not asked"):
        strategy_for(Method.LIVE).decide(queries.case_entries(auction.request.number), ruleset("2026-12"))


def test_nothing_that_is_stored_or_shown_says_the_floor(auction, swift_agency, steady_agency, client, caplog):
    """I5 of floors: table, journal, pages of everybody else."""
    floor(auction, swift_agency, "81234.56")
    floor(auction, steady_agency, "98765.43")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM bidding_floor f")
        stored = " ".join(row[0] for row in cursor.fetchall())
    pages = [json.dumps(record(auction)), stored, caplog.text]
    for user in (None, steady_agency.user, auction.request.created_by):
        if user:
            client.force_login(user)
        paths = [f"/r/{auction.request.number}/{path}" for path in ("room/", "room/state.json", "")]
        pages += [client.get(path).content.decode() for path in paths]
    said = " ".join(pages)
    for text in ("81234", "8123456", "81,234"):
        assert text not in said
    client.force_login(swift_agency.user)
    assert "81,234.56" in client.get(f"/r/{auction.request.number}/room/").content.decode()


def test_the_database_refuses_two_floors_of_one_bidder(auction, swift_agency):
    floor(auction, swift_agency, "80000.00")
    made = Floor.objects.get()
    made.pk, made.key, made.seq = None, uuid.uuid4(), 99
    with pytest.raises(IntegrityError, match="one_floor_per_bidder"), transaction.atomic():
        made.save()


def test_the_bids_of_floors_are_bids(auction, swift_agency, steady_agency, bid):
    floor(auction, swift_agency, "80000.00")
    bid(auction, steady_agency, "99500.00")
    placed = [e["seq"] for e in record(auction) if e["kind"] == "bid.placed"]
    assert sorted(Bid.objects.values_list("seq", flat=True)) == placed
    auction.refresh_from_db()
    assert auction.bid_count == len(placed) == 3
