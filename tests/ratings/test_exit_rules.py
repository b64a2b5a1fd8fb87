"""The steps of an exit case, judged from plain values (R8)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ratings.models import Measure, Step
from ratings.rules import exit_refusals as refusals
from ratings.rules import exits as rules
from ratings.rules.exits import Moment, Move, Officers, Ruling
from ratings.rulesets import credit_rules

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NUMBERS = credit_rules().exit
RIPE = Moment(
    step=Step.DECIDING,
    due_at=NOW + 10 * DAY,
    lapses_at=NOW + 40 * DAY,
    served_at=NOW - 20 * DAY,
    defence_until=NOW - DAY,
    hearing_asked_at=None,
    effect_at=None,
    until=None,
    measure=None,
)


def ruling(measure: Measure = Measure.WARN, **fields: object) -> Ruling:
    return replace(Ruling(measure, "事实清楚"), **fields)  # type: ignore[arg-type]


def judge(said: Ruling, of: Moment = RIPE, *, proposed: Measure = Measure.SUSPEND, arguments: int = 0) -> None:
    rules.judge_ruling(said, of, proposed=proposed, arguments=arguments, now=NOW, numbers=NUMBERS)


def test_a_ripe_case_can_be_decided() -> None:
    judge(ruling())
    judge(ruling(Measure.SUSPEND, months=3, items=("GS-01",)))
    judge(ruling(Measure.NONE))


def test_before_the_defence_is_over_nothing_is_decided() -> None:
    with pytest.raises(refusals.DefenceNotOver, match="2026-11-23 16:00"):
        judge(ruling(), replace(RIPE, defence_until=NOW + timedelta(milliseconds=1)))
    judge(ruling(), replace(RIPE, defence_until=NOW))


@pytest.mark.parametrize("step", [step for step in Step if step != Step.DECIDING])
def test_only_at_its_step(step: Step) -> None:
    with pytest.raises(refusals.ExitStep, match=str(step.label)):
        judge(ruling(), replace(RIPE, step=step))


def test_each_argument_is_answered() -> None:
    with pytest.raises(refusals.ArgumentUnanswered, match="共 3 条，第 2 条"):
        judge(ruling(answers=("已核实", " ", "已核实")), arguments=3)
    with pytest.raises(refusals.ArgumentUnanswered, match="第 3 条"):
        judge(ruling(answers=("已核实", "不采纳")), arguments=3)
    judge(ruling(answers=("已核实", "不采纳", "已采纳")), arguments=3)


def test_a_decision_has_reasons() -> None:
    with pytest.raises(refusals.ReasonsMissing):
        judge(ruling(reasons="  "))


def test_harsher_than_proposed_says_why() -> None:
    removal = ruling(Measure.REMOVE, months=12)
    with pytest.raises(refusals.HarsherWithoutReason, match="暂停"):
        judge(removal)
    judge(replace(removal, harsher_because="期间再次发生"))
    judge(removal, proposed=Measure.REMOVE)


@pytest.mark.parametrize(
    ("measure", "least", "most"), [(Measure.SUSPEND, 1, 6), (Measure.REMOVE, 12, 36)], ids=["suspend", "remove"]
)
def test_terms_stay_in_their_range(measure: Measure, least: int, most: int) -> None:
    for months in (None, least - 1, most + 1):
        with pytest.raises(refusals.TermOutOfRange, match=f"{least} 至 {most} 个月"):
            judge(ruling(measure, months=months), proposed=Measure.REMOVE)
    for months in (least, most):
        judge(ruling(measure, months=months), proposed=Measure.REMOVE)


def test_only_a_suspension_is_limited_to_items() -> None:
    with pytest.raises(refusals.ItemsOnlyForSuspension):
        judge(ruling(Measure.WARN, items=("GS-01",)))


@pytest.mark.parametrize("act", ["hear", "decide", "second", "appeal"])
@pytest.mark.parametrize("role", ["opened", "confirmed", "noticed"])
def test_who_opened_found_or_investigated_takes_no_other_part(act: str, role: str) -> None:
    with pytest.raises(refusals.SameEyes):
        rules.judge_eyes(act, 7, Officers(**{role: 7}))
    rules.judge_eyes(act, 8, Officers(**{role: 7}))


def test_a_second_officer_is_another_and_an_appeal_goes_to_a_third() -> None:
    so_far = Officers(opened=None, noticed=1, decided=2, seconded=3)
    with pytest.raises(refusals.SameEyes, match="决定人"):
        rules.judge_eyes("second", 2, so_far)
    for user in (1, 2, 3):
        with pytest.raises(refusals.SameEyes):
            rules.judge_eyes("appeal", user, so_far)
    rules.judge_eyes("appeal", 4, so_far)


def test_a_case_of_the_clock_has_no_opener_to_exclude() -> None:
    rules.judge_eyes("decide", 7, Officers())


def test_an_interim_suspension_is_reviewed_by_another() -> None:
    with pytest.raises(refusals.SameEyes, match="复核"):
        rules.judge_reviewer(7, 7)
    rules.judge_reviewer(8, 7)


def test_a_hearing_is_for_suspension_and_removal_and_asked_for_in_time() -> None:
    noticed = replace(RIPE, step=Step.NOTICED)
    until = NOW + DAY
    with pytest.raises(refusals.HearingNotForWarnings):
        rules.judge_hearing_request(noticed, Measure.WARN, NOW, until)
    with pytest.raises(refusals.TooLate):
        rules.judge_hearing_request(noticed, Measure.REMOVE, until, until)
    with pytest.raises(refusals.ExitStep):
        rules.judge_hearing_request(replace(noticed, step=Step.DECIDING), Measure.REMOVE, NOW, until)
    rules.judge_hearing_request(noticed, Measure.REMOVE, NOW, until)


def test_a_hearing_is_announced_seven_days_before_and_held_in_time() -> None:
    held_by = NOW + 20 * DAY
    for at in (NOW + 7 * DAY - timedelta(seconds=1), held_by + timedelta(seconds=1)):
        with pytest.raises(refusals.HearingTooSoon):
            rules.judge_hearing_date(NOW, at, held_by, NUMBERS)
    rules.judge_hearing_date(NOW, NOW + 7 * DAY, held_by, NUMBERS)
    rules.judge_hearing_date(NOW, held_by, held_by, NUMBERS)


def test_an_appeal_has_its_time_and_its_steps() -> None:
    decided = replace(RIPE, step=Step.DECIDED)
    rules.judge_appeal(decided, NOW, NOW + DAY)
    rules.judge_appeal(replace(decided, step=Step.IN_FORCE), NOW, NOW + DAY)
    for until in (NOW, None):
        with pytest.raises(refusals.TooLate):
            rules.judge_appeal(decided, NOW, until)
    with pytest.raises(refusals.ExitStep):
        rules.judge_appeal(replace(decided, step=Step.APPEALED), NOW, NOW + DAY)


def test_an_appeal_never_makes_it_worse() -> None:
    for measure, months in ((Measure.REMOVE, 12), (Measure.SUSPEND, 3), (Measure.SUSPEND, 4), (None, None)):
        with pytest.raises(refusals.HarsherOnAppeal):
            rules.judge_milder(measure, months, Measure.SUSPEND, 3, NUMBERS)
    rules.judge_milder(Measure.SUSPEND, 2, Measure.SUSPEND, 3, NUMBERS)
    rules.judge_milder(Measure.WARN, None, Measure.SUSPEND, 3, NUMBERS)


def test_an_interim_suspension_needs_a_running_case_and_a_reason() -> None:
    rules.judge_interim(Step.NOTICED, "仍在出具虚假报告", ordered=False)
    for step in (Step.DECIDED, Step.IN_FORCE, Step.CLOSED, Step.LAPSED):
        with pytest.raises(refusals.InterimNeedsHarm):
            rules.judge_interim(step, "x", ordered=False)
    with pytest.raises(refusals.InterimNeedsHarm):
        rules.judge_interim(Step.NOTICED, "x", ordered=True)
    with pytest.raises(refusals.ReasonsMissing):
        rules.judge_interim(Step.NOTICED, " ", ordered=False)


def test_a_notice_not_looked_at_is_deemed_served_and_then_the_defence_runs() -> None:
    unserved = replace(RIPE, step=Step.NOTICED, served_at=None, defence_until=None, due_at=NOW)
    assert rules.move_due(unserved, NOW) is Move.DEEM_SERVED
    assert rules.move_due(unserved, NOW - timedelta(milliseconds=1)) is None
    served = replace(unserved, served_at=NOW, defence_until=NOW + DAY)
    assert rules.move_due(served, NOW) is None
    assert rules.move_due(served, NOW + DAY) is Move.END_DEFENCE


def test_a_decision_takes_effect_and_ends_by_itself_but_a_removal_does_not_end() -> None:
    decided = replace(RIPE, step=Step.DECIDED, effect_at=NOW, lapses_at=None)
    assert rules.move_due(decided, NOW) is Move.PUT_IN_FORCE
    force = replace(decided, step=Step.IN_FORCE, until=NOW, measure=Measure.SUSPEND)
    assert rules.move_due(force, NOW) is Move.END
    assert rules.move_due(replace(force, measure=Measure.REMOVE), NOW) is None


@pytest.mark.parametrize(
    "step", [Step.OPENED, Step.HEARING, Step.DECIDING, Step.PROPOSED, Step.APPEALED], ids=lambda step: step.value
)
def test_a_step_overdue_by_twenty_working_days_ends_for_the_agency(step: Step) -> None:
    late = replace(RIPE, step=step, lapses_at=NOW)
    assert rules.move_due(late, NOW) is Move.LAPSE
    assert rules.move_due(late, NOW - timedelta(milliseconds=1)) is None


def test_the_agencys_own_time_never_lapses_into_its_favour() -> None:
    noticed = replace(RIPE, step=Step.NOTICED, lapses_at=NOW, defence_until=NOW + DAY)
    assert rules.move_due(noticed, NOW) is None


@pytest.mark.parametrize("step", [Step.ENDED, Step.CLOSED, Step.LAPSED])
def test_what_is_over_never_moves(step: Step) -> None:
    over = replace(RIPE, step=step, lapses_at=NOW, effect_at=NOW, until=NOW)
    assert rules.move_due(over, NOW) is None
    assert rules.move_at(over) is None
