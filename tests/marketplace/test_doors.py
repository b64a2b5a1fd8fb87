"""The marketplace's doors, as visitors, buyers, agencies and operators find them."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest

from core.money import wire
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import DemandReport, ItemStatus, Request, RequestStatus, ServiceItem
from tests import cast
from tests.marketplace.drafts import draft, values

pytestmark = pytest.mark.django_db

NEW = "/desk/requests/new/"
CHECK = "/desk/requests/check/"
BLOCKS = ("办理时限", "工作流程", "申报条件", "收费标准")


def sent(buyer, item, **changes):
    """A complete form as a browser sends it."""
    form = values(buyer, item)
    form |= {"item": item.code, "region": buyer.region.code, "ceiling": wire(form["ceiling"])}
    if not form.pop("public_funds"):
        form.pop("public_funds", None)
    return {**form, **changes}


def listed(client, query: str) -> list[str]:
    return [request.title for request in client.get(f"/requests/?{query}").context["page"]]


@pytest.fixture
def catalogue(db):
    actions.load_catalogue()


def cancel(item: ServiceItem) -> None:
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED, cancelled_by_zh="甘办字〔2018〕78号")


@pytest.mark.clause("P18.3", "P5.2")
def test_every_item_of_the_catalogue_shows_its_four_blocks_a_picture_and_its_basis(client, catalogue):
    items = ServiceItem.objects.filter(status=ItemStatus.PUBLISHED)
    assert items.count() == 25
    for item in items:
        page = client.get(f"/items/{item.code}/").content.decode()
        assert all(block in page for block in BLOCKS), item.code
        assert "<svg" in page, item.code
        assert item.legal_basis_zh.split("》")[0] in page, item.code


def test_loading_the_catalogue_again_changes_nothing(catalogue):
    entries = entries_of("P").count()
    assert actions.load_catalogue() == 0
    assert entries_of("P").count() == entries


@pytest.mark.clause("P18.2")
def test_a_cancelled_item_warns_offers_no_publishing_and_takes_reports(client, item):
    cancel(item)
    page = client.get(f"/items/{item.code}/").content.decode()
    assert "已取消，任何部门不得作为审批前置条件" in page
    assert reverse("request_new") + f"?item={item.code}" not in page
    report = {"department": "某局", "what_happened": "窗口仍要求提供报告", "contact": ""}
    assert client.post(f"/items/{item.code}/", report).status_code == 302
    assert DemandReport.objects.get().department == "某局"
    assert item.name_zh in client.get("/cancelled-items/").content.decode()


@pytest.mark.parametrize("query", ["q=灌区", "q=GS-2026", "q=TST-01", "region=620000", "buyer=enterprise", "closing=1"])
def test_the_list_finds_a_request_by_what_people_type(client, published_request, query):
    assert listed(client, query) == [published_request.title]


@pytest.mark.parametrize("query", ["q=没有这个", "q=zzzz", "region=620200", "buyer=department", "ceiling=0-5"])
def test_the_list_leaves_out_what_does_not_fit_and_names_the_filter_to_drop(client, published_request, query):
    answer = client.get(f"/requests/?{query}")
    assert [*answer.context["page"]] == []
    assert [one.count for one in answer.context["loosened"]] == [1]


def test_a_page_of_requests_costs_the_same_queries_however_many_stand_on_it(
    client, waterworks, waterworks_user, item, django_assert_num_queries
):
    cast.published(waterworks, item, waterworks_user)
    with CaptureQueriesContext(connection) as few:
        client.get("/requests/")
    for _ in range(19):
        cast.published(waterworks, item, waterworks_user)
    with django_assert_num_queries(len(few)):
        client.get("/requests/")


def test_a_draft_is_nowhere_in_public(client, waterworks, waterworks_user, item):
    draft(waterworks_user, waterworks, item)
    assert listed(client, "") == []


@pytest.mark.clause("P10.1")
def test_a_requests_page_shows_notice_amount_in_words_and_case_file(client, published_request):
    page = client.get(f"/r/{published_request.number}/").content.decode()
    assert "壹拾万元整" in page
    assert "request.published" in page
    record = client.get(f"/r/{published_request.number}/record.json")
    assert record.json()["case"] == published_request.number


@pytest.mark.clause("P5.1")
def test_a_buyer_writes_previews_and_publishes_in_three_posts(client, waterworks, waterworks_user, item):
    client.force_login(waterworks_user)
    preview = client.post(NEW, sent(waterworks, item, preview="1"))
    kept = Request.objects.get()
    assert preview.headers["Location"] == reverse("request_preview", args=[kept.pk])
    assert "玖万元整" in client.get(preview.headers["Location"]).content.decode()
    published = client.post(reverse("request_publish", args=[kept.pk]))
    kept.refresh_from_db()
    assert published.headers["Location"] == reverse("request_page", args=[kept.number])
    again = client.post(reverse("request_publish", args=[kept.pk]))
    assert again.status_code in (302, 404)


@pytest.mark.clause("P20.3", "P5.1")
def test_the_check_while_typing_names_both_clauses_and_offers_fixes(client, waterworks, waterworks_user, item):
    client.force_login(waterworks_user)
    typed = sent(waterworks, item, scope="仅限兰州市本地机构", materials="其他相关材料")
    panel = client.post(CHECK, typed).content.decode()
    assert panel.count('data-testid="policy-fail"') == 2
    assert "第 20 项" in panel
    assert "第 6 项" in panel


def test_the_first_complete_form_is_kept_as_a_draft_and_typing_on_changes_the_same_one(
    client, waterworks, waterworks_user, item
):
    client.force_login(waterworks_user)
    assert client.post(CHECK, sent(waterworks, item, title="")).context["saved_at"] is None
    kept = client.post(CHECK, sent(waterworks, item)).context["draft"]
    client.post(CHECK, sent(waterworks, item, title="改过的名称", pk=kept.pk))
    client.post(NEW, sent(waterworks, item, title="再改的名称", pk=kept.pk))
    assert Request.objects.get().title == "再改的名称"
    assert Request.objects.get().status == RequestStatus.DRAFT


def test_a_failing_text_keeps_the_input_and_the_request_unpublished(client, waterworks, waterworks_user, item):
    client.force_login(waterworks_user)
    answer = client.post(NEW, sent(waterworks, item, scope="仅限兰州市本地机构报名", preview="1"))
    assert answer.status_code == 400
    assert "仅限兰州市本地机构报名" in answer.content.decode()
    assert Request.objects.get().status == RequestStatus.DRAFT


@pytest.mark.clause("P20.6")
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_i1_a_departments_forged_direct_selection_is_refused_with_its_clause(
    client, river_bureau, river_officer, item, button
):
    client.force_login(river_officer)
    answer = client.post(NEW, sent(river_bureau, item, method="direct", **button))
    assert answer.status_code == 400
    assert "P20.6" in answer.content.decode()
    assert Request.objects.count() == 0


@pytest.mark.clause("P20.7")
def test_i2_a_department_without_a_budget_line_is_told_at_the_field(client, river_bureau, river_officer, item):
    client.force_login(river_officer)
    answer = client.post(NEW, sent(river_bureau, item, budget_line=""))
    assert answer.status_code == 400
    assert answer.context["form"].errors["budget_line"]


def test_a_strangers_draft_does_not_exist(client, waterworks, waterworks_user, river_officer, item):
    kept = draft(waterworks_user, waterworks, item)
    client.force_login(river_officer)
    assert client.get(reverse("request_edit", args=[kept.pk])).status_code == 404
    assert client.post(reverse("request_discard", args=[kept.pk])).status_code == 404
    assert Request.objects.filter(pk=kept.pk).exists()


@pytest.mark.clause("P19.1")
def test_an_agency_says_what_it_offers_and_it_counts_at_once(client, swift_agency, survey_item):
    client.force_login(swift_agency.user)
    client.post(reverse("desk_services"), {"items": [survey_item.code]})
    assert [offering.item_id for offering in swift_agency.offerings.all()] == [survey_item.code]
    told = entries_of(f"A-{swift_agency.uscc}").last()
    assert told.data == {"added": [survey_item.code], "removed": ["TST-01"]}


@pytest.mark.clause("P18.3")
def test_an_operator_cannot_publish_an_item_with_an_empty_block(client, operator, item):
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.DRAFT, conditions_zh="")
    client.force_login(operator)
    page = client.get(reverse("operate_item", args=[item.code]))
    assert "申报条件" in page.context["missing"]
    whole = {"legal_basis_zh": "《水土保持法》第二十五条", "time_limit_workdays": 20, "workflow_zh": "委托\n编制"}
    whole |= {"conditions_zh": "", "fee_standard_zh": "市场调节价", "materials_zh": "", "note_zh": "", "publish": "1"}
    answer = client.post(reverse("operate_item", args=[item.code]), whole)
    assert "申报条件" in str(answer.context["form"].non_field_errors())
    client.post(reverse("operate_item", args=[item.code]), {**whole, "conditions_zh": "项目已立项。"})
    assert ServiceItem.objects.get(pk=item.pk).status == ItemStatus.PUBLISHED
    assert entries_of("P").last().kind == "item.published"
