"""Abnormally low prices (R5.8): found by rule, justified, decided, and what silence means."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Standing
from bidding import queries
from bidding.actions import advance, bar_barred, decide_low_price, justify_low_price
from bidding.methods import strategy_for
from bidding.models import Auction, Award, LowReview
from bidding.rules import low as rules
from core.clock import database_now, from_rfc3339
from journal.actions import lock_case
from journal.awards import low
from marketplace.models import Method, RequestStatus
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.live_parts import kinds, label, last, lead, record, server_started

_RULE = ruleset("2026-12").numbers["low"]
_NUMBERS = ruleset("2026-12")


@pytest.fixture(autouse=True)
def _old_server(db):
    server_started(database_now() - timedelta(days=1))


@pytest.mark.parametrize(
    ("amount", "opened", "median", "n", "because"),
    [
        (6000, {"甲": 9000, "乙": 10000, "丙": 10000}, None, 0, ("mean",)),
        (6001, {"甲": 9000, "乙": 10000, "丙": 10000}, None, 0, None),
        (9000, {"甲": 7000, "乙": 10000}, None, 0, ("opening",)),
        (9000, {"甲": 7001, "乙": 10000}, None, 0, None),
        (9000, {"甲": 7000, "乙": 6000, "丙": 10000}, None, 0, ("opening",)),
        (4999, {}, 10000, 8, ("median",)),
        (5000, {}, 10000, 8, None),
        (4999, {}, 10000, 7, None),
        (4000, {"甲": 4000, "乙": 10000}, 10000, 8, ("mean", "opening", "median")),
        (1, {"甲": 5}, None, 0, None),
    ],
)
def test_when_a_price_is_abnormally_low(amount, opened, median, n, because):
    found = low.find("甲", amount, opened, median, n, _RULE)
    assert (found.because if found else None) == because


@given(
    amount=st.integers(1, 10**9),
    opened=st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(1, 10**9)),
    median=st.none() | st.integers(1, 10**9),
    n=st.integers(0, 20),
)
def test_a_higher_final_price_is_never_lower(amount, opened, median, n):
    if low.find("甲", amount + 1, opened, median, n, _RULE):
        assert low.find("甲", amount, opened, median, n, _RULE)


def opened_at(auction: Auction, **offers: str | None) -> None:
    """The case file as it is once sealed openings were opened."""
    with_labels = [
        {"label": name, "amount": amount, "nonce": None, "by": "bidder", "void": None}
        for name, amount in offers.items()
    ]
    held = lock_case(auction.request.number or "")
    held.append("offers.opened", {"offers": with_labels})


@pytest.fixture
def waiting(published_request, swift_agency, steady_agency, third_agency) -> Auction:
    for one in (swift_agency, steady_agency, third_agency):
        cast.enrol(None, one, published_request.number)
    cast.let_enrolment_end(published_request)
    return Auction.objects.get()


def begin(auction: Auction) -> None:
    now = database_now()
    Auction.objects.update(opens_at=now, ready_at=now, due_at=now, closes_at=now + timedelta(minutes=10))
    advance(auction.request.number)
    auction.refresh_from_db()


def end(auction: Auction) -> None:
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    auction.refresh_from_db()


@pytest.fixture
def reviewed(waiting, swift_agency, steady_agency, third_agency) -> Auction:
    """Swift's opening of 60,000 leads, the others' are 90,000 and 91,000: under review at the close."""
    names = {swift_agency: "60000.00", steady_agency: "90000.00", third_agency: "91000.00"}
    opened_at(waiting, **{label(waiting, one): amount for one, amount in names.items()})
    begin(waiting)
    end(waiting)
    assert waiting.status == "review"
    return waiting


def test_the_lowest_opening_leads_when_the_auction_opens(waiting, swift_agency, steady_agency, third_agency, bid):
    offers = {swift_agency: "95000.00", steady_agency: "93000.00", third_agency: None}
    opened_at(waiting, **{label(waiting, one): amount for one, amount in offers.items()})
    begin(waiting)
    assert lead(waiting) == (cast.yuan("93000"), "稳健环境技术有限公司")
    placed = [e["data"] for e in record(waiting) if e["kind"] == "bid.placed"]
    assert [(one["amount"], one["opening"]) for one in placed] == [("95000.00", True), ("93000.00", True)]
    assert bid(waiting, third_agency, "92600.00").refusal["facts"]["limit"] == "92500.00"
    steady_agency.standing = Standing.SUSPENDED
    steady_agency.save()
    bar_barred(waiting.request.number)
    assert lead(waiting) == (cast.yuan("95000"), "迅达咨询有限公司")


def test_void_openings_and_those_of_the_barred_lead_nothing(waiting, swift_agency, steady_agency):
    held = lock_case(waiting.request.number)
    held.append(
        "offers.opened",
        {
            "offers": [
                {
                    "label": label(waiting, swift_agency),
                    "amount": "1.00",
                    "nonce": "",
                    "by": None,
                    "void": "commitment",
                },
                {"label": label(waiting, steady_agency), "amount": "100000.01", "nonce": "", "by": None, "void": None},
            ]
        },
    )
    begin(waiting)
    assert lead(waiting) == (None, None)


def test_a_low_price_waits_for_its_justification_before_any_name_opens(reviewed, swift_agency):
    said = last(reviewed, "auction.low")
    assert said["label"] == label(reviewed, swift_agency)
    assert said["because"] == ["opening"]
    assert said["figures"] == {"mean": "90500.00", "opening": "60000.00", "next": "90000.00"}
    assert "auction.closed" not in kinds(reviewed)
    assert not Award.objects.exists()
    assert from_rfc3339(said["justify_until"]) > database_now()


def test_justified_and_accepted_it_is_awarded(reviewed, swift_agency, waterworks, waterworks_user):
    number = reviewed.request.number
    justify_low_price(swift_agency.organisation, number, "自有设备，已完成同流域调查。")
    decide_low_price(waterworks_user, waterworks, number, "说明可信，同意。", accepted=True)
    award = Award.objects.get()
    assert (award.winner.agency, award.amount) == (swift_agency, cast.yuan("60000"))
    assert [k for k in kinds(reviewed) if k.startswith(("low.", "auction.low", "auction.closed", "award."))] == [
        "auction.low",
        "low.justified",
        "low.decided",
        "auction.closed",
        "award.published",
    ]


def test_not_accepted_the_next_in_rank_is_too_far_away_and_the_auction_fails(
    reviewed, swift_agency, waterworks, waterworks_user
):
    number = reviewed.request.number
    justify_low_price(swift_agency.organisation, number, "就是便宜。")
    decide_low_price(waterworks_user, waterworks, number, "未说明成本构成。", accepted=False)
    reviewed.request.refresh_from_db()
    assert reviewed.request.status == RequestStatus.FAILED
    assert last(reviewed, "auction.failed")["reason"] == "low_rejected"


def test_not_accepted_the_next_in_rank_within_five_percent_follows(
    waiting, swift_agency, steady_agency, third_agency, waterworks, waterworks_user, bid
):
    offers = {swift_agency: "60000.00", steady_agency: "90000.00", third_agency: "61000.00"}
    opened_at(waiting, **{label(waiting, one): amount for one, amount in offers.items()})
    begin(waiting)
    bid(waiting, third_agency, "45000.00", confirmed=True)
    bid(waiting, swift_agency, "44000.00")
    end(waiting)
    number = waiting.request.number
    assert last(waiting, "auction.low")["because"] == ["mean"]
    justify_low_price(swift_agency.organisation, number, "说明")
    decide_low_price(waterworks_user, waterworks, number, "不可信", accepted=False)
    # Its price is as low, so it is heard as well.
    waiting.refresh_from_db()
    assert waiting.status == "review"
    assert last(waiting, "auction.low")["label"] == label(waiting, third_agency)
    justify_low_price(third_agency.organisation, number, "说明")
    decide_low_price(waterworks_user, waterworks, number, "可信", accepted=True)
    award = Award.objects.get()
    assert (award.winner.agency, award.amount) == (third_agency, cast.yuan("45000"))
    outcome = strategy_for(Method.LIVE).decide(queries.case_entries(number), _NUMBERS)
    assert outcome.winner == label(waiting, third_agency)


def _late(auction: Auction) -> None:
    past = database_now() - timedelta(milliseconds=1)
    LowReview.objects.filter(decided_at=None, justified_at=None).update(justify_until=past)
    LowReview.objects.filter(decided_at=None, justified_at__isnull=False).update(decide_until=past)
    Auction.objects.update(due_at=past)


def test_a_bidder_who_stays_silent_has_given_its_price_up(reviewed, swift_agency):
    _late(reviewed)
    advance(reviewed.request.number)
    said = last(reviewed, "low.decided")
    assert (said["accepted"], said["because"]) == (False, "not_justified")
    with pytest.raises(rules.NoReview):
        justify_low_price(swift_agency.organisation, reviewed.request.number, "太迟")


def test_a_buyer_who_stays_silent_has_accepted(reviewed, swift_agency, waterworks, waterworks_user):
    number = reviewed.request.number
    justify_low_price(swift_agency.organisation, number, "自有设备。")
    _late(reviewed)
    advance(number)
    said = last(reviewed, "low.decided")
    assert (said["accepted"], said["because"]) == (True, "not_decided")
    assert Award.objects.get().winner.agency == swift_agency
    with pytest.raises(rules.NoReview):
        decide_low_price(waterworks_user, waterworks, number, "太迟", accepted=False)


def test_who_may_not_do_what(reviewed, swift_agency, steady_agency, waterworks, waterworks_user, river_bureau):
    number = reviewed.request.number
    with pytest.raises(rules.NotTheLowBidder):
        justify_low_price(steady_agency.organisation, number, "说明")
    with pytest.raises(rules.NotJustifiedYet):
        decide_low_price(waterworks_user, waterworks, number, "理由", accepted=False)
    with pytest.raises(rules.ReasonsMissing):
        justify_low_price(swift_agency.organisation, number, " ")
    justify_low_price(swift_agency.organisation, number, "说明")
    with pytest.raises(rules.JustifiedBefore):
        justify_low_price(swift_agency.organisation, number, "再说明")
    with pytest.raises(rules.NotTheBuyer):
        decide_low_price(waterworks_user, river_bureau, number, "理由", accepted=False)
    with pytest.raises(rules.ReasonsMissing):
        decide_low_price(waterworks_user, waterworks, number, "", accepted=False)


def test_a_bidder_barred_under_review_passes_it_on(reviewed, swift_agency):
    swift_agency.standing = Standing.REMOVED
    swift_agency.save()
    bar_barred(reviewed.request.number)
    advance(reviewed.request.number)
    assert last(reviewed, "low.decided")["because"] == "barred"
    assert Award.objects.get().winner.agency != swift_agency


def test_the_median_of_the_item_is_noted_at_the_close(auction, swift_agency, bid, waterworks, waterworks_user, item):
    for n in range(8):
        other = cast.published(waterworks, item, waterworks_user)
        winner = cast.enrol(None, swift_agency, other.number)
        now = database_now()
        Award.objects.create(
            request=other,
            winner=winner,
            amount=cast.yuan("99000") + n,
            status="final",
            published_at=now - timedelta(days=30 * n),
            standstill_until=now,
        )
    bid(auction, swift_agency, "45000.00", confirmed=True)
    end(auction)
    said = last(auction, "auction.low")
    assert said["because"] == ["median"]
    assert said["market"] == {"median": "99000.03", "awards": 8}


def test_a_price_that_is_not_low_closes_as_ever(auction, swift_agency, bid):
    bid(auction, swift_agency, "45000.00", confirmed=True)
    end(auction)
    assert auction.status == "closed"
    assert "market" not in last(auction, "auction.closed")
