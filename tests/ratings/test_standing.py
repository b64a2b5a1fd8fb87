"""What measures make of an agency, and what opens a case (R8)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agencies.models import Standing
from ratings.models import Measure, Trigger
from ratings.rules.standing import (
    Bound,
    Record,
    Spell,
    changes_nothing,
    months_after,
    months_before,
    spell_of,
    standing_of,
    triggers,
)
from ratings.rulesets import credit_rules

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SOON, LATER = NOW + timedelta(days=30), NOW + timedelta(days=90)
CLEAN = Record(conduct=Decimal(100), quality=Decimal("0.7"), weight=Decimal(9), newest_act=4, newest_rating=9)


def found(record: Record) -> list[tuple[Trigger, Measure]]:
    return [(one.trigger, one.proposed) for one in triggers(record, NOW, credit_rules().triggers)]


def test_without_measures_an_agency_is_active() -> None:
    assert standing_of([], withdrawn=False) == (Standing.ACTIVE, None)
    assert standing_of([], withdrawn=True) == (Standing.WITHDRAWN, None)


def test_the_hardest_measure_counts_until_its_own_end() -> None:
    warned, suspended = Spell(Standing.WARNED, LATER), Spell(Standing.SUSPENDED, SOON)
    assert standing_of([warned, suspended], withdrawn=False) == (Standing.SUSPENDED, SOON)
    removed = Spell(Standing.REMOVED, None)
    assert standing_of([warned, removed, suspended], withdrawn=False) == (Standing.REMOVED, None)


def test_of_two_suspensions_the_longer_counts() -> None:
    two = [Spell(Standing.SUSPENDED, SOON), Spell(Standing.SUSPENDED, LATER)]
    assert standing_of(two, withdrawn=False) == (Standing.SUSPENDED, LATER)


def test_a_suspension_of_items_leaves_the_agency_active() -> None:
    assert standing_of([Spell(Standing.SUSPENDED, SOON, ("GS-01",))], withdrawn=False) == (Standing.ACTIVE, None)


def test_who_left_of_its_own_will_stays_suspended_but_is_not_on_probation() -> None:
    assert standing_of([Spell(Standing.SUSPENDED, SOON)], withdrawn=True) == (Standing.SUSPENDED, SOON)
    assert standing_of([Spell(Standing.PROBATION, SOON)], withdrawn=True) == (Standing.WITHDRAWN, None)


def test_no_measure_makes_no_spell() -> None:
    assert spell_of(Measure.NONE, None) is None
    assert spell_of(Measure.WARN, SOON) == Spell(Standing.WARNED, SOON)


def test_a_clean_record_opens_nothing() -> None:
    assert found(CLEAN) == []


@pytest.mark.parametrize(
    ("conduct", "proposed"),
    [("80", None), ("79.9", Measure.WARN), ("60", Measure.WARN), ("59.9", Measure.SUSPEND), ("39.9", Measure.REMOVE)],
)
def test_conduct_below_its_lines(conduct: str, proposed: Measure | None) -> None:
    expected = [(Trigger.CONDUCT, proposed)] if proposed else []
    assert found(replace(CLEAN, conduct=Decimal(conduct))) == expected


def test_poor_quality_needs_enough_weight() -> None:
    poor = replace(CLEAN, quality=Decimal("0.449"))
    assert found(poor) == [(Trigger.QUALITY, Measure.WARN)]
    assert found(replace(poor, weight=Decimal("4.9"))) == []
    assert found(replace(poor, quality=Decimal("0.45"))) == []
    assert found(replace(poor, quality=None)) == []


def test_history_opens_cases_within_its_windows() -> None:
    def ago(days: int) -> datetime:
        return NOW - timedelta(days=days)

    assert found(replace(CLEAN, complaints_upheld=[ago(180), ago(3)])) == [(Trigger.COMPLAINTS, Measure.WARN)]
    assert found(replace(CLEAN, complaints_upheld=[ago(181), ago(3)])) == []
    assert found(replace(CLEAN, warned=[ago(300), ago(3)])) == [(Trigger.WARNINGS, Measure.SUSPEND)]
    assert found(replace(CLEAN, warned=[ago(400), ago(3)])) == []
    assert found(replace(CLEAN, suspended=[ago(700), ago(3)])) == [(Trigger.SUSPENSIONS, Measure.REMOVE)]


def test_the_hardest_proposal_comes_first() -> None:
    bad = replace(CLEAN, conduct=Decimal(39), quality=Decimal("0.2"))
    assert found(bad) == [(Trigger.CONDUCT, Measure.REMOVE), (Trigger.QUALITY, Measure.WARN)]


def test_what_a_measure_in_force_answers_opens_no_second_case() -> None:
    low = replace(CLEAN, conduct=Decimal(70), binding=[Bound(Trigger.CONDUCT, Measure.WARN)])
    assert found(low) == []
    assert found(replace(low, conduct=Decimal(55))) == [(Trigger.CONDUCT, Measure.SUSPEND)]


WARNED, SUSPENDED, REMOVED = (Bound(Trigger.CONDUCT, one) for one in (Measure.WARN, Measure.SUSPEND, Measure.REMOVE))
SUSPENDED_ELSE, REMOVED_ELSE = Bound(Trigger.LISTED, Measure.SUSPEND), Bound(Trigger.ESTABLISHED, Measure.REMOVE)
SOME_ITEMS = Bound(Trigger.CONDUCT, Measure.SUSPEND, whole=False)


@pytest.mark.parametrize(
    ("binding", "warns", "suspends", "removes"),
    [
        # What C below each line still opens, while this binds: it makes no difference whether it is in force or will be.
        ([], True, True, True),
        ([WARNED], False, True, True),
        ([SUSPENDED], False, False, True),
        ([REMOVED], False, False, False),
        ([SUSPENDED_ELSE], True, True, True),
        ([REMOVED_ELSE], False, False, True),
        ([SOME_ITEMS], False, True, True),
        ([SOME_ITEMS, SUSPENDED], False, False, True),
        ([WARNED, REMOVED_ELSE], False, False, True),
    ],
)
def test_no_case_for_what_could_change_nothing(
    binding: list[Bound], warns: bool, suspends: bool, removes: bool
) -> None:
    opens = [bool(found(replace(CLEAN, conduct=Decimal(c), binding=binding))) for c in (70, 50, 30)]
    assert opens == [warns, suspends, removes]


@pytest.mark.parametrize(
    ("binding", "opens"),
    [([], True), ([SUSPENDED], True), ([Bound(Trigger.SERIOUS, Measure.SUSPEND)], True), ([REMOVED_ELSE], False)],
)
def test_each_serious_act_is_a_reason_of_its_own_but_not_against_who_is_removed(
    binding: list[Bound], opens: bool
) -> None:
    record = replace(CLEAN, serious=[4], binding=binding)
    assert found(record) == ([(Trigger.SERIOUS, Measure.SUSPEND)] if opens else [])


@pytest.mark.parametrize(
    ("weighed", "opens"),
    [
        ([], True),
        ([(4, Measure.WARN)], False),
        ([(4, Measure.REMOVE)], False),
        ([(9, Measure.REMOVE)], False),  # what it looked at last was repaired since
        ([(3, Measure.REMOVE)], True),
    ],
)
def test_acts_that_a_case_has_weighed_open_no_lesser_one_when_it_is_over(
    weighed: list[tuple[int, Measure]], opens: bool
) -> None:
    """Who comes back after a removal has C at 60, below the line of warnings, for the same acts."""
    assert bool(found(replace(CLEAN, conduct=Decimal(60), weighed=weighed))) == opens


def test_a_lower_line_is_weighed_anew_although_no_act_is_newer() -> None:
    assert found(replace(CLEAN, conduct=Decimal(50), weighed=[(4, Measure.WARN)])) == [
        (Trigger.CONDUCT, Measure.SUSPEND)
    ]


@pytest.mark.parametrize("proposed", list(Measure))
def test_only_a_removal_leaves_nothing_to_change(proposed: Measure) -> None:
    assert not changes_nothing(proposed, [])
    assert not changes_nothing(proposed, [WARNED, SUSPENDED])
    assert changes_nothing(proposed, [WARNED, REMOVED]) == (proposed != Measure.REMOVE)


def test_only_something_new_is_another_fact() -> None:
    low = replace(CLEAN, conduct=Decimal(70))
    numbers = credit_rules().triggers
    [before], [after] = triggers(low, NOW, numbers), triggers(low, LATER, numbers)
    assert before.source == after.source
    [again] = triggers(replace(low, newest_act=5), NOW, numbers)
    assert again.source != before.source


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (datetime(2026, 8, 31, 9, tzinfo=UTC), 6, datetime(2027, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 12, 15, tzinfo=UTC), 1, datetime(2027, 1, 15, tzinfo=UTC)),
        (datetime(2026, 11, 30, tzinfo=UTC), 3, datetime(2027, 2, 28, tzinfo=UTC)),
    ],
)
def test_months_end_where_a_calendar_says(start: datetime, months: int, end: datetime) -> None:
    assert months_after(start, months) == end


def test_months_before_undo_months_after_where_the_day_exists() -> None:
    assert months_before(months_after(NOW, 24), 24) == NOW
