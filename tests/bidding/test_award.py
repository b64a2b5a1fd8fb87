"""The award follows from the case file, stands still, and becomes final (R5.9, I8)."""

import itertools
import uuid
from datetime import timedelta

import pytest

from bidding import queries
from bidding.actions import Press, advance, place_bids
from bidding.actions.courses import course_of
from bidding.clockwork import due, move_due_requests, next_due
from bidding.methods import strategy_for
from bidding.methods.live import Live
from bidding.models import Auction, Award, AwardStatus, Objection
from core.clock import database_now
from core.queries import calendar
from journal.awards.outcome import CaseEntry
from journal.queries import entries_of
from marketplace.models import Method, RequestStatus
from marketplace.rulesets import CURRENT, ruleset
from tests import cast

pytestmark = pytest.mark.django_db


def run_down(auction, *amounts, agencies):
    for amount, agency in zip(amounts, itertools.cycle(agencies), strict=False):
        press = Press(uuid.uuid4(), agency.pk, agency.user.pk, cast.yuan(amount), confirmed=True)
        assert place_bids(auction.request.number, [press])[0].refusal is None
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    auction.request.refresh_from_db()
    return Award.objects.get(request=auction.request)


def test_i8_the_award_is_what_anyone_computes_from_the_public_record(
    auction, swift_agency, steady_agency, third_agency
):
    award = run_down(auction, "99000", "98000", "90000", "80000", agencies=[swift_agency, steady_agency, third_agency])
    outcome = strategy_for(Method.LIVE).decide(queries.case_entries(auction.request.number), ruleset(CURRENT))
    assert (outcome.winner, outcome.amount) == (award.winner.label, award.amount)
    assert (award.winner.agency, award.amount) == (swift_agency, cast.yuan("80000"))
    published = entries_of(auction.request.number).get(kind="award.published").data
    assert published["winner"] == {
        "label": award.winner.label,
        "uscc": swift_agency.uscc,
        "name": swift_agency.organisation.name,
    }
    assert (published["amount"], published["rule"]) == ("80000.00", "live/R5.4")


def test_i8_nothing_but_bids_changes_who_wins():
    bids = [
        CaseEntry(n, f"t{n}", "bid.placed", {"label": who, "amount": f"{100 - n}.00"}) for n, who in enumerate("abab")
    ]
    noise = [CaseEntry(99, "t99", kind, {}) for kind in ("auction.extended", "request.enrolled", "auction.paused")]
    plain = Live().decide(bids, ruleset(CURRENT))
    assert Live().decide([*noise, *bids, *noise], ruleset(CURRENT)) == plain
    assert (plain.winner, plain.amount) == ("b", 9700)
    assert [(p.rank, p.label, p.amount, p.bids) for p in plain.ranking] == [(1, "b", 9700, 2), (2, "a", 9800, 2)]
    assert Live().decide(noise, ruleset(CURRENT)).failure == "no_bids"


def test_an_enterprises_award_stands_still_one_working_day(auction, swift_agency):
    award = run_down(auction, "99000", agencies=[swift_agency])
    assert award.standstill_until == calendar().add(award.published_at, 1)
    assert auction.request.status == RequestStatus.STANDSTILL


def test_a_departments_award_stands_still_three(
    river_bureau, river_officer, item, swift_agency, steady_agency, third_agency
):
    agencies = [swift_agency, steady_agency, third_agency]
    auction = cast.live_auction(river_bureau, item, river_officer, *agencies)
    award = run_down(auction, "99000", agencies=agencies)
    assert award.standstill_until == calendar().add(award.published_at, 3)
    assert award.standstill_until - award.published_at > timedelta(days=2)


def test_a_clock_ends_the_standstill_and_no_sooner(auction, swift_agency):
    award = run_down(auction, "99000", agencies=[swift_agency])
    assert move_due_requests() == 0
    Award.objects.update(standstill_until=database_now())
    assert due(database_now()) == [auction.request.number]
    assert move_due_requests() == 1
    award.refresh_from_db()
    auction.request.refresh_from_db()
    assert (award.status, auction.request.status) == (AwardStatus.FINAL, RequestStatus.AWARDED)
    assert entries_of(auction.request.number).last().kind == "award.final"
    assert move_due_requests() == 0


def test_a_clock_that_comes_a_week_late_makes_every_move_in_order(auction, swift_agency):
    place_bids(auction.request.number, [Press(uuid.uuid4(), swift_agency.pk, swift_agency.user.pk, cast.yuan("99000"))])
    cast.set_close(auction, -7 * 86400)
    assert move_due_requests() == 1
    Award.objects.update(standstill_until=database_now() - timedelta(days=4))
    assert move_due_requests() == 1
    last = [e.kind for e in entries_of(auction.request.number)][-3:]
    assert last == ["auction.closed", "award.published", "award.final"]


def test_a_standstill_with_an_objection_pending_does_not_end(auction, swift_agency, steady_agency):
    award = run_down(auction, "99000", "98000", agencies=[swift_agency, steady_agency])
    Award.objects.update(standstill_until=database_now())
    Objection.objects.create(
        award=award,
        by=swift_agency.organisation,
        filed_by=swift_agency.user,
        text="报价低于成本",
        filed_at=database_now(),
    )
    assert move_due_requests() == 0
    award.refresh_from_db()
    assert award.status == AwardStatus.STANDSTILL


def test_an_auction_that_the_platform_slept_through_opens_late_and_is_paused_not_lost(
    published_request, swift_agency, steady_agency
):
    for one in (swift_agency, steady_agency):
        cast.enrol(None, one, published_request.number)
    cast.let_enrolment_end(published_request)
    past = database_now() - timedelta(hours=2)
    Auction.objects.update(
        ready_at=past,
        opens_at=past + timedelta(minutes=3),
        closes_at=past + timedelta(minutes=13),
        hard_end=past + timedelta(minutes=63),
        due_at=past,
    )
    assert next_due() == past
    assert move_due_requests() == 3
    kinds = [e.kind for e in entries_of(published_request.number)]
    assert kinds[-4:] == ["auction.ready", "auction.opened", "auction.paused", "auction.resumes"]
    auction = Auction.objects.get()
    # Two hours and no end of them said: the next working day at the same second, with all its ten minutes.
    assert auction.opens_again_at > database_now() + timedelta(minutes=30)
    assert auction.opens_again_at.second == auction.opens_at.second
    assert auction.closes_at - auction.opens_again_at == timedelta(minutes=10)


@pytest.mark.parametrize("method", list(Method))
def test_every_method_has_a_strategy_with_all_its_faces(method):
    strategy = strategy_for(method)
    assert all(callable(getattr(strategy, face)) for face in ("accepts", "decide", "explain", "replay"))
    assert callable(course_of(method).begin)
