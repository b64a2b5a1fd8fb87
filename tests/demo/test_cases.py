"""Exit cases of the invented year are told by the real verbs, at the times they happened."""

from collections import Counter
from datetime import timedelta

from django.db import connection

import pytest

from agencies.models import Agency, Standing
from core.clock import database_now
from core.queries import calendar
from demo.cases import SCRIPTS, CaseTeller
from demo.past_clock import past_clock
from journal.queries import entries_of
from ratings.models import ExitCase, Step
from tests import cast
from tests.ratings.court import Court, chain_holds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def told() -> list[ExitCase]:
    now = database_now()
    court = Court(cast.agency("示范咨询有限公司"))
    with past_clock(now) as clock:
        teller = CaseTeller(clock, calendar(), now, court.body, court.officers)
        for n, script in enumerate(SCRIPTS):
            agency = cast.agency(f"第{n}检测有限公司")
            person = agency.organisation.memberships.get().user
            teller.tell(agency, person, script)
    return list(ExitCase.objects.select_related("agency").order_by("pk"))


def test_each_ends_where_its_script_says(told: list[ExitCase]) -> None:
    steps = Counter(case.step for case in told)
    assert steps[Step.OPENED] == steps[Step.NOTICED] == steps[Step.PROPOSED] == steps[Step.DECIDING] == 1
    assert sum(case.appealed_at is not None for case in told) == 6
    assert sum(case.appeal_outcome == "annulled" for case in told) == 2
    removed = Agency.objects.filter(standing=Standing.REMOVED).count()
    assert removed == 4


def test_their_files_hold_and_stand_in_the_past(told: list[ExitCase]) -> None:
    now = database_now()
    for case in told:
        chain_holds(case.number)
        chain_holds(f"A-{case.agency.uscc}")
        assert entries_of(case.number).order_by("seq")[0].at < now - timedelta(days=2)


def test_the_clock_runs_again(told: list[ExitCase]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - pg_catalog.clock_timestamp(), current_setting('search_path')")
        [(apart, path)] = cursor.fetchall()
    assert abs(apart) < timedelta(seconds=1)
    assert "past" not in path
