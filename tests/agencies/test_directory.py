"""The directory: what it finds, how it says it back, and what to drop when it finds nothing."""

from datetime import timedelta
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse

import pytest

from agencies import filters, queries
from agencies.models import Agency, Grade, Standing
from tests import cast

pytestmark = pytest.mark.django_db


def found(query: str) -> filters.AgencyFilter:
    return filters.AgencyFilter(QueryDict(query), queryset=queries.directory())


def names(query: str) -> list[str]:
    return [agency.organisation.name for agency in found(query).qs]


@pytest.fixture
def three(swift_agency, steady_agency, third_agency):
    for agency in (swift_agency, steady_agency, third_agency):
        Agency.objects.filter(pk=agency.pk).update(pinyin={"620100": "xdzxyxgs"}.get(agency.organisation.region_id, ""))
    return swift_agency, steady_agency, third_agency


def test_without_filters_everybody_is_there_newest_first(three):
    assert names("") == ["三江工程咨询有限公司", "稳健环境技术有限公司", "迅达咨询有限公司"]


@pytest.mark.parametrize("text", ["迅达", "xdzx", "XDZX"])
def test_text_finds_names_and_initials(three, text):
    assert names(f"q={text}") == ["迅达咨询有限公司"]


def test_text_finds_a_code_by_its_beginning(three):
    assert names(f"q={three[1].uscc.lower()}") == ["稳健环境技术有限公司"]


def test_a_province_holds_its_prefectures(three):
    assert names("region=620000") == ["迅达咨询有限公司"]
    assert names("region=620100") == ["迅达咨询有限公司"]
    assert names("region=620200") == []


def test_an_item_finds_who_offers_it(three, survey_item):
    cast.offers(survey_item, three[2])
    assert names("item=TST-02") == ["三江工程咨询有限公司"]
    assert queries.offered_items() == [("TST-01", "水土保持方案编制"), ("TST-02", "土地勘测定界")]


def test_grade_and_standing_narrow(three):
    Agency.objects.filter(pk=three[0].pk).update(grade=Grade.A, credit=Decimal("92.0"))
    Agency.objects.filter(pk=three[1].pk).update(standing=Standing.SUSPENDED)
    assert names("grade=A") == ["迅达咨询有限公司"]
    assert names("standing=suspended") == ["稳健环境技术有限公司"]


def test_a_new_agency_ranks_at_the_median_and_never_last(three):
    Agency.objects.filter(pk=three[0].pk).update(grade=Grade.A, credit=Decimal("92.0"))
    low = cast.agency("低分机构")
    Agency.objects.filter(pk=low.pk).update(grade=Grade.D, credit=Decimal("40.0"))
    ranked = names("sort=credit")
    assert (ranked[0], ranked[-1]) == ("迅达咨询有限公司", "低分机构")


def test_a_new_agency_is_not_last_behind_others_at_the_median_either(three):
    Agency.objects.exclude(pk=three[0].pk).update(grade=Grade.B, credit=Decimal("80.0"))
    Agency.objects.filter(pk=three[0].pk).update(registered_at=three[0].registered_at - timedelta(days=400))
    assert names("sort=credit")[0] == "迅达咨询有限公司"


def test_names_sort_by_pinyin(three):
    assert names("sort=name") == ["三江工程咨询有限公司", "稳健环境技术有限公司", "迅达咨询有限公司"]


def test_a_value_nobody_offers_is_left_out_rather_than_breaking_the_page(client, three):
    answer = client.get(reverse("agency_list"), {"region": "999999", "grade": "Z", "page": "many", "sort": "x"})
    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == 3


def test_the_filters_are_told_back_as_a_sentence(client, three):
    page = client.get(reverse("agency_list"), {"region": "620000", "grade": "N"})
    assert page.context["summary"] == "甘肃省、新入驻，暂无评分的 1 家机构"
    assert client.get(reverse("agency_list")).context["summary"] == "全部 3 家机构"


def test_a_chip_removes_one_filter_and_keeps_the_others(client, three):
    page = client.get(reverse("agency_list"), {"region": "620000", "grade": "N", "sort": "name", "page": "1"})
    assert [chip.href for chip in page.context["chips"]] == ["?grade=N&sort=name", "?region=620000&sort=name"]


def test_an_empty_page_names_the_filter_to_drop(client, three):
    page = client.get(reverse("agency_list"), {"region": "620200", "q": "迅达"})
    [one] = page.context["loosened"]
    assert (one.chip.value, one.count) == ("嘉峪关市", 1)
    assert "去掉 嘉峪关市 有 1 家" in page.content.decode()


def test_twenty_stand_on_a_page(client):
    for number in range(21):
        cast.agency(f"机构{number}")
    first = client.get(reverse("agency_list")).content.decode()
    second = client.get(reverse("agency_list"), {"page": "2"}).content.decode()
    assert (first.count('data-testid="agency"'), second.count('data-testid="agency"')) == (20, 1)


def test_a_page_costs_the_same_queries_however_many_stand_on_it(client, django_assert_max_num_queries):
    for number in range(21):
        cast.agency(f"机构{number}")
    with django_assert_max_num_queries(8):
        client.get(reverse("agency_list"))


def test_an_empty_platform_invites_to_register(client, db):
    assert reverse("register_agency") in client.get(reverse("agency_list")).content.decode()


def test_in_english_regions_and_items_bear_their_english_names(client, three):
    client.cookies["django_language"] = "en"
    page = client.get(reverse("agency_list"), {"region": "620000", "item": "TST-01"})
    assert [chip.value for chip in page.context["chips"]] == ["Gansu", "Soil and water conservation plan"]
