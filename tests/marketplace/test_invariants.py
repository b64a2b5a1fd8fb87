"""The invariants of R1 that the marketplace holds: by its actions, and by the database when the actions are bypassed."""

from django.db import IntegrityError, transaction

import pytest

from accounts.models import Kind
from marketplace import actions
from marketplace.models import CommissionedBy, FeeMode, ItemStatus, Method, Request, RequestStatus, ServiceItem
from marketplace.rules import PolicyRefused
from tests import cast
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.django_db


def refused_by_the_database(constraint: str, request: Request, **changes: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(**changes)


@pytest.mark.clause("P20.6")
def test_i1_a_department_never_selects_directly(river_bureau, river_officer, item):
    kept = draft(river_officer, river_bureau, item)
    refused_by_the_database("department_never_selects_directly", kept, method=Method.DIRECT)


@pytest.mark.clause("P20.6")
def test_i1_public_money_never_selects_directly_whoever_spends_it(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item, public_funds=True)
    refused_by_the_database("department_never_selects_directly", kept, method=Method.DIRECT)


def test_i1_an_enterprise_may_select_directly_with_its_own_money(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item, method=Method.DIRECT)
    assert Request.objects.get(pk=kept.pk).method == Method.DIRECT


@pytest.mark.clause("P20.6")
def test_i1_a_draft_that_selects_directly_is_refused_before_the_database_is_asked(river_bureau, river_officer, item):
    with pytest.raises(PolicyRefused) as refused:
        draft(river_officer, river_bureau, item, method=Method.DIRECT)
    assert refused.value.facts["findings"][0]["code"] == "P_NO_DIRECT"


@pytest.mark.clause("P20.7")
def test_i2_a_departments_request_needs_a_budget_line_to_be_public(river_bureau, river_officer, item):
    kept = cast.published(river_bureau, item, river_officer, status="draft", budget_line="")
    refused_by_the_database("department_pays_itself_from_a_budget_line", kept, status="published")


@pytest.mark.clause("P20.7")
def test_i2_nobody_else_pays_for_a_department(river_bureau, river_officer, waterworks, item):
    kept = cast.published(river_bureau, item, river_officer, status="draft", payer=waterworks)
    refused_by_the_database("department_pays_itself_from_a_budget_line", kept, status="published")


@pytest.mark.clause("P20.7")
def test_i2_payer_and_budget_line_stay_as_they_were_published(river_bureau, river_officer, waterworks, item):
    public = cast.published(river_bureau, item, river_officer)
    refused_by_the_database("payer_fixed_at_publication", public, payer=waterworks)
    refused_by_the_database("payer_fixed_at_publication", public, budget_line="其他")


@pytest.mark.clause("P20.7")
def test_i2_what_a_department_spends_is_public_money(river_bureau, river_officer, item):
    kept = draft(river_officer, river_bureau, item)
    refused_by_the_database("department_spends_public_funds", kept, public_funds=False)


@pytest.mark.clause("P20.7")
def test_i2_a_forged_payer_is_replaced_by_the_department(river_bureau, river_officer, waterworks, item):
    kept = draft(river_officer, river_bureau, item, payer=waterworks)
    assert (kept.payer, kept.public_funds) == (river_bureau, True)


def test_i2_an_agency_or_a_regulator_buys_nothing(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item)
    refused_by_the_database("request_buyer_is_enterprise_or_department", kept, buyer_kind=Kind.AGENCY)


@pytest.mark.clause("P18.1")
def test_i11_a_cancelled_item_cannot_be_required(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item)
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED, cancelled_by_zh="甘办字〔2018〕78号")
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert refused.value.facts["findings"][0]["code"] == "P_ITEM_CANCELLED"
    assert Request.objects.get(pk=kept.pk).status == RequestStatus.DRAFT


@pytest.mark.clause("P18.1")
def test_i11_a_cancelled_item_says_by_what_it_was_cancelled(item):
    with pytest.raises(IntegrityError, match="item_cancelled_says_by_what"), transaction.atomic():
        ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED)


@pytest.mark.clause("P18.3")
@pytest.mark.parametrize(
    "empty",
    [
        {"time_limit_workdays": None},
        {"time_limit_workdays": 0},
        {"workflow_zh": []},
        {"conditions_zh": ""},
        {"fee_standard_zh": ""},
        {"legal_basis_zh": ""},
    ],
)
def test_no_item_is_public_with_an_empty_block_though_the_action_is_bypassed(item, empty):
    with pytest.raises(IntegrityError, match="item_published_only_with_its_four_blocks"), transaction.atomic():
        ServiceItem.objects.filter(pk=item.pk).update(**empty)


def test_no_item_is_created_public_without_blocks(db):
    with pytest.raises(IntegrityError, match="item_published_only_with_its_four_blocks"), transaction.atomic():
        ServiceItem.objects.create(
            code="BARE-1",
            name_zh="空白事项",
            name_en="Bare",
            department_zh="水利",
            approval_zh="审批",
            commissioned_by=CommissionedBy.APPLICANT,
            fee_mode=FeeMode.MARKET,
            status=ItemStatus.PUBLISHED,
        )


@pytest.mark.clause("P20.4")
def test_i4_no_column_of_a_request_or_an_item_limits_agencies():
    words = ("quota", "limit_agencies", "max_", "capital", "ownership", "allowed", "shortlist", "invited")
    columns = {field.name for model in (Request, ServiceItem) for field in model._meta.get_fields()}
    assert not [name for name in columns if any(word in name for word in words)]
