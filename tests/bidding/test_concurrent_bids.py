"""Bids and clocks at once, in threads that commit for real (I6, I7, DESIGN §4 and §5)."""

import itertools
import random
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection, transaction

import pytest

from accounts.models import Kind
from agencies.models import Agency
from bidding.actions import Answer, Press, enrol, place_bids
from bidding.clockwork import move_due_requests
from bidding.models import Auction, AuctionStatus, Award, Bid, Enrolment
from bidding.rules.enrolment import AlreadyEnrolled
from core.clock import database_now
from journal import canon
from journal.actions import lock_case
from journal.models import Case, Entry
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.committed import at_once

pytestmark = pytest.mark.usefixtures("transactional_db")


def a_market(agencies: int) -> tuple[Callable[..., Auction], list[Agency]]:
    item = cast.service_item("TST-77")
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@concurrent.example", buyer)
    enrolled = [cast.agency(f"第{n}咨询有限公司") for n in range(agencies)]
    cast.offers(item, *enrolled)
    return lambda **fields: cast.live_auction(buyer, item, by, *enrolled, **fields), enrolled


def press(agency: Agency, amount: int) -> Press:
    return Press(uuid.uuid4(), agency.pk, agency.user.pk, amount, confirmed=True)


def assert_chain_holds(number: str) -> list[Entry]:
    case = Case.objects.get(name=number)
    entries = list(case.entries.order_by("seq"))
    head = canon.GENESIS
    for expected, entry in enumerate(entries, 1):
        assert entry.seq == expected
        assert bytes(entry.prev) == head
        head = canon.digest(head, bytes(entry.body))
        assert bytes(entry.hash) == head
    assert (case.seq, bytes(case.head)) == (len(entries), head)
    assert all(a.at <= b.at for a, b in itertools.pairwise(entries))
    return entries


def test_twenty_threads_of_twenty_bids_leave_falling_prices_and_one_entry_each():
    make, agencies = a_market(20)
    auction = make()
    number, step = auction.request.number, auction.step

    def bidding(agency: Agency, seed: int) -> Callable[[], list[Answer]]:
        dice = random.Random(seed)

        def bid_twenty_times() -> list[Answer]:
            answers = []
            for _ in range(20):
                seen = Auction.objects.get(pk=auction.pk)
                limit = seen.ceiling if seen.best is None else seen.best - seen.step
                answers += place_bids(number, [press(agency, max(limit - dice.choice([-1, 0, 0, 7]), 1))])
            return answers

        return bid_twenty_times

    results = at_once(*[bidding(agency, seed) for seed, agency in enumerate(agencies)])
    answers = [answer for result in results for answer in result]
    accepted = [answer for answer in answers if answer.refusal is None]
    entries = {e.seq: e for e in assert_chain_holds(number) if e.kind == "bid.placed"}
    assert len(answers) == 400
    assert len(accepted) >= 20
    assert {a.refusal["code"] for a in answers if a.refusal} <= {"E_TOO_HIGH", "E_LEADING"}
    assert sorted(a.seq for a in accepted) == sorted(entries)
    prices = [cast.yuan(e.data["amount"]) for _seq, e in sorted(entries.items())]
    assert all(later <= earlier - step for earlier, later in itertools.pairwise(prices))
    labels = [e.data["label"] for _seq, e in sorted(entries.items())]
    assert all(a != b for a, b in itertools.pairwise(labels))
    assert Auction.objects.get(pk=auction.pk).best == prices[-1]
    assert Bid.objects.filter(auction=auction, seq__isnull=False).count() == len(prices)


def test_threads_that_send_one_key_at_once_get_one_answer():
    make, agencies = a_market(2)
    number = make().request.number
    same = press(agencies[0], cast.yuan("99000"))
    answers = [result[0] for result in at_once(*[lambda: place_bids(number, [same])] * 8)]
    assert len({(a.key, a.seq, a.at) for a in answers}) == 1
    assert answers[0].seq is not None
    assert Bid.objects.count() == 1


def test_two_clocks_close_a_hundred_auctions_once_each():
    make, agencies = a_market(2)
    auctions = [make() for _ in range(100)]
    for auction in auctions[:60]:
        place_bids(auction.request.number, [press(agencies[0], cast.yuan("90000"))])
    for auction in auctions:
        cast.set_close(auction, -0.5)
    made = at_once(move_due_requests, move_due_requests)
    assert sum(made) == 100
    assert Auction.objects.filter(status=AuctionStatus.CLOSED).count() == 60
    assert Auction.objects.filter(status=AuctionStatus.FAILED).count() == 40
    assert Entry.objects.filter(kind="auction.closed").count() == Award.objects.count() == 60
    assert Entry.objects.filter(kind="auction.failed").count() == 40
    for auction in auctions[::10]:
        assert_chain_holds(auction.request.number)


def test_a_clock_passes_over_a_case_that_a_door_holds():
    make, _agencies = a_market(2)
    auction = make()
    cast.set_close(auction, -1)
    with transaction.atomic():
        lock_case(auction.request.number)
        [meanwhile] = at_once(move_due_requests)
    assert meanwhile == 0
    assert move_due_requests() == 1


def test_a_case_that_cannot_be_moved_does_not_stop_the_others():
    make, _agencies = a_market(2)
    broken, sound = make(), make()
    for auction in (broken, sound):
        cast.set_close(auction, -1)
    Case.objects.filter(name=broken.request.number).update(seq=0)
    assert move_due_requests() == 1
    assert Auction.objects.get(pk=sound.pk).status == AuctionStatus.FAILED
    assert Auction.objects.get(pk=broken.pk).status == AuctionStatus.LIVE


def test_an_agency_that_enrols_twice_at_once_is_enrolled_once():
    item = cast.service_item("TST-77")
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    one = cast.agency("迅达咨询有限公司")
    cast.offers(item, one)
    request = cast.published(buyer, item, cast.person("buyer@race.example", buyer))
    results = at_once(*[lambda: enrol(one.user, one, request.number)] * 6)
    assert sum(isinstance(result, Enrolment) for result in results) == 1
    assert sum(isinstance(result, AlreadyEnrolled) for result in results) == 5
    assert Entry.objects.filter(case=request.case, kind="request.enrolled").count() == 1


def test_agencies_that_enrol_at_once_get_labels_of_their_own():
    item = cast.service_item("TST-77")
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    agencies = [cast.agency(f"第{n}咨询有限公司") for n in range(12)]
    cast.offers(item, *agencies)
    request = cast.published(buyer, item, cast.person("buyer@race.example", buyer))
    results = at_once(*[lambda one=one: enrol(one.user, one, request.number) for one in agencies])
    assert len({enrolment.label for enrolment in results}) == 12
    assert_chain_holds(request.number)


def test_doors_and_a_clock_that_meet_at_the_deadline_end_enrolment_once():
    make, agencies = a_market(3)
    auction = make()
    request = auction.request
    item = request.item
    fresh = cast.published(request.buyer, item, request.created_by)
    for one in agencies:
        enrol(one.user, one, fresh.number)
    Request.objects.filter(pk=fresh.pk).update(enrol_until=database_now(), selects_at=database_now())
    at_once(move_due_requests, lambda: place_bids(fresh.number, [press(agencies[0], 1)]), move_due_requests)
    fresh.refresh_from_db()
    assert fresh.status == RequestStatus.SELECTING
    assert Auction.objects.filter(request=fresh).count() == 1
    assert_chain_holds(fresh.number)


def test_threads_that_append_to_one_case_and_to_two_leave_whole_chains():
    make, _agencies = a_market(2)
    first, second = make().request.number, make().request.number

    def append(number: str) -> None:
        for turn in range(15):
            with transaction.atomic():
                lock_case(number).append_all([("test.noted", {"turn": turn}), ("test.noted", {"again": turn})])

    results = at_once(*[lambda n=n: append(n) for n in (first, first, first, second, second, second)])
    assert results == [None] * 6
    for number in (first, second):
        assert sum(e.kind == "test.noted" for e in assert_chain_holds(number)) == 90


def test_a_clock_that_went_back_does_not_turn_the_time_of_entries_back():
    make, _agencies = a_market(2)
    number = make().request.number
    ahead = database_now() + timedelta(hours=1)
    Case.objects.filter(name=number).update(last_at=ahead)
    with transaction.atomic():
        held = lock_case(number)
        assert held.now == ahead
        held.append("test.noted", {})
    assert_chain_holds(number)


def test_the_moment_of_judgement_is_read_after_the_wait_for_the_lock():
    make, agencies = a_market(2)
    auction = make()
    number = auction.request.number
    with transaction.atomic():
        lock_case(number)
        [waited] = at_once(_give_up_waiting_after_a_while(number, agencies[0]))
    assert waited is None
    before = database_now()
    assert place_bids(number, [press(agencies[0], cast.yuan("99000"))])[0].at >= before


def _give_up_waiting_after_a_while(number: str, agency: Agency) -> Callable[[], None]:
    def wait() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            place_bids(number, [press(agency, cast.yuan("99000"))])

    return wait
