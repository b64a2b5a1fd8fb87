"""Two to four agencies side by side, and the comparison as the record of a buyer's free choice."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency, QualificationKind
from bidding.actions import advance, confirm
from contracts.rules.plan import PersonalInPublicText
from core.clock import database_now
from core.models import Region
from journal.queries import entries_of
from marketplace.models import Method, RequestStatus, ServiceItem
from ratings.actions.choosing import record_choice
from ratings.comparison_page import lines_of
from ratings.models import Choice, Measure
from ratings.queries.comparing import agencies_named, comparison
from ratings.rules.comparison import (
    ChoiceRecorded,
    ChosenNotCompared,
    NoFreeChoice,
    TooFewToCompare,
    UnknownAgency,
)
from ratings.rules.evaluation_refusals import WordsMissing
from tests import cast
from tests.bidding.lots import Play, staged
from tests.ratings import acting
from tests.ratings.court import Court

pytestmark = pytest.mark.django_db
WHY = "报价相近，按期交付率更高，熟悉场地条件"


@pytest.fixture
def rated(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency, steady_agency: Agency
) -> list[Agency]:
    """One with three jobs, one act and a warning; one with a dearer job; neither new to the market."""
    for amount, x in (("70000.00", "0.9"), ("80000.00", "0.4"), ("90000.00", "0.85")):
        acting.rate(acting.finished(waterworks, waterworks_user, item, swift_agency, amount), x)
    acting.rate(acting.finished(waterworks, waterworks_user, item, steady_agency, "95000.00"), "1")
    acting.note(swift_agency, "subcontracted", "sub:1")
    Court(swift_agency).decided(Measure.WARN)
    return [swift_agency, steady_agency]


def rows(agencies: list[Agency], item: ServiceItem | None = None, place: str = "") -> dict[str, Any]:
    region = Region.objects.get(code=place) if place else None
    return {line.key: line for line in lines_of(comparison(agencies, item, region, database_now()))}


def texts(line: Any) -> list[str]:
    return [" ".join(filter(None, (cell.text, cell.mark))) for cell in line.cells]


def test_each_row_says_what_is_public_and_what_stands_out(rated: list[Agency], item: ServiceItem) -> None:
    found = rows(rated, item)
    assert texts(found["median"]) == ["¥80,000.00 最低", "¥95,000.00"]
    assert texts(found["awards"]) == ["3", "1"]
    assert texts(found["share"])[0].endswith("% 最低")
    assert texts(found["ratings"]) == ["80–100：2 份；40–60：1 份", "80–100：1 份"]
    assert texts(found["acts"]) == ["1", "0 最低"]
    assert texts(found["measures"])[0].startswith("共 1 件公示；警示 X-")
    assert texts(found["measures"])[1] == "无"
    assert texts(found["offers"]) == ["是", "是"]
    assert not found["offers"].differ
    assert found["c"].differ
    assert texts(found["c"])[1].endswith(" 最高")


def test_of_another_item_no_price_is_known(rated: list[Agency]) -> None:
    other = cast.service_item("TST-02", name_zh="地质灾害评估")
    found = rows(rated, other)
    assert texts(found["median"]) == ["暂无", "暂无"]
    assert texts(found["offers"]) == ["否", "否"]
    assert not found["median"].differ


def test_what_the_law_demands_for_the_item_is_held_or_not(
    survey_item: ServiceItem, survey_kind: QualificationKind, swift_agency: Agency, steady_agency: Agency
) -> None:
    today = database_now().date()
    swift_agency.qualifications.create(
        kind=survey_kind, number="甲1", issued_by="省厅", valid_from=today, valid_until=today
    )
    line = rows(agencies_named([swift_agency.uscc, steady_agency.uscc]), survey_item)["qualifications"]
    assert texts(line) == [f"{survey_kind.name_zh} 具备", f"{survey_kind.name_zh} 不具备"]


def test_the_region_is_said_and_nothing_stands_out_for_it(swift_agency: Agency) -> None:
    others = [cast.agency("天水测绘有限公司", "620500"), cast.agency("陕西水利有限公司", "610000")]
    line = rows([swift_agency, *others], place="620100")["region"]
    assert [cell.text.partition("（")[2] for cell in line.cells] == ["与项目同一地区）", "与项目同省）", "外省）"]
    assert not any(cell.mark for cell in line.cells)


@pytest.mark.parametrize("count", [1, 5])
def test_too_few_or_too_many_are_not_compared(count: int) -> None:
    made = [cast.agency(f"第{n}咨询有限公司") for n in range(count)]
    with pytest.raises(TooFewToCompare):
        comparison(made, None, None, database_now())


def test_four_take_as_many_queries_as_two(
    rated: list[Agency], item: ServiceItem, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    four = [*rated, cast.agency("第三咨询有限公司"), cast.agency("第四咨询有限公司")]
    for some in (rated, four):
        codes = [one.uscc for one in some]
        with django_assert_max_num_queries(20):
            comparison(agencies_named(codes), item, None, database_now())


def test_a_code_that_nobody_bears_is_refused(swift_agency: Agency) -> None:
    with pytest.raises(UnknownAgency) as refused:
        agencies_named([swift_agency.uscc, "91620000MA000000XX"])
    assert refused.value.facts == {"uscc": "91620000MA000000XX"}


# The page


def page(*codes: str, status: int = 200, **more: str) -> str:
    answer = Client().get(reverse("compare"), {"a": list(codes), **more})
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.page
def test_anybody_compares_and_takes_the_table_away(rated: list[Agency], item: ServiceItem) -> None:
    codes = [one.uscc for one in rated]
    text = page(*codes, item=item.code)
    assert text.count("data-line=") == 17
    assert f'href="?a={codes[1]}&amp;item={item.code}"' in text  # without the first
    answer = Client().get(reverse("compare_csv"), {"a": codes, "item": item.code})
    table = list(csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))
    assert table[0][1:3] == [f"{one.organisation.name}（{one.uscc}）" for one in rated]
    assert ["中选价中位数", "¥80,000.00", "¥95,000.00", "是"] in table
    assert Client().get(reverse("compare_xlsx"), {"a": codes}).getvalue().startswith(b"PK")


@pytest.mark.page
def test_one_alone_is_asked_to_bring_another_and_adds_it_by_name(swift_agency: Agency, steady_agency: Agency) -> None:
    assert "至少选两家才能比较" in page(swift_agency.uscc)
    assert "data-line=" in page(swift_agency.uscc, add=steady_agency.organisation.name)
    assert "没有统一社会信用代码为 查无此家 的机构" in page(swift_agency.uscc, add="查无此家", status=400)
    assert "最多比较 4 家" in page(*[cast.agency(f"第{n}咨询有限公司").uscc for n in range(5)])


@pytest.mark.page
def test_the_file_of_what_cannot_be_compared_is_refused(swift_agency: Agency) -> None:
    for codes in ([swift_agency.uscc], [swift_agency.uscc, "91620000MA000000XX"]):
        assert Client().get(reverse("compare_csv"), {"a": codes}).status_code == 409


@pytest.mark.page
def test_the_directory_lets_choose_without_a_script_and_keeps_what_was_chosen(swift_agency: Agency) -> None:
    text = Client().get(reverse("agency_list"), {"a": "X1", "for": "GS-1"}).content.decode()
    assert f'value="{swift_agency.uscc}"' in text
    assert 'id="compare-form"' in text
    assert text.count('name="a" value="X1"') == text.count('name="for" value="GS-1"') == 2


# The record of a choice


@pytest.fixture
def play(item: ServiceItem, rated: list[Agency]) -> Play:
    named = {
        "direct_agency": rated[0],
        "direct_price": cast.yuan("86000.00"),
        "direct_reason": "已完成前期勘察，熟悉场地条件",
    }
    made = staged(Method.DIRECT, item, [rated[0]], **named)
    advance(made.number)
    return made


def record(play: Play, *agencies: Agency, text: str = WHY) -> Choice:
    return record_choice(play.user, play.buyer, play.number, [one.uscc for one in agencies], text)


def test_the_buyer_freezes_what_it_compared_and_why(play: Play, rated: list[Agency]) -> None:
    choice = record(play, *rated)
    entry = play.entry("choice.recorded")
    assert entry.seq == choice.seq
    assert entry.data == {
        "chosen": {"uscc": rated[0].uscc, "name": rated[0].organisation.name},
        "compared": [{"uscc": one.uscc, "name": one.organisation.name} for one in rated],
        "comparison": choice.sha256,
        "reason": WHY,
    }
    assert hashlib.sha256(bytes(choice.body)).hexdigest() == choice.sha256
    assert json.loads(bytes(choice.body))["item"]["code"] == play.request.item_id


def test_what_was_recorded_stays_as_it_was_when_the_agencies_change(play: Play, rated: list[Agency]) -> None:
    record(play, *rated)
    before = Client().get(reverse("choice_json", args=[play.number])).content
    acting.note(rated[1], "subcontracted", "sub:2")
    assert Client().get(reverse("choice_json", args=[play.number])).content == before
    text = Client().get(reverse("choice_page", args=[play.number])).content.decode()
    assert WHY in text
    assert hashlib.sha256(before).hexdigest() in text


def test_it_is_recorded_once(play: Play, rated: list[Agency]) -> None:
    record(play, *rated)
    with pytest.raises(ChoiceRecorded):
        record(play, *rated)
    assert entries_of(play.number).filter(kind="choice.recorded").count() == 1


def test_others_and_drafts_have_nothing_to_record(play: Play, rated: list[Agency], river_officer: User) -> None:
    other = river_officer.memberships.get().organisation
    with pytest.raises(Http404):
        record_choice(river_officer, other, play.number, [one.uscc for one in rated], WHY)
    with pytest.raises(Http404):
        record_choice(play.user, play.buyer, "GS-2026-000000", [one.uscc for one in rated], WHY)


def test_what_makes_no_comparison_is_not_recorded(play: Play, rated: list[Agency]) -> None:
    third = cast.agency("第三咨询有限公司")
    with pytest.raises(TooFewToCompare):
        record(play, rated[0])
    with pytest.raises(TooFewToCompare):
        record(play, rated[0], rated[0])
    with pytest.raises(ChosenNotCompared):
        record(play, rated[1], third)
    with pytest.raises(UnknownAgency):
        record_choice(play.user, play.buyer, play.number, [rated[0].uscc, "91620000MA000000XX"], WHY)
    with pytest.raises(WordsMissing):
        record(play, *rated, text="  ")
    with pytest.raises(PersonalInPublicText):
        record(play, *rated, text="联系 13800138000 即可")
    assert not Choice.objects.exists()
    assert not entries_of(play.number).filter(kind="choice.recorded").exists()


def test_it_can_still_be_recorded_in_the_standstill_and_not_when_all_is_over(play: Play, rated: list[Agency]) -> None:
    confirm(rated[0].user, rated[0], play.number)  # type: ignore[attr-defined]
    assert play.status() == "standstill"
    record(play, *rated)
    award = Client().get(reverse("award_page", args=[play.number])).content.decode()
    assert WHY in award


def test_where_competition_decides_nobody_records_a_choice(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, rated: list[Agency]
) -> None:
    request = cast.published(waterworks, item, waterworks_user)
    codes = [one.uscc for one in rated]
    for status in (RequestStatus.PUBLISHED, RequestStatus.STANDSTILL, RequestStatus.CONTRACTED):
        type(request).objects.filter(pk=request.pk).update(status=status)
        with pytest.raises(NoFreeChoice):
            record_choice(waterworks_user, waterworks, request.number or "", codes, WHY)


def test_the_database_wants_a_reason_and_one_record_a_request(play: Play, rated: list[Agency]) -> None:
    choice = record(play, *rated)
    kept = {"chosen": choice.chosen, "body": b"{}", "sha256": "0" * 64, "by": play.user, "at": choice.at, "seq": 9}
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.create(request=play.request, reason=WHY, **kept)
    with pytest.raises(IntegrityError, match="choice_says_why"), transaction.atomic():
        Choice.objects.filter(pk=choice.pk).update(reason="")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.page
def test_the_buyer_is_led_from_the_request_to_the_record(play: Play, rated: list[Agency]) -> None:
    client, codes = signed_in(play.user), [one.uscc for one in rated]
    start = f"/compare/?for={play.number}&amp;a={rated[0].uscc}"
    assert start in client.get(reverse("request_page", args=[play.number])).content.decode()
    assert start not in Client().get(reverse("request_page", args=[play.number])).content.decode()
    shown = client.get(reverse("compare"), {"for": play.number, "a": codes}).content.decode()
    assert "已完成前期勘察" in shown
    door = reverse("choice_record", args=[play.number])
    wrong = client.post(door, {"a": codes[:1], "text": WHY})
    assert (wrong.status_code, "比较需要 2 至 4 家机构" in wrong.content.decode()) == (400, True)
    assert client.post(door, {"a": codes, "text": WHY})["Location"] == reverse("choice_page", args=[play.number])
    told = Client().get(reverse("request_page", args=[play.number])).content.decode()
    assert WHY in told
    assert "记录选择理由" in told  # the entry in the timeline
    again = client.get(reverse("compare"), {"for": play.number, "a": codes}).content.decode()
    assert "已经记入案卷" in again


@pytest.mark.page
def test_nobody_compares_for_anothers_request(play: Play, rated: list[Agency], river_officer: User) -> None:
    codes = [one.uscc for one in rated]
    for client in (Client(), signed_in(river_officer)):
        assert client.get(reverse("compare"), {"for": play.number, "a": codes}).status_code == 404
    assert signed_in(river_officer).post(reverse("choice_record", args=[play.number]), {"text": WHY}).status_code == 404
    for door in ("choice_page", "choice_json"):
        assert Client().get(reverse(door, args=[play.number])).status_code == 404
