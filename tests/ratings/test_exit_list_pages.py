"""Everybody filters the published measures; the address says which."""

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from django.db.models import Q
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from agencies.models import Agency
from core import pages
from core.clock import rfc3339
from core.text import clean
from ratings.filters import ExitFilter
from ratings.models import ExitCase, Measure
from ratings.queries.exits import public_cases
from tests import cast
from tests.ratings.court import Court

pytestmark = pytest.mark.django_db


@pytest.fixture
def measures(swift_agency: Agency) -> tuple[str, str]:
    """A warning just published, and a suspension in force."""
    other = cast.agency("另一家咨询有限公司")
    warned = Court(swift_agency).decided(Measure.WARN)
    suspended = Court(other, "other").in_force(Measure.SUSPEND)
    return warned.number, suspended.number


def listed(**asked: str) -> str:
    answer = Client().get(reverse("exit_list"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, (True, True)),
        ({"measure": "warn"}, (True, False)),
        ({"measure": "suspend"}, (False, True)),
        ({"state": "running"}, (True, False)),
        ({"state": "in_force"}, (False, True)),
        ({"state": "over"}, (False, False)),
        ({"state": "corrected"}, (False, False)),
        ({"trigger": "conduct"}, (True, True)),
        ({"trigger": "listed"}, (False, False)),
        ({"q": "另一家"}, (False, True)),
        ({"year": "1999"}, (True, True)),
        ({"measure": "none"}, (True, True)),
        ({"q": "查无此名"}, (False, False)),
        ({"q": "另一家", "measure": "warn"}, (False, False)),
    ],
)
def test_each_filter_narrows_and_nonsense_does_not(
    measures: tuple[str, str], asked: dict[str, str], expected: tuple[bool, bool]
) -> None:
    page = listed(**asked)
    assert tuple(f"/exits/{number}/" in page for number in measures) == expected


def test_a_case_is_found_by_number_and_an_agency_by_code(measures: tuple[str, str], swift_agency: Agency) -> None:
    assert f"/exits/{measures[0]}/" in listed(q=measures[0].lower())
    by_code = listed(q=swift_agency.uscc)
    assert f"/exits/{measures[0]}/" in by_code
    assert f"/exits/{measures[1]}/" not in by_code


def test_part_of_a_name_finds_as_reading_every_name_does(measures: tuple[str, str]) -> None:
    named = st.text("咨询a1 （）％_豈々〇ﾊ.", min_size=1, max_size=8)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(named, named, st.text("咨询a1（豈々ﾊ_", min_size=1, max_size=3))
    def compare(one: str, other: str, typed: str) -> None:
        for number, name in zip(measures, (one, other), strict=True):
            Organisation.objects.filter(agency__exit_cases__number=number).update(name=f"迅达{name}")
        text = clean(typed)
        told = Q(agency__organisation__name__icontains=text)
        told |= Q(agency__organisation__uscc__startswith=text.upper()) | Q(number__startswith=text.upper())
        asked = QueryDict(mutable=True)
        asked["q"] = typed
        assert list(ExitFilter(asked, queryset=public_cases()).qs) == list(public_cases().filter(told))

    compare()


def test_an_empty_answer_says_what_to_drop(measures: tuple[str, str]) -> None:
    page = listed(measure="warn", state="in_force")
    assert 'data-testid="empty"' in page
    assert "去掉 生效中 有 1 件" in page
    assert "去掉 警示 有 1 件" in page


def test_the_year_of_publication_is_beijings(measures: tuple[str, str]) -> None:
    last = datetime(2024, 12, 31, 17, tzinfo=UTC)
    ExitCase.objects.filter(number=measures[1]).update(
        published_at=last, effect_at=last, in_force_at=last, appeal_until=last
    )
    assert [f"/exits/{number}/" in listed(year="2025") for number in measures] == [False, True]
    assert '<option value="2025" selected>2025</option>' in listed(year="2025")


def test_the_count_is_told_and_the_form_keeps_what_was_asked(measures: tuple[str, str]) -> None:
    assert "共 2 件" in listed()
    page = listed(measure="suspend", q="另一家")
    assert "另一家、暂停的 1 件" in page
    assert 'value="另一家"' in page
    assert '<option value="suspend" selected>' in page
    assert 'href="?measure=suspend"' in page, "each filter can be dropped by itself"


def test_the_next_page_keeps_the_filters(measures: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 1)
    page = listed(trigger="conduct")
    assert 'href="?trigger=conduct&amp;page=2"' in page
    second = listed(trigger="conduct", page="2")
    assert [f"/exits/{number}/" in page for number in measures] != [
        f"/exits/{number}/" in second for number in measures
    ]


def test_without_any_measure_the_list_is_empty_and_offers_nothing_to_drop(db: None) -> None:
    page = listed()
    assert 'data-testid="empty"' in page
    assert "去掉" not in page


def test_a_case_that_is_not_published_cannot_be_filtered_for(swift_agency: Agency) -> None:
    case = Court(swift_agency).received()
    for asked in ({}, {"q": swift_agency.uscc}, {"q": case.number}, {"trigger": case.trigger}):
        page = listed(**asked)
        assert 'data-testid="empty"' in page
        assert f"/exits/{case.number}/" not in page


def taken_away(kind: str, language: str = "zh-hans", **asked: str) -> tuple[str, str]:
    """What is downloaded, and under which name."""
    client = Client()
    client.cookies["django_language"] = language
    answer = client.get(reverse(f"exit_list_{kind}"), asked)
    assert (answer.status_code, answer.streaming) == (200, True)
    return answer.getvalue().decode(), answer.headers["Content-Disposition"]


def test_the_list_is_taken_away_as_the_page_is_filtered(measures: tuple[str, str], swift_agency: Agency) -> None:
    text, name = taken_away("csv")
    assert text.startswith("\ufeff案件编号,统一社会信用代码,")
    assert re.fullmatch(r'attachment; filename="exits-\d{4}-\d\d-\d\d.csv"', name)
    rows = {row["案件编号"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert rows.keys() == set(measures)
    assert (rows[measures[0]]["决定"], rows[measures[0]]["统一社会信用代码"]) == ("警示", swift_agency.uscc)
    only, _name = taken_away("csv", measure="suspend")
    assert [row["决定"] for row in csv.DictReader(io.StringIO(only.removeprefix("\ufeff")))] == ["暂停 3 个月"]
    nothing, _name = taken_away("csv", q="查无此名")
    assert len(nothing.splitlines()) == 1


def test_programs_read_it_with_keys_that_do_not_change(measures: tuple[str, str]) -> None:
    document = json.loads(taken_away("json", state="in_force")[0])
    assert document["format"] == "exits/1"
    [row] = document["rows"]
    case = ExitCase.objects.get(number=measures[1])
    assert case.published_at is not None
    assert (row["number"], row["measure"], row["months"], row["items"], row["ending"], row["appeal"]) == (
        *(case.number, "suspend", 3, []),
        *(None, None),
    )
    assert row["published_at"] == rfc3339(case.published_at)
    assert row["address"].endswith(f"/exits/{case.number}/")
    assert json.loads(taken_away("json", "en", state="in_force")[0])["rows"] == [row]


def test_its_headings_are_in_the_readers_language(measures: tuple[str, str]) -> None:
    text, _name = taken_away("csv", "en")
    assert text.startswith("\ufeffCase number,")
    assert ",Warned," in text


def test_a_name_that_a_spreadsheet_would_work_out_is_taken_away_as_text(measures: tuple[str, str]) -> None:
    Organisation.objects.filter(agency__isnull=False).update(name='=HYPERLINK("http://x.example","y")')
    rows = list(csv.DictReader(io.StringIO(taken_away("csv")[0].removeprefix("\ufeff"))))
    assert {row["机构"] for row in rows} == {'\'=HYPERLINK("http://x.example","y")'}
    assert json.loads(taken_away("json")[0])["rows"][0]["name"].startswith("=HYPERLINK")


def test_the_page_leads_to_all_with_its_filters_and_offers_nothing_where_nothing_is(
    measures: tuple[str, str],
) -> None:
    page = listed(measure="suspend", page="1")
    for kind in ("csv", "xlsx", "json", "atom", "ics"):
        assert page.count(f'href="/exits.{kind}?measure=suspend"') == 2  # in the head, and below the list
    assert 'data-testid="downloads"' not in listed(q="查无此名")


def test_what_is_not_public_is_not_taken_away(swift_agency: Agency) -> None:
    case = Court(swift_agency).received()
    assert case.number not in taken_away("csv")[0] + taken_away("json")[0]


def test_however_many_it_takes_as_many_queries(
    measures: tuple[str, str], django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with django_assert_max_num_queries(7):  # four of them count the client's downloads
        taken_away("json")
