"""Several clocks sum at once: the day is summed once, and nothing that happens meanwhile is lost."""

import threading

from django.db import connection, transaction

import pytest

from accounts.models import Kind
from agencies.models import Agency
from journal.sealing.actions import seal
from stats import clockwork
from stats.actions import keep_up, recompute_all
from stats.models import Awarded, Day, Stale
from tests import cast
from tests.committed import at_once
from tests.journal import log
from tests.stats.world import NOW, World


@pytest.fixture
def world(transactional_db: None) -> World:
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    return World(buyer, cast.person("buyer@waterworks.example", buyer), cast.service_item())


@pytest.fixture
def swift_agency(transactional_db: None) -> Agency:
    return cast.agency("迅达咨询有限公司")


def test_two_clocks_sum_a_day_once(world, swift_agency):
    world.award(world.request("2026-11-02"), "2026-11-05", "80000.00", swift_agency)
    done = at_once(*[lambda: keep_up(NOW)] * 3)
    assert sorted(done)[:2] == [0, 0], "the others find it taken or done"
    assert sorted(done)[2] == 2, "one row of awards, one of notices"
    assert Day.objects.count() == 1
    assert Awarded.objects.get().awards == 1


def test_a_clock_that_is_at_it_is_left_alone(world):
    entered, leave = threading.Event(), threading.Event()

    def holds() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('statistics', 0))")
            entered.set()
            leave.wait(10)
        connection.close()

    other = threading.Thread(target=holds)
    other.start()
    assert entered.wait(10)
    assert keep_up(NOW) == 0
    assert not Day.objects.exists()
    leave.set()
    other.join(10)
    assert not other.is_alive()


def test_what_happens_while_a_cell_is_summed_is_summed_too(world, swift_agency, settings):
    settings.LOG_KEY = log.signer().secret()
    seal()
    clockwork.follow_log()
    recompute_all(NOW)
    made = [world.request("2026-11-02") for _ in range(6)]
    stop = threading.Event()

    def awards() -> None:
        for request in made:
            world.award(request, "2026-11-05", "80000.00", swift_agency)
            seal()
            clockwork.follow_log()
        stop.set()

    def sums() -> None:
        while not stop.is_set():
            keep_up(NOW)

    failed = [one for one in at_once(awards, sums, sums) if isinstance(one, BaseException)]
    assert failed == []
    keep_up(NOW)
    assert not Stale.objects.exists()
    assert Awarded.objects.get().awards == 6
