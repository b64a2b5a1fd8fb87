"""What stands out in a row of a comparison, and when a choice may be recorded."""

from decimal import Decimal

import pytest

from marketplace.models import Method, RequestStatus
from ratings.rules.comparison import (
    Better,
    ChoiceRecorded,
    ChosenNotCompared,
    NoFreeChoice,
    TooFewToCompare,
    bands,
    judge_choice,
    judge_chosen,
    judge_count,
    marks,
)


@pytest.mark.parametrize(
    ("values", "better", "differ", "best"),
    [
        ([1, 2, 3], Better.HIGH, True, {2}),
        ([1, 2, 1], Better.LOW, True, {0, 2}),
        ([2, 2], Better.HIGH, False, set()),
        ([None, 2], Better.HIGH, True, set()),  # one known number is neither high nor low
        ([None, None], Better.LOW, False, set()),
        ([None, Decimal("1.0"), Decimal("1.5")], Better.LOW, True, {1}),
    ],
)
def test_what_stands_out(values: list[Decimal | int | None], better: Better, differ: bool, best: set[int]) -> None:
    found = marks(values, better)
    assert (found.differ, found.best) == (differ, best)


def test_ratings_fall_into_fifths_whose_best_takes_a_whole_one() -> None:
    assert bands([Decimal(x) for x in ("1", "0.8", "0.7999", "0.2", "0.1", "0")]) == [2, 1, 0, 1, 2]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_two_to_four_are_compared(count: int) -> None:
    judge_count(count)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_no_fewer_and_no_more_are(count: int) -> None:
    with pytest.raises(TooFewToCompare) as refused:
        judge_count(count)
    assert refused.value.facts == {"count": count}


_MAY = {
    (Method.DIRECT, RequestStatus.PUBLISHED),
    (Method.DIRECT, RequestStatus.SELECTING),
    (Method.DIRECT, RequestStatus.STANDSTILL),
    (Method.CREDIT_DRAW, RequestStatus.STANDSTILL),
}


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("status", RequestStatus)
def test_a_choice_is_recorded_where_one_was_free_and_before_the_contract(method: Method, status: RequestStatus) -> None:
    if (method, status) in _MAY:
        judge_choice(method, status, recorded=False)
        with pytest.raises(ChoiceRecorded):
            judge_choice(method, status, recorded=True)
    else:
        with pytest.raises(NoFreeChoice):
            judge_choice(method, status, recorded=False)


def test_the_chosen_one_is_among_those_compared() -> None:
    judge_chosen("A", "甲", ["B", "A"])
    with pytest.raises(ChosenNotCompared) as refused:
        judge_chosen("C", "丙", ["B", "A"])
    assert refused.value.text == "比较中没有选定的机构 丙"
