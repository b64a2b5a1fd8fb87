"""Several hands on one evaluation at the same moment, against the real database."""

import pytest

from journal.models import Entry
from ratings.actions import evaluations
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import Dispute, DisputeStatus, Evaluation, Mark, MarkSide, Rating, Rectification
from ratings.rules.evaluation_refusals import DisputeStep, EvaluationOver, RatedAlready
from tests import cast
from tests.committed import at_once
from tests.contracts import play
from tests.ratings import acting, rating


@pytest.fixture
def number(transactional_db: None) -> str:
    """A finished contract whose round is not open yet."""
    buyer = cast.organisation("enterprise", "陇中供水有限公司")
    by = cast.person("buyer@waterworks.example", buyer)
    agency = cast.agency("迅达咨询有限公司")
    made = acting.finished(buyer, by, cast.service_item(), agency)
    return made.award.request.number or ""


def kinds(number: str) -> list[str]:
    entries = Entry.objects.filter(case__name=number, kind__startswith="evaluation.").order_by("seq")
    return list(entries.values_list("kind", flat=True))


def test_three_clocks_open_it_once(number: str) -> None:
    assert sum(at_once(*[do_due_evaluations] * 3)) == 1
    assert kinds(number) == ["evaluation.opened"]


def test_two_sides_at_once_are_both_kept_and_revealed_once(number: str) -> None:
    do_due_evaluations()
    results = at_once(lambda: rating.by_buyer(number), lambda: rating.by_agency(number))
    assert all(isinstance(one, Mark) for one in results), results
    assert kinds(number)[1:] == ["evaluation.given", "evaluation.given", "evaluation.revealed"]
    assert Rating.objects.count() == 1


def test_one_side_pressing_three_times_rates_once(number: str) -> None:
    do_due_evaluations()
    results = at_once(*[lambda: rating.by_buyer(number)] * 3)
    assert sum(isinstance(one, Mark) for one in results) == 1
    assert sum(isinstance(one, RatedAlready) for one in results) == 2
    assert Mark.objects.count() == 1


def test_the_reveal_and_a_rating_at_once_never_lose_or_leak_a_mark(number: str) -> None:
    do_due_evaluations()
    rating.by_buyer(number)
    rating.end_window(number)
    _done, rated = at_once(do_due_evaluations, lambda: rating.by_agency(number))
    do_due_evaluations()
    assert isinstance(rated, EvaluationOver)
    assert kinds(number) == ["evaluation.opened", "evaluation.given", "evaluation.revealed"]
    assert Rating.objects.count() == 1


def test_three_clocks_reveal_once(number: str) -> None:
    do_due_evaluations()
    rating.by_buyer(number, 2)
    rating.end_window(number)
    at_once(*[do_due_evaluations] * 3)
    assert kinds(number).count("evaluation.revealed") == 1
    assert Evaluation.objects.get().x is not None
    assert Rating.objects.count() == Rectification.objects.count() == 1


def test_two_officers_decide_a_dispute_once(number: str) -> None:
    do_due_evaluations()
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    evaluations.dispute(play.user_of(agency), agency, number, MarkSide.BUYER, "与事实不符")
    body = cast.organisation("regulator", "甘肃省市场监督管理局")
    officers = [cast.person(f"{n}@regulator.example", body) for n in range(2)]
    side, upheld, dismissed = MarkSide.BUYER, DisputeStatus.UPHELD, DisputeStatus.DISMISSED
    results = at_once(
        lambda: evaluations.decide_dispute(officers[0], body, number, side, upheld, "属实"),
        lambda: evaluations.decide_dispute(officers[1], body, number, side, dismissed, "不实"),
    )
    assert sum(isinstance(one, Dispute) for one in results) == 1
    assert sum(isinstance(one, DisputeStep) for one in results) == 1
    assert kinds(number).count("evaluation.dispute_decided") == 1


def test_an_officer_and_a_rating_of_another_contract_do_not_wait_for_each_other_for_ever(number: str) -> None:
    do_due_evaluations()
    rating.revealed(number, 2)
    first = play.contract(number)
    second = acting.finished(
        first.buyer,
        play.user_of(first.buyer),
        first.award.request.item,
        first.agency.agency,  # type: ignore[attr-defined]
    )
    other = rating.opened(second)
    rating.by_buyer(other)
    agency = first.agency
    results = at_once(
        lambda: evaluations.dispute(play.user_of(agency), agency, number, MarkSide.BUYER, "与事实不符"),
        lambda: rating.by_agency(other),
    )
    assert not [one for one in results if isinstance(one, BaseException)]
    assert Rating.objects.count() == 2
