"""Suspensions, bids, clocks and closes at once, in threads that commit for real: never an award to who is barred (R8)."""

import itertools
import random
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction

import pytest

from accounts.models import Kind
from agencies.models import Agency, Standing
from bidding import queries
from bidding.actions import Press, advance, bar_agency, place_bids
from bidding.clockwork import bar_where_standing_forbids, move_due_requests
from bidding.methods import strategy_for
from bidding.models import Auction, AuctionStatus, Award, AwardStatus, Bid, Enrolment
from bidding.standings import awards_under_way
from core.clock import database_now
from journal.actions import lock_case
from journal.models import Entry
from marketplace.models import Method, RequestStatus
from marketplace.rulesets import CURRENT, ruleset
from tests import cast
from tests.committed import at_once

pytestmark = pytest.mark.usefixtures("transactional_db")


def a_market(count: int) -> tuple[Callable[..., Auction], list[Agency]]:
    item = cast.service_item("TST-78")
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@barring.example", buyer)
    enrolled = [cast.agency(f"第{n}咨询有限公司") for n in range(count)]
    cast.offers(item, *enrolled)
    return lambda **fields: cast.live_auction(buyer, item, by, *enrolled, **fields), enrolled


def suspend(agency: Agency, *, linger: float = 0.0) -> list[str]:
    """As the exit mechanism does it: the agency's own case, its standing, and then its selections."""
    with transaction.atomic():
        lock_case(f"A-{agency.uscc}")
        time.sleep(linger)
        Agency.objects.filter(pk=agency.pk).update(standing=Standing.SUSPENDED)
    return bar_agency(agency.pk)


def bids_of(auction: Auction, agency: Agency, times: int, seed: int) -> Callable[[], list[Any]]:
    dice = random.Random(seed)
    number = auction.request.number or ""

    def bid() -> list[Any]:
        answers = []
        for _ in range(times):
            seen = Auction.objects.get(pk=auction.pk)
            limit = seen.ceiling if seen.best is None else seen.best - seen.step
            press = Press(uuid.uuid4(), agency.pk, agency.user.pk, max(limit - dice.choice([0, 0, 7]), 1), True)
            answers += place_bids(number, [press])
        return answers

    return bid


def assert_best_unstruck_leads(auction: Auction) -> None:
    auction.refresh_from_db()
    standing = Bid.objects.filter(auction=auction, seq__isnull=False, struck=False).order_by("amount").first()
    assert (auction.best, auction.leader_id) == ((standing.amount, standing.enrolment_id) if standing else (None, None))
    barred = Enrolment.objects.filter(request=auction.request, barred_at__isnull=False)
    assert not Bid.objects.filter(enrolment__in=barred, seq__isnull=False, struck=False).exists()


def assert_record_alone_says_the_same(auction: Auction) -> None:
    number = auction.request.number or ""
    outcome = strategy_for(Method.LIVE).decide(queries.case_entries(number), ruleset(CURRENT))
    leader = auction.leader.label if auction.leader else None
    assert (outcome.winner, outcome.amount) == (leader, auction.best)


def assert_no_bid_after_the_bar(auction: Auction) -> None:
    entries = list(Entry.objects.filter(case=auction.request.case).order_by("seq"))
    barred: set[str] = set()
    for entry in entries:
        if entry.kind == "bidder.barred":
            assert entry.data["label"] not in barred, "barred twice"
            barred.add(entry.data["label"])
        assert entry.kind != "bid.placed" or entry.data["label"] not in barred


def test_suspensions_amid_bids_leave_the_best_of_the_others_leading():
    make, agencies = a_market(6)
    auction = make()
    bidding = [bids_of(auction, one, 12, seed) for seed, one in enumerate(agencies)]
    fallen = agencies[:3]
    stops = [lambda one=one, n=n: (time.sleep(0.05 * n), suspend(one))[1] for n, one in enumerate(fallen, 1)]
    results = at_once(*bidding, *stops, bar_where_standing_forbids, bar_where_standing_forbids)
    assert not [result for result in results if isinstance(result, BaseException)]
    bar_where_standing_forbids()
    assert_best_unstruck_leads(auction)
    assert_record_alone_says_the_same(auction)
    assert_no_bid_after_the_bar(auction)
    assert auction.leader is None or auction.leader.agency not in fallen
    assert Entry.objects.filter(case=auction.request.case, kind="bidder.barred").count() == len(fallen)
    refused = [answer.refusal["code"] for answers in results[:3] for answer in answers if answer.refusal]
    assert set(refused) <= {"E_STANDING", "E_TOO_HIGH", "E_LEADING"}


@pytest.mark.parametrize("head_start", [0.0, 0.002, 0.01])
def test_suspension_and_close_meet_and_nobody_barred_is_awarded(head_start):
    make, agencies = a_market(3)
    for _turn in range(6):
        Agency.objects.update(standing=Standing.ACTIVE)
        auction = make()
        for one in (agencies[1], agencies[0]):
            bids_of(auction, one, 1, 0)()
        cast.set_close(auction, -0.001)
        Auction.objects.filter(pk=auction.pk).update(hard_end=Auction.objects.get(pk=auction.pk).closes_at)
        number = auction.request.number or ""
        results = at_once(
            lambda: suspend(agencies[0], linger=0.005),
            lambda number=number: (time.sleep(head_start), advance(number))[1],
            move_due_requests,
        )
        assert not [result for result in results if isinstance(result, BaseException)]
        award = Award.objects.get(request=auction.request, status=AwardStatus.STANDSTILL)
        assert award.winner.agency == agencies[1]
        kinds = list(Entry.objects.filter(case=auction.request.case).values_list("kind", flat=True))
        assert ("bidder.barred" in kinds) != ("award.voided" in kinds)


def test_a_close_waits_for_a_standing_that_is_just_changing():
    make, agencies = a_market(2)
    auction = make()
    for one in (agencies[1], agencies[0]):
        bids_of(auction, one, 1, 0)()
    cast.set_close(auction, -0.001)
    Auction.objects.filter(pk=auction.pk).update(hard_end=Auction.objects.get(pk=auction.pk).closes_at)
    held = threading.Event()

    def decide() -> None:
        with transaction.atomic():
            lock_case(f"A-{agencies[0].uscc}")
            held.set()
            time.sleep(0.4)
            Agency.objects.filter(pk=agencies[0].pk).update(standing=Standing.REMOVED)

    results = at_once(decide, lambda: (held.wait(5), advance(auction.request.number or ""))[1])
    assert results == [None, 1]
    assert Award.objects.get().winner.agency == agencies[1]


def test_two_closes_at_once_give_an_agency_on_probation_no_third_award():
    make, agencies = a_market(2)
    auctions = [make() for _ in range(4)]
    for auction, one in itertools.product(auctions, (agencies[1], agencies[0])):
        bids_of(auction, one, 1, 0)()
    Agency.objects.filter(pk=agencies[0].pk).update(standing=Standing.PROBATION)
    for auction in auctions:
        cast.set_close(auction, -0.001)
        Auction.objects.filter(pk=auction.pk).update(hard_end=Auction.objects.get(pk=auction.pk).closes_at)
    results = at_once(*[lambda one=one: advance(one.request.number or "") for one in auctions])
    assert results == [1] * 4
    assert awards_under_way([agencies[0].pk]) == {agencies[0].pk: 2}
    assert Award.objects.filter(winner__agency=agencies[1]).count() == 2


def test_two_settle_one_suspension_at_once_and_bar_once():
    make, agencies = a_market(3)
    auction = make()
    bids_of(auction, agencies[0], 1, 0)()
    Agency.objects.filter(pk=agencies[0].pk).update(standing=Standing.SUSPENDED)
    results = at_once(*[lambda: bar_agency(agencies[0].pk)] * 3, bar_where_standing_forbids)
    assert not [result for result in results if isinstance(result, BaseException)]
    assert Entry.objects.filter(case=auction.request.case, kind="bidder.barred").count() == 1
    assert_best_unstruck_leads(auction)


def test_a_standstill_that_ends_while_its_winner_is_suspended_passes_on():
    make, agencies = a_market(2)
    auction = make()
    for one in (agencies[1], agencies[0]):
        bids_of(auction, one, 1, 0)()
    cast.set_close(auction, -0.001)
    number = auction.request.number or ""
    advance(number)
    Award.objects.update(standstill_until=database_now())
    results = at_once(lambda: suspend(agencies[0]), lambda: advance(number), move_due_requests)
    assert not [result for result in results if isinstance(result, BaseException)]
    standing = Award.objects.get(status__in=[AwardStatus.STANDSTILL, AwardStatus.FINAL])
    assert standing.winner.agency == agencies[1]
    auction.request.refresh_from_db()
    assert auction.request.status == RequestStatus.STANDSTILL
    assert Auction.objects.get(pk=auction.pk).status == AuctionStatus.CLOSED
