"""What a mark must say, what it is worth, and how the parts make x (P19.5, R7)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.models import DisputeStatus, MarkSide, Outcome, RectificationStatus, Relation
from ratings.rules import evaluation as rules
from ratings.rules.evaluation import ContractFacts, Duty
from ratings.rules.evaluation_refusals import (
    CommentMissing,
    DisputeStep,
    EvaluationOver,
    GradeMissing,
    NotEvaluable,
    NotRevealed,
    OutcomeDocument,
    RatedAlready,
    ReasonMissing,
    ReasonUnfit,
    RectificationStep,
    ReplyOver,
    SaidAlready,
)
from ratings.rules.reasons import REASONS, reasons_of
from ratings.rulesets import credit_rules

RULES = credit_rules().evaluation
CONDUCT = credit_rules().conduct
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)
FINE = {"quality": 4, "timeliness": 4, "manner": 4, "fees": 4}


def judge(grades, reasons=("quality.sound",), comment="", side=MarkSide.BUYER):
    rules.judge_grades(side, grades, reasons, comment, RULES)


@pytest.mark.clause("P19.5")
def test_each_dimension_is_graded_in_five_grades_and_no_other_is():
    judge(FINE)
    for wrong in ({"quality": 4}, FINE | {"fees": 6}, FINE | {"fees": 0}, FINE | {"payment": 4}):
        with pytest.raises(GradeMissing):
            judge(wrong)


def test_an_evaluation_says_why_at_least_once():
    with pytest.raises(ReasonMissing):
        judge(FINE, reasons=())


def test_each_dissatisfied_dimension_says_why():
    bad = FINE | {"timeliness": 2, "fees": 2}
    with pytest.raises(ReasonMissing):
        judge(bad, reasons=("timeliness.late",))
    judge(bad, reasons=("timeliness.late", "fees.extra"))


@pytest.mark.parametrize(
    ("reason", "grade"), [("quality.errors", 4), ("quality.sound", 2), ("payment.late", 2), ("quality.unheard_of", 4)]
)
def test_a_reason_fits_its_dimension_and_grade(reason, grade):
    with pytest.raises(ReasonUnfit):
        judge(FINE | {"quality": grade}, reasons=(reason,))


def test_the_middle_grade_takes_praise_and_reproach():
    judge(FINE | {"quality": 3}, reasons=("quality.sound", "quality.errors"))


def test_the_lowest_grade_is_explained_in_words():
    grades = FINE | {"manner": 1}
    with pytest.raises(CommentMissing):
        judge(grades, reasons=("manner.hard_to_reach",))
    judge(grades, reasons=("manner.hard_to_reach",), comment="三周联系不上项目负责人")


def test_every_dimension_has_reasons_for_and_against():
    for side in (MarkSide.BUYER, MarkSide.AGENCY):
        for dimension in rules.dimensions(side, RULES):
            assert {reason.good for reason in reasons_of(dimension)} == {True, False}
    assert all(code.startswith(f"{reason.dimension}.") for code, reason in REASONS.items())


@pytest.mark.clause("R7")
def test_the_buyers_dimensions_weigh_as_r7_says():
    for dimension, share in (("quality", ".40"), ("timeliness", ".30"), ("manner", ".15"), ("fees", ".15")):
        only = dict.fromkeys(FINE, 1) | {dimension: 5}
        assert rules.x_of_grades(MarkSide.BUYER, only, RULES) == Decimal(share)
    agency = {"demand": 1, "cooperation": 1, "payment": 5}
    assert rules.x_of_grades(MarkSide.AGENCY, agency, RULES) == Decimal(".5")


@given(st.fixed_dictionaries({name: st.integers(1, 5) for name in FINE}), st.sampled_from(sorted(FINE)))
def test_a_better_grade_never_lowers_x(grades, dimension):
    x = rules.x_of_grades(MarkSide.BUYER, grades, RULES)
    assert 0 <= x <= 1
    better = grades | {dimension: min(5, grades[dimension] + 1)}
    assert rules.x_of_grades(MarkSide.BUYER, better, RULES) >= x


def test_an_outcome_is_worth_one_a_half_or_nothing_and_names_its_paper():
    assert [rules.x_of_outcome(one) for one in Outcome] == [1, Decimal(".5"), 0]
    rules.judge_outcome(Outcome.PASSED, "甘水许可〔2026〕18 号", "")
    with pytest.raises(OutcomeDocument):
        rules.judge_outcome(Outcome.PASSED, "", "")
    with pytest.raises(CommentMissing):
        rules.judge_outcome(Outcome.REFUSED, "甘水退〔2026〕3 号", "")


def test_three_parts_weigh_five_three_two():
    parts = {"buyer": Decimal(1), "department": Decimal("0.5"), "platform": Decimal(0)}
    assert rules.x_of_contract(parts, RULES) == Decimal("0.65")


def test_missing_parts_renormalise():
    assert rules.x_of_contract({"buyer": Decimal(1), "platform": Decimal(0)}, RULES) == Decimal("0.7143")
    assert rules.x_of_contract({"department": Decimal(1), "platform": Decimal(0)}, RULES) == Decimal("0.6")
    assert rules.x_of_contract({"buyer": Decimal("0.8")}, RULES) == Decimal("0.8")


def test_the_platform_alone_never_makes_a_rating():
    assert rules.x_of_contract({"platform": Decimal(1)}, RULES) is None
    assert rules.x_of_contract({}, RULES) is None


def facts(*late: timedelta, **fields):
    signed = NOW - 100 * DAY
    return ContractFacts(signed, [Duty(NOW, NOW + days) for days in late], **fields)


def test_the_platform_counts_deliveries_changes_and_answers():
    graded = rules.platform_grades(
        facts(0 * DAY, 5 * DAY, 20 * DAY, changes=1, answers=[Duty(NOW, NOW), Duty(NOW, NOW + DAY)]), CONDUCT
    )
    assert graded == {"on_time": Decimal("0.5"), "changes": Decimal("0.5"), "response": Decimal("0.5")}
    assert rules.x_of_platform(graded, RULES) == Decimal("0.5")


def test_facts_that_there_are_none_of_are_left_out():
    graded = rules.platform_grades(facts(), CONDUCT)
    assert graded == {"changes": 1}
    assert rules.x_of_platform(graded, RULES) == 1
    assert rules.platform_grades(facts(changes=7), CONDUCT) == {"changes": 0}


def test_a_low_mark_or_the_lowest_grade_asks_to_put_things_right():
    assert rules.is_bad(Decimal("0.3999"), FINE, RULES)
    assert rules.is_bad(Decimal("0.9"), FINE | {"fees": 1}, RULES)
    assert not rules.is_bad(Decimal("0.4"), FINE, RULES)


def may_rate(**fields):
    known = {"finished": True, "given": [], "revealed_at": None, "closes_at": NOW + DAY, "now": NOW}
    rules.judge_may_rate(MarkSide.BUYER, **(known | fields))


def test_the_window_is_open_to_its_last_moment_and_not_longer():
    may_rate(now=NOW + DAY - timedelta(milliseconds=1))
    with pytest.raises(EvaluationOver):
        may_rate(now=NOW + DAY)
    with pytest.raises(EvaluationOver):
        may_rate(revealed_at=NOW)


def test_only_finished_contracts_are_rated_and_once_a_side():
    with pytest.raises(NotEvaluable):
        may_rate(finished=False)
    may_rate(given=["agency"])
    with pytest.raises(RatedAlready):
        may_rate(given=["buyer"])


def test_it_is_revealed_when_both_have_rated_or_the_window_ends():
    closes = NOW + DAY
    assert not rules.to_be_revealed(["buyer", "department"], closes, NOW)
    assert rules.to_be_revealed(["buyer", "agency"], closes, NOW)
    assert rules.to_be_revealed([], closes, closes)
    assert not rules.to_be_revealed([], closes, closes - timedelta(milliseconds=1))


def test_an_answer_has_its_time_and_is_given_once():
    until = NOW + DAY
    rules.judge_answer(revealed_at=NOW, until=until, said=False, now=until - timedelta(milliseconds=1))
    with pytest.raises(NotRevealed):
        rules.judge_answer(revealed_at=None, until=None, said=False, now=NOW)
    with pytest.raises(SaidAlready):
        rules.judge_answer(revealed_at=NOW, until=until, said=True, now=NOW)
    with pytest.raises(ReplyOver):
        rules.judge_answer(revealed_at=NOW, until=until, said=False, now=until)


def test_a_dispute_is_decided_once_and_not_by_who_filed_it():
    rules.judge_dispute_decision(DisputeStatus.FILED, DisputeStatus.DISMISSED, filed_it=False)
    for status, verdict, mine in (
        (DisputeStatus.UPHELD, DisputeStatus.DISMISSED, False),
        (DisputeStatus.FILED, DisputeStatus.FILED, False),
        (DisputeStatus.FILED, DisputeStatus.UPHELD, True),
    ):
        with pytest.raises(DisputeStep):
            rules.judge_dispute_decision(status, verdict, filed_it=mine)


@pytest.mark.parametrize(
    ("disputes", "before", "expected"),
    [
        (["filed"], Relation.NONE, Relation.DISPUTED),
        (["upheld", "filed"], Relation.NONE, Relation.DISPUTED),
        (["dismissed", "upheld"], Relation.NONE, Relation.CONFIRMED),
        (["related"], Relation.NONE, Relation.FLAGGED),
        (["dismissed"], Relation.NONE, Relation.NONE),
        (["dismissed"], Relation.FLAGGED, Relation.FLAGGED),
        (["related"], Relation.CONFIRMED, Relation.CONFIRMED),
    ],
)
def test_disputes_weigh_a_rating_and_never_lift_what_was_known_before(disputes, before, expected):
    assert rules.relation_after([DisputeStatus(one) for one in disputes], before) == expected


def test_what_was_put_right_is_reported_in_time_and_judged_once():
    open_, reported = RectificationStatus.OPEN, RectificationStatus.REPORTED
    rules.judge_report(open_, None, due_at=NOW + DAY, now=NOW)
    rules.judge_report(open_, DisputeStatus.DISMISSED, due_at=NOW + DAY, now=NOW)
    rules.judge_verdict(reported, None)
    for status, dispute, due in (
        (reported, None, NOW + DAY),
        (open_, DisputeStatus.FILED, NOW + DAY),
        (open_, DisputeStatus.UPHELD, NOW + DAY),
        (open_, None, NOW),
    ):
        with pytest.raises(RectificationStep):
            rules.judge_report(status, dispute, due_at=due, now=NOW)
    for status, dispute in ((open_, None), (RectificationStatus.CONFIRMED, None), (reported, DisputeStatus.FILED)):
        with pytest.raises(RectificationStep):
            rules.judge_verdict(status, dispute)
