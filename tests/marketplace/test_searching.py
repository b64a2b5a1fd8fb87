"""What people type puts what they mean first (UX §1, §4 no. 17), and costs the same whatever stands in the tables."""

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from agencies.filters import AgencyFilter
from agencies.models import Agency
from agencies.queries import directory
from core.errors import Refused
from core.search.models import Synonym
from core.text import initials
from marketplace import queries
from marketplace.actions.synonyms import add_synonym
from marketplace.filters import ItemFilter, RequestFilter
from marketplace.models import Request, ServiceItem
from marketplace.searching import items_like
from tests import cast

pytestmark = pytest.mark.django_db


def found(text: str, **more: str) -> list[str]:
    query = QueryDict(mutable=True)
    query.update({"q": text, **more})
    return [one.title for one in RequestFilter(query, queryset=queries.requests_in_public()).pages.page(1)]


@pytest.fixture
def assessment(db):
    return cast.service_item("ENV-01", name_zh="环境影响报告书（表）编制", pinyin=initials("环境影响报告书（表）编制"))


@pytest.fixture
def housing(waterworks, waterworks_user):
    """Its title holds the characters 水保 by accident: 天水保障性住房."""
    other = cast.service_item("CON-01", name_zh="施工图设计文件审查", pinyin="sgtsjwjsc")
    return cast.published(waterworks, other, waterworks_user, title="天水保障性住房施工图审查", scope="审查施工图。")


@pytest.fixture
def soil(waterworks, waterworks_user, item):
    return cast.published(waterworks, item, waterworks_user, title="灌区节水改造水土保持方案编制")


def test_a_short_form_finds_the_long_one_before_what_holds_it_by_accident(soil, housing):
    assert found("水保") == [soil.title, housing.title]


def test_the_long_form_finds_the_short_one(waterworks, waterworks_user, housing):
    other = cast.service_item("TST-09", name_zh="其他")
    short = cast.published(waterworks, other, waterworks_user, title="淤地坝水保方案", scope="见附件。")
    assert found("水土保持")[0] == short.title


@pytest.mark.parametrize("text", ["环评", "环境影响", "hjyxpj", "HJYX", "环境影响评价"])
def test_an_assessment_is_found_by_short_form_part_and_initials(waterworks, waterworks_user, assessment, soil, text):
    wanted = cast.published(waterworks, assessment, waterworks_user, title="产业园区环境影响评价", scope="见附件。")
    assert found(text)[0] == wanted.title


def test_a_title_counts_more_than_the_item_and_the_item_more_than_the_body(
    waterworks, waterworks_user, item, assessment
):
    said = {"title": "综合服务", "scope": "其中包括水土保持。"}
    body = cast.published(waterworks, assessment, waterworks_user, **said)
    by_item = cast.published(waterworks, item, waterworks_user, title="服务采购", scope="见附件。")
    title = cast.published(waterworks, assessment, waterworks_user, title="水土保持监测", scope="见附件。")
    assert found("水土保持") == [title.title, by_item.title, body.title]


def test_a_request_is_found_by_number_its_serial_and_its_buyers_code_and_name(
    soil, housing, river_bureau, river_officer, item
):
    theirs = cast.published(river_bureau, item, river_officer, title="岷县另一项目")
    assert found(theirs.number) == [theirs.title]
    assert found(theirs.number[:8].lower()) == [theirs.title, housing.title, soil.title]
    assert found(theirs.number.rsplit("-", 1)[1]) == [theirs.title]
    assert found(river_bureau.uscc) == [theirs.title]
    assert found("水务局") == [theirs.title]


def test_words_apart_are_all_wanted(soil, housing):
    assert found("灌区 水保") == [soil.title]
    assert found("灌区 施工图") == []


def test_an_order_that_the_reader_chose_is_kept(soil, housing):
    assert found("水保", sort="newest") == [housing.title, soil.title]


def test_a_changed_title_is_found_at_once(soil):
    Request.objects.filter(pk=soil.pk).update(scope="另含防洪评价。")
    assert found("防洪") == [soil.title]


def test_an_operators_new_synonym_counts_at_once(soil):
    assert found("保土") == []
    Synonym.of("保土", "水土保持").save()
    assert found("保土") == [soil.title]


def test_an_agency_follows_its_new_name_initials_and_words(swift_agency):
    def agencies(text: str) -> list[int]:
        asked = QueryDict(mutable=True)
        asked["q"] = text
        return [one.pk for one in AgencyFilter(asked, queryset=directory()).pages.page(1)]

    Organisation.objects.filter(pk=swift_agency.organisation_id).update(name="陇原生态咨询有限公司")
    Agency.objects.filter(pk=swift_agency.pk).update(pinyin="lystzxyxgs", intro="主要从事水土保持。")
    for text in ("陇原生态", "stzx", "LYST", "水保", swift_agency.uscc, swift_agency.uscc[:8].lower()):
        assert agencies(text) == [swift_agency.pk], text
    assert agencies("迅达") == []


@pytest.mark.parametrize(
    ("text", "code"), [("环评", "ENV-01"), ("hjyx", "ENV-01"), ("TST-01", "TST-01"), ("水保方案", "TST-01")]
)
def test_an_item_is_found_by_what_people_call_it(item, assessment, text, code):
    assert items_like(text)[0].code == code


def test_items_narrow_by_text_and_department(item, assessment):
    ServiceItem.objects.filter(pk=assessment.pk).update(department_zh="生态环境")
    both = QueryDict("q=水保&department=水利")
    assert [one.pk for one in ItemFilter(both, queryset=queries.items_with_counts()).qs] == [item.pk]


def test_a_search_costs_the_same_queries_however_much_there_is(
    client, waterworks, waterworks_user, item, django_assert_num_queries
):
    address = "/requests/?q=水保&region=620000"
    cast.published(waterworks, item, waterworks_user)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(25):
        cast.published(waterworks, item, waterworks_user)
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_nothing_that_is_typed_or_chosen_breaks_a_list(client, soil):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(["/requests/", "/agencies/", "/items/", "/awards/", "/live/", "/search/"]), st.text(max_size=90)
    )
    def ask(address: str, text: str) -> None:
        names = ("q", "item", "region", "status", "sort", "page", "origin", "closing", "ceiling")
        for given_ in ({"q": text}, dict.fromkeys(names, text)):
            assert client.get(address, given_).status_code == 200

    ask()


def test_an_operator_adds_and_drops_synonyms_and_nobody_else_sees_where(client, operator, soil, waterworks_user):
    address = reverse("operate_synonyms")
    client.force_login(waterworks_user)
    assert client.get(address).status_code == 404
    client.force_login(operator)
    assert client.post(address, {"short": "保土", "long": "水土保持"}).status_code == 302
    assert found("保土") == [soil.title]
    client.post(reverse("synonym_drop", args=[Synonym.objects.get(short="保土").pk]))
    assert found("保土") == []


@pytest.mark.parametrize(
    ("short", "long", "code"),
    [("水保", "水土保持", "E_SYNONYM_KNOWN"), ("，", "水土保持", "E_SYNONYM_EMPTY"), ("同", "同", "E_SYNONYM_EMPTY")],
)
def test_a_synonym_that_says_nothing_new_is_refused(short, long, code):
    with pytest.raises(Refused) as refused:
        add_synonym(short, long)
    assert refused.value.code == code
