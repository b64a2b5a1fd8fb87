"""The stage and its bots: always something that runs, always something that comes, and never a visitor's own seat."""

from datetime import timedelta
from random import Random

import pytest

from agencies.models import Agency
from bidding.actions import advance
from bidding.models import Auction, AuctionStatus, Bid, Enrolment
from bidding.rules.terms import terms_of
from core.clock import database_now
from demo import bots, roles, stage
from demo.bots import Bots
from marketplace.models import Request, RequestStatus
from marketplace.rulesets import ruleset
from tests import cast

STAGE_RULES = [stage.NEXT, stage.AT_ONCE]


@pytest.fixture
def ours(year: int) -> Agency:
    return Agency.objects.get(organisation__memberships__user__email=roles.email("agency"))


@pytest.fixture
def live(ours: Agency) -> Auction:
    """An auction of the stage, live, with its cast."""
    request = stage.raise_curtain(Random(5), stage.AT_ONCE)
    assert request is not None
    return cast.go_live(request, seconds=150)


def test_something_runs_and_something_comes_within_two_minutes(year):
    stage.keep_going(Random(1))
    coming = Request.objects.filter(ruleset__in=STAGE_RULES, status=RequestStatus.PUBLISHED)
    assert set(coming.values_list("ruleset", flat=True)) == set(STAGE_RULES)
    now = database_now()
    for request in coming:
        assert request.enrol_until is not None
        opens = request.enrol_until - now + timedelta(seconds=ruleset(request.ruleset).live.ready_seconds)
        assert opens < timedelta(seconds=8 if request.ruleset == stage.AT_ONCE else 120)


def test_what_is_there_already_is_not_published_again(year):
    stage.keep_going(Random(1))
    before = Request.objects.count()
    stage.keep_going(Random(2))
    assert Request.objects.count() == before


def test_a_running_auction_needs_no_quick_one(live):
    before = Request.objects.filter(ruleset=stage.AT_ONCE).count()
    stage.keep_going(Random(2))
    assert Request.objects.filter(ruleset=stage.AT_ONCE).count() == before


def test_the_visitors_agency_has_a_seat_everywhere_and_bots_leave_it_alone(live, ours):
    assert Enrolment.objects.filter(request=live.request, agency=ours).exists()
    seats = bots.driven(live)
    assert len(seats) >= 4
    assert ours.pk not in {seat.agency_id for seat in seats.values()}


def test_the_cast_comes_bit_by_bit_and_only_once(ours):
    request = stage.raise_curtain(Random(6), stage.NEXT)
    assert request is not None
    assert request.enrolments.count() == 1
    Request.objects.filter(pk=request.pk).update(published_at=database_now() - timedelta(seconds=600))
    stage.fill_all()
    there = request.enrolments.count()
    stage.fill_all()
    assert request.enrolments.count() == there >= 5


def test_bids_of_the_bots_stand(live):
    rng = Random(8)
    for _ in range(12):
        live.refresh_from_db()
        press = bots.press_for(rng, live, database_now())
        assert press is not None
        [answer] = bots.place_bids(live.request.number, [press])
        assert answer.refusal is None
    assert Bid.objects.filter(auction=live, seq__isnull=False).count() == 12
    assert advance(live.request.number or "") == 0


def test_a_step_moves_each_auction_only_when_its_time_has_come(live):
    machine = Bots(Random(9))
    assert machine.step() == 0
    machine._next[live.pk] = database_now() - timedelta(seconds=1)
    assert machine.step() == 1
    assert machine.step() == 0


def test_near_the_end_they_give_in(live):
    terms, now = terms_of(live), live.closes_at - timedelta(seconds=5)
    assert bots.goes_on(live, terms, now)
    live.extensions = 3
    assert not bots.goes_on(live, terms_of(live), now)
    assert bots.goes_on(live, terms_of(live), live.opens_at)
    assert not bots.goes_on(live, terms, live.closes_at)


def test_styles_and_floors_are_the_same_after_a_restart(live):
    seats = list(bots.driven(live))
    assert bots.cast(live, seats) == bots.cast(live, seats)
    assert all(bidder.floor < live.ceiling for bidder in bots.cast(live, seats))


def test_nothing_happens_in_an_empty_database(db):
    assert Bots(Random(1)).step() == 0
    assert not Auction.objects.filter(status=AuctionStatus.LIVE).exists()
