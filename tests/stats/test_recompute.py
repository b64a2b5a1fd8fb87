"""The sums over a small known market, and that keeping up leaves the same rows as summing everything anew."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from agencies.models import Agency
from bidding.models import AwardStatus
from core.clock import database_now
from core.models import WorkdayOverride
from journal.following import follow
from journal.sealing.actions import seal
from marketplace.entries import changed
from marketplace.models import Method, Request
from stats import clockwork
from stats.actions import keep_up, mark_touched, recompute_all
from stats.models import Awarded, Day, Happened, Market, Stale
from stats.queries.report import By, Chosen, report
from stats.rules.periods import Period, Span, month_of, period
from tests import cast
from tests.journal import log
from tests.stats.world import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P14.2")]


def since_september() -> Chosen:
    """Until today: entries bear the time at which a test writes them."""
    return Chosen(Period(date(2026, 9, 1), month_of(database_now())))


@pytest.fixture
def signed(settings):
    settings.LOG_KEY = log.signer().secret()


@pytest.fixture
def world(waterworks, waterworks_user, item) -> World:
    return World(waterworks, waterworks_user, item)


@pytest.fixture
def told(world: World, swift_agency: Agency, steady_agency: Agency, third_agency: Agency) -> World:
    """Four awards (one direct, one by agencies from outside), one that fell, two failures, one called off, one of the demo's."""
    near, far, other = swift_agency, steady_agency, third_agency
    world.award(world.request("2026-11-02"), "2026-11-05", "80000.00", near, far, other)
    world.award(world.request("2026-10-12", region="620500"), "2026-10-19", "60000.00", far, near)
    world.award(world.request("2026-11-06"), "2026-11-09", "90000.00", near, far)
    world.direct = world.request(
        "2026-11-10",
        method=Method.DIRECT,
        direct_agency=near,
        direct_price=cast.yuan("50000.00"),
        direct_reason="熟悉项目，长期合作。",
    )
    world.award(world.direct, "2026-11-10", "50000.00", near)
    fell = world.request("2026-11-03")
    world.award(fell, "2026-11-04", "10000.00", far, status=AwardStatus.DECLINED)
    world.fails(fell, "award_declined")
    world.fails(world.request("2026-11-03"), "no_bids")
    world.calls_off(world.request("2026-11-03"))
    world.award(world.request("2026-11-02", ruleset="demo-quick-2026-12"), "2026-11-02", "1.00", near, far)
    world.request("2026-09-01", region="620500")
    return world


def rows():
    """Everything that is kept, without keys."""
    return (
        sorted(Awarded.objects.values_list(*[f.name for f in Awarded._meta.fields if f.name != "id"])),
        sorted(Happened.objects.values_list(*[f.name for f in Happened._meta.fields if f.name != "id"])),
    )


def test_every_figure_of_the_known_market(told):
    recompute_all(NOW)
    total = report(since_september()).total
    assert (total.published, total.failed, total.cancelled, total.awards.count) == (8, 2, 1, 4)
    # 3, 5, 1 and 0 working days: 10-17 and 10-18 are a weekend, so are 11-07 and 11-08.
    assert dict(total.awards.waits) == {3: 1, 5: 1, 1: 1, 0: 1}
    assert total.median == Decimal("2.0")
    # 20, 40 and 10 per cent of three ceilings of 100,000; the direct selection has no competition to save by.
    assert total.saving == Decimal("23.3")
    assert total.saved_amount == cast.yuan("70000.00")
    assert total.rivals == Decimal("2.3")
    assert total.outside == Decimal("25.0")
    assert total.outside_by_amount == Decimal("21.4")


def test_lines_by_month_item_city_method_and_reason(told):
    recompute_all(NOW)
    found = report(since_september())
    months = found.lines[By.MONTH]
    assert {key: one.published for key, one in months.items()} == {"2026-09-01": 1, "2026-10-01": 1, "2026-11-01": 6}
    assert months["2026-10-01"].awards.count == 1
    assert found.lines[By.REGION]["620500"].saving == Decimal("40.0")
    assert found.lines[By.METHOD]["direct"].rivals is None
    assert found.lines[By.ITEM][told.item.code].awards.count == 4
    assert found.reasons == {"award_declined": 1, "no_bids": 1}
    for lines in found.lines.values():
        assert sum(one.awards.count for one in lines.values()) == 4


def test_a_selection_of_city_item_and_time(told):
    recompute_all(NOW)
    assert report(replace(since_september(), region="620500")).total.awards.count == 1
    assert report(replace(since_september(), item="NONE")).total.awards.count == 0
    quarter = period(Span.QUARTER, NOW + timedelta(days=62))
    assert report(Chosen(quarter)).total.awards.count == 3


def test_an_entrant_that_left_or_was_barred_is_no_rival(world, swift_agency, steady_agency, third_agency):
    request = world.request("2026-11-02")
    world.enrolment(request, steady_agency, withdrawn_at=NOW)
    world.enrolment(request, third_agency, barred_at=NOW, barred_because="standing")
    world.award(request, "2026-11-05", "80000.00", swift_agency)
    recompute_all(NOW)
    assert report(since_september()).total.rivals == Decimal("1.0")


def test_working_days_follow_the_operators_corrections(world, swift_agency):
    WorkdayOverride.objects.create(date=date(2026, 11, 4), works=False, name="停工")
    world.award(world.request("2026-11-02"), "2026-11-05", "80000.00", swift_agency)
    recompute_all(NOW)
    assert dict(report(since_september()).total.awards.waits) == {2: 1}


def test_markets_of_the_year(told):
    recompute_all(NOW)
    item = told.item.code
    assert set(Market.objects.values_list("item", "region")) == {
        (item, "620100"),
        (item, "620500"),
        (item, None),
        (None, "620100"),
        (None, "620500"),
        (None, None),
    }
    both = Market.objects.get(item=item, region=None)
    # 220,000 by one and 60,000 by the other.
    assert (both.awards, both.agencies, both.amount) == (4, 2, cast.yuan("280000.00"))
    assert (both.cr4, both.hhi) == (Decimal("100.0"), Decimal(6633))
    assert (both.low, both.median, both.high) == (cast.yuan("57500"), cast.yuan("70000"), cast.yuan("82500"))
    assert Market.objects.get(item=None, region="620500").median is None


def test_keeping_up_leaves_what_summing_anew_makes(signed, told, swift_agency, steady_agency):
    recompute_all(NOW)
    seal()
    clockwork.follow_log()
    before = rows()
    late = told.request("2026-08-03")
    world_award = told.award(told.request("2026-11-11"), "2026-11-13", "70000.00", steady_agency, swift_agency)
    told.award(late, "2026-11-16", "99000.00", swift_agency)
    told.fails(told.request("2026-11-12"), "too_few_entrants")
    told.takes_back(world_award)
    seal()
    assert clockwork.follow_log() > 0
    assert Stale.objects.exists()
    assert keep_up(NOW) > 0
    kept = rows()
    assert kept != before
    assert not Stale.objects.exists()
    recompute_all(NOW)
    assert rows() == kept


def test_a_request_that_moves_to_another_city_leaves_the_first(signed, told):
    recompute_all(NOW)
    seal()
    clockwork.follow_log()
    request = told.request("2026-11-12", enrol_until=database_now() + timedelta(hours=1))
    seal()
    clockwork.follow_log()
    keep_up(NOW)
    Request.objects.filter(pk=request.pk).update(region="620500")
    told._say(
        request,
        changed([{"field": "region", "old": "620100", "new": "620500"}], NOW, NOW, "项目改址。", []),
    )
    seal()
    clockwork.follow_log()
    keep_up(NOW)
    kept = rows()
    recompute_all(NOW)
    assert rows() == kept


def test_the_demos_bots_touch_nothing(signed, told, swift_agency):
    recompute_all(NOW)
    seal()
    clockwork.follow_log()
    told.award(told.request("2026-11-12", ruleset="demo-2026-12"), "2026-11-12", "1.00", swift_agency)
    seal()
    assert clockwork.follow_log() > 0
    assert not Stale.objects.exists()


def test_the_first_clock_of_a_day_sums_everything_and_the_next_ones_nothing(told):
    assert keep_up(NOW) > 0
    assert Day.objects.get().date == date(2026, 11, 20)
    assert keep_up(NOW) == 0
    assert keep_up(NOW + timedelta(minutes=16)) == 1
    assert Day.objects.get().at == NOW + timedelta(minutes=16)
    assert keep_up(NOW + timedelta(hours=12)) > 0
    assert Day.objects.count() == 2


def test_what_stands_open_is_kept_with_the_day(told):
    recompute_all(NOW)
    stock = Day.objects.get().stock
    assert stock["agencies"] == {"620100": 1, "61": 1, "51": 1}
    assert stock["left_out"] == 1
    assert stock["policy"]["passed"] == 9
    assert stock["payments"] == {"in_time": 0, "late": 0, "overdue": 0, "open": 0, "overdue_amount": 0}


def test_entries_that_change_no_sum_mark_nothing(signed, told):
    seal()
    follow("other", mark_touched)
    assert not Stale.objects.exists()
