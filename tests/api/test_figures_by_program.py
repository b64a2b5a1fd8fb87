"""Search, figures, comparisons and the record of a free choice, by a program."""

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.actions import advance
from marketplace.models import Method, Request, ServiceItem
from ratings.models import Choice
from tests import cast
from tests.api.calls import Program, program_of
from tests.bidding.lots import Play, staged

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]
WHY = "报价相近，熟悉场地条件"


@pytest.fixture
def play(item: ServiceItem, swift_agency: Agency) -> Play:
    made = staged(
        Method.DIRECT,
        item,
        [swift_agency],
        direct_agency=swift_agency,
        direct_price=cast.yuan("86000.00"),
        direct_reason="已完成前期勘察，熟悉场地条件",
    )
    advance(made.number)
    return made


def test_the_search_box_finds_the_best_of_each_kind(published_request: Request, swift_agency: Agency) -> None:
    hits = Program().get("search/?q=迅达").json
    assert [one["uscc"] for one in hits["agencies"]] == [swift_agency.uscc]
    assert (hits["agencies_count"], hits["requests"]) == ("1", [])
    assert Program().get(f"search/?q={published_request.number}")["requests"][0]["title"] == published_request.title
    assert Program().get("search/")["items"] == []


def test_figures_say_what_they_mean(item: ServiceItem) -> None:
    figures = Program().get("stats/?period=quarter")["results"]
    assert all(one["definition"] and one["format"].endswith("/1") for one in figures)
    key = figures[0]["format"].removeprefix("stats-").removesuffix("/1")
    assert Program().get(f"stats/{key}/?period=quarter")["definition"] == figures[0]["definition"]
    assert Program().get("stats/nonsense/").status == 404
    assert Program().get("concentration/both/")["rows"] == []
    assert Program().get("concentration/nonsense/").status == 404
    assert {one["step"] for one in Program().get("punctuality/")["results"]} >= {"dispute", "inspection"}


def test_agencies_are_compared_or_it_is_said_why_not(swift_agency: Agency, steady_agency: Agency) -> None:
    asked = f"compare/?a={swift_agency.uscc}"
    document = Program().get(f"{asked}&a={steady_agency.uscc}&item=TST-01").json
    assert [one["uscc"] for one in document["agencies"]] == [swift_agency.uscc, steady_agency.uscc]
    assert document["item"]["code"] == "TST-01"
    assert Program().get(asked)["code"] == "E_COMPARE_COUNT"
    unknown = Program().get(f"{asked}&a=91620100MA0NOBODY0")
    assert (unknown.status, unknown["code"]) == (409, "E_COMPARE_UNKNOWN")


def test_a_buyer_records_its_choice_once_and_everybody_reads_it(
    play: Play, swift_agency: Agency, steady_agency: Agency
) -> None:
    program, path = program_of(play.user), f"requests/{play.number}/choice/"
    assert Program().get(path).status == 404
    said = {"a": [swift_agency.uscc, steady_agency.uscc], "text": WHY}
    assert program.post(path, {**said, "a": [swift_agency.uscc]})["code"] == "E_COMPARE_COUNT"
    assert list(program.post(path, {"a": [], "text": ""})["errors"]) == ["text", "a"]
    assert program.post(path, said).status == 201
    assert program.post(path, said)["code"] == "E_CHOICE_RECORDED"
    read = Program().get(path).json
    assert (read["reason"], read["chosen"]["uscc"]) == (WHY, swift_agency.uscc)
    assert read["sha256"] == Choice.objects.get().sha256
    assert len(read["comparison"]["agencies"]) == 2


def test_nobody_records_the_choice_of_another(play: Play, waterworks_user: User, swift_agency: Agency) -> None:
    said = {"a": [swift_agency.uscc], "text": WHY}
    path = f"requests/{play.number}/choice/"
    assert program_of(waterworks_user).post(path, said).status == 404
    assert program_of(swift_agency.user).post(path, said).status == 404  # type: ignore[attr-defined]
    assert Program().post(path, said).status == 401


def test_catalogue_and_awards_are_narrowed_as_on_their_pages(item: ServiceItem) -> None:
    assert [one["code"] for one in Program().get("items/?q=TST-01")["results"]] == ["TST-01"]
    assert Program().get("items/?fee=nonsense").status == 400
    assert Program().get("awards/?sort=amount")["results"] == []
    assert Program().get("awards/?sort=saving").status == 400


def test_the_clauses_are_read_with_what_holds_them(waterworks: Organisation) -> None:
    clauses = {one["id"]: one for one in Program().get("policy/")["results"]}
    assert clauses["P12.1"]["so"]
