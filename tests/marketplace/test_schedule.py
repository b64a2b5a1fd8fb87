"""When enrolment ends and selection begins, as anyone can recompute it (R3, R5.10)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import BEIJING
from core.workdays import Calendar
from marketplace import schedule
from marketplace.models import Method
from marketplace.rulesets import ruleset
from tests.cast import yuan

RULES = ruleset()
LIVE = RULES.live
CALENDAR = Calendar()
NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=BEIJING)
NOON = dt.datetime(2026, 9, 29, 12, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("ceiling", "days"),
    [("100000.00", 1), ("100000.01", 3), ("500000.00", 3), ("500000.01", 5)],
)
def test_the_notice_grows_with_the_ceiling(ceiling, days):
    assert schedule.notice(NOON, Method.LIVE, yuan(ceiling), RULES, CALENDAR).days == days


def test_across_national_day_the_deadline_explains_itself():
    deadline = schedule.notice(NOON, Method.LIVE, yuan("600000.00"), RULES, CALENDAR)
    assert deadline.date == dt.date(2026, 10, 12)
    assert "10-10 调休上班" in deadline.explain()


def test_a_full_half_hour_is_passed_over():
    _until, first = schedule.plan("GS-2026-000001", NOON, Method.LIVE, 1, RULES, CALENDAR)
    half = first - dt.timedelta(minutes=first.minute % 30, seconds=first.second)
    _until, other = schedule.plan("GS-2026-000001", NOON, Method.LIVE, 1, RULES, CALENDAR, {half: LIVE.slot_capacity})
    assert not half <= other < half + dt.timedelta(minutes=30)


def test_with_all_half_hours_of_a_day_full_it_goes_to_the_next_working_day():
    _until, first = schedule.plan("GS-2026-000001", NOON, Method.LIVE, 1, RULES, CALENDAR)
    midnight = first.astimezone(BEIJING).replace(hour=0, minute=0, second=0)
    full = {midnight.astimezone(dt.UTC) + dt.timedelta(minutes=30 * n): LIVE.slot_capacity for n in range(48)}
    _until, other = schedule.plan("GS-2026-000001", NOON, Method.LIVE, 1, RULES, CALENDAR, full)
    assert other.astimezone(BEIJING).date() > first.astimezone(BEIJING).date()


@given(
    number=st.integers(1, 999_999),
    minutes=st.integers(0, 480_000),
    ceiling=st.integers(1, 10**8),
)
def test_every_plan_ends_at_six_on_a_working_day_and_starts_in_a_slot_of_a_later_one(number, minutes, ceiling):
    seed, now = f"GS-2026-{number:06d}", NEW_YEAR + dt.timedelta(minutes=minutes)
    until, selects = schedule.plan(seed, now, Method.LIVE, ceiling, RULES, CALENDAR)
    last, start = until.astimezone(BEIJING), selects.astimezone(BEIJING)
    assert CALENDAR.works(last.date())
    assert last.time() == dt.time(18, 0)
    assert CALENDAR.between(last.date(), start.date()) == 1
    assert CALENDAR.works(start.date())
    assert any(dt.time.fromisoformat(first) <= start.time() < dt.time.fromisoformat(end) for first, end in LIVE.slots)
    assert schedule.plan(seed, now, Method.LIVE, ceiling, RULES, CALENDAR) == (until, selects)
