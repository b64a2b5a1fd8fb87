"""Several hands on one agency's credit at the same moment, against the real database."""

import pytest

from agencies.models import Agency
from core.clock import database_now
from journal.models import Entry
from ratings.actions.credit import decide_objection, object_to_act
from ratings.actions.market import publish_figures
from ratings.clockwork.credit import refresh_due
from ratings.entries import CreditEntry
from ratings.models import Act, ActEvent, CreditDue, CreditPoint, MarketFigures
from ratings.queries.credit import computed
from tests import cast
from tests.committed import at_once
from tests.ratings import acting


@pytest.fixture
def agency(transactional_db: None) -> Agency:
    return cast.agency("迅达咨询有限公司")


def test_two_clocks_compute_a_due_credit_once(agency: Agency) -> None:
    acting.note(agency, "unsigned", "1")
    CreditDue.objects.update(due_at=database_now())
    assert sorted(at_once(refresh_due, refresh_due, refresh_due)) == [0, 0, 1]
    assert CreditPoint.objects.count() == 1


def test_two_refreshes_at_once_keep_one_point(agency: Agency) -> None:
    found = at_once(lambda: acting.refresh(agency), lambda: acting.refresh(agency))
    assert [credit.c for credit in found] == [100, 100]
    assert CreditPoint.objects.count() == 1


def test_one_fact_noted_by_two_at_once_is_one_act(agency: Agency) -> None:
    noted = at_once(*(lambda: acting.note(agency, "unsigned", "1") for _ in range(3)))
    assert sum(isinstance(act, Act) for act in noted) == 1
    assert noted.count(None) == 2
    assert computed(agency).c == 90


def test_acts_noted_at_once_are_all_in_the_cache(agency: Agency) -> None:
    at_once(*(lambda n=n: acting.note(agency, "filed_late", str(n)) for n in range(4)))
    assert CreditPoint.objects.latest("pk").conduct == computed(agency).c == 100 - 2 - 3 - 4 - 4
    assert [act.seq for act in Act.objects.order_by("seq")] == [2, 3, 4, 5]


def test_two_officers_decide_an_objection_once(agency: Agency) -> None:
    body = cast.organisation("regulator", "甘肃省市场监督管理局")
    officers = [cast.person(f"{n}@regulator.example", body) for n in range(2)]
    act = acting.note(agency, "unsigned", "1", decided=False)
    assert act is not None
    object_to_act(agency.user, agency.organisation, act.pk, "不服")  # type: ignore[attr-defined]
    at_once(
        lambda: decide_objection(officers[0], body, act.pk, "属实", upheld=True),
        lambda: decide_objection(officers[1], body, act.pk, "维持", upheld=False),
    )
    assert ActEvent.objects.count() == 2


def test_two_clocks_publish_the_figures_once(agency: Agency) -> None:
    buyer, item = cast.organisation("enterprise", "陇中供水有限公司"), cast.service_item()
    by = cast.person("buyer@waterworks.example", buyer)
    acting.rate(acting.finished(buyer, by, item, agency), "0.9000")
    at_once(publish_figures, publish_figures, publish_figures)
    assert MarketFigures.objects.count() == 1
    assert Entry.objects.filter(kind=CreditEntry.MARKET).count() == 1
