"""Working days, and how they explain themselves (UX §1)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import Calendar

CALENDAR = Calendar()
days = st.dates(min_value=dt.date(2025, 1, 1), max_value=dt.date(2027, 12, 31))


def test_national_day_is_skipped_and_the_make_up_saturday_counts():
    deadline = CALENDAR.after(dt.date(2026, 9, 29), 5)
    assert deadline.date == dt.date(2026, 10, 12)
    assert deadline.explain() == "5 个工作日：跳过 10-01 至 10-07（国庆节）；10-10 调休上班"


def test_spring_festival_is_skipped_and_valentines_saturday_is_worked():
    deadline = CALENDAR.after(dt.date(2026, 2, 13), 3)
    assert CALENDAR.works(dt.date(2026, 2, 14))
    assert deadline.date == dt.date(2026, 2, 25)
    assert "02-15 至 02-23（春节）" in deadline.explain()
    assert "02-14 调休上班" in deadline.explain()


def test_an_ordinary_week_needs_no_explanation():
    assert CALENDAR.after(dt.date(2026, 11, 23), 3).explain() == "3 个工作日"


def test_a_year_without_make_up_days_is_provisional_and_says_so():
    assert not CALENDAR.provisional(2026)
    assert CALENDAR.provisional(2027)
    assert "2027 年按法定节假日暂估" in CALENDAR.after(dt.date(2026, 12, 30), 3).explain()


def test_an_operators_make_up_day_settles_the_year_and_counts():
    settled = Calendar({dt.date(2027, 1, 3): (True, "调休上班")})
    assert not settled.provisional(2027)
    assert settled.after(dt.date(2026, 12, 31), 1).date == dt.date(2027, 1, 3)


def test_an_override_closes_a_day_that_the_library_works():
    closed = Calendar({dt.date(2026, 11, 24): (False, "暴雪停工")})
    deadline = closed.after(dt.date(2026, 11, 23), 1)
    assert deadline.date == dt.date(2026, 11, 25)
    assert "跳过 11-24（暴雪停工）" in deadline.explain()


@given(start=days, count=st.integers(0, 30))
def test_counting_on_and_counting_between_agree(start: dt.date, count: int):
    end = CALENDAR.after(start, count).date
    assert CALENDAR.between(start, end) == count
    assert count == 0 or CALENDAR.works(end)


@given(start=days, count=st.integers(1, 20))
def test_a_deadline_is_six_in_the_evening_of_its_day_in_beijing(start: dt.date, count: int):
    moment = dt.datetime.combine(start, dt.time(3, 0), dt.UTC)
    due = CALENDAR.add(moment, count)
    assert due.hour == 10
    assert due.date() == CALENDAR.after(start, count).date


@pytest.mark.parametrize("late", ["16:30", "23:30"])
def test_a_moment_late_in_utc_already_belongs_to_the_next_day_in_beijing(late: str):
    moment = dt.datetime.combine(dt.date(2026, 11, 22), dt.time.fromisoformat(late), dt.UTC)
    assert CALENDAR.add(moment, 1).date() == dt.date(2026, 11, 24)
