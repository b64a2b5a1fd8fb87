"""Whoever has the record checks that each mark is the one its side gave: sealed before, opened by the reveal."""

import io
import json
from typing import Any

import pytest

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, Tie, TieNature
from core.clock import database_now
from journal.queries import record
from journal.verify import Broken, verify
from marketplace.models import Request, ServiceItem
from marketplace.queries import record_of as of_request
from ratings.models import Evaluation, MarkSide
from ratings.queries.evaluation_facts import judge_competent, outcomes_of
from ratings.rules.evaluation_refusals import NotCompetent, TiedDepartment
from tests import cast
from tests.journal.test_verify import chained
from tests.journal.test_verify import record as record_of
from tests.ratings import acting, rating


@pytest.fixture
def number(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> str:
    return rating.opened(acting.finished(waterworks, waterworks_user, item, swift_agency))


def entries(number: str) -> list[tuple[str, dict[str, Any]]]:
    told = json.loads(b"".join(record(number)))["entries"]
    return [(entry["kind"], entry["data"]) for entry in told]


def check(drafts: list[tuple[str, dict[str, Any]]]) -> int:
    text = record_of(chained(drafts))
    return verify(io.BytesIO(text.encode() if isinstance(text, str) else text)).reveals


def test_the_platforms_own_record_of_an_evaluation_passes(number: str) -> None:
    rating.revealed(number, 2, comment="第三章数据有误")
    assert verify(io.BytesIO(b"".join(of_request(Request.objects.get(number=number))))).reveals == 2


def revealed(drafts: list[tuple[str, dict[str, Any]]], side: str) -> dict[str, Any]:
    [data] = [data for kind, data in drafts if kind == "evaluation.revealed"]
    return next(mark for mark in data["marks"] if mark["by"] == side)


def test_a_mark_changed_after_it_was_given_is_found_even_in_a_chain_made_anew(number: str) -> None:
    rating.revealed(number)
    drafts = entries(number)
    assert check(drafts) == 2
    revealed(drafts, "buyer")["grades"]["quality"] = 1
    with pytest.raises(Broken, match="does not fit"):
        check(drafts)


def test_a_mark_that_nobody_gave_or_that_hides_its_salt_is_found(number: str) -> None:
    rating.revealed(number)
    drafts = entries(number)
    del revealed(drafts, "agency")["salt"]
    with pytest.raises(Broken, match="without its salt"):
        check(drafts)
    drafts = [(kind, data) for kind, data in entries(number) if data.get("commitment") is None or kind[0] != "e"]
    with pytest.raises(Broken, match="never rated"):
        check(drafts)


@pytest.mark.parametrize("region", ["620100", "620800", "621100", "620000"])
def test_a_departments_list_agrees_with_who_is_competent(
    number: str, region: str, waterworks: Organisation, waterworks_user: User, swift_agency: Agency, item: ServiceItem
) -> None:
    bodies = [
        cast.organisation(Kind.DEPARTMENT, "兰州市水务局", "620100", field="水利"),
        cast.organisation(Kind.DEPARTMENT, "甘肃省水利厅", "620000", field="水利"),
        cast.organisation(Kind.DEPARTMENT, "岷县水务局", "621100", field="水利"),
        cast.organisation(Kind.DEPARTMENT, "兰州市林业局", "620100", field="林业"),
        cast.organisation(Kind.DEPARTMENT, "某局", "620100"),
        cast.organisation(Kind.DEPARTMENT, "定西市水务局", "621100", field="水利"),
    ]
    cast.person("buyer@dingxi.example", bodies[5])
    rating.opened(acting.finished(bodies[5], bodies[5].memberships.get().user, item, swift_agency))
    Tie.objects.create(agency=swift_agency, department=bodies[2], nature=TieNature.STAFF, declared_at=database_now())
    rating.moved(Request.objects.all(), region)
    for body in bodies:
        listed = set(outcomes_of(body).values_list("pk", flat=True))
        assert listed == {one.pk for one in Evaluation.objects.all() if _may(body, one)}, body.name


def _may(body: Organisation, evaluation: Evaluation) -> bool:
    try:
        judge_competent(body, evaluation.contract)
    except (NotCompetent, TiedDepartment):
        return False
    return True


def test_a_side_is_named_in_the_record_and_a_person_never(number: str) -> None:
    rating.revealed(number, 2)
    text = b"".join(record(number)).decode()
    assert all(f'"by":"{side.value}"' in text for side in (MarkSide.BUYER, MarkSide.AGENCY, MarkSide.PLATFORM))
    assert "@" not in text
