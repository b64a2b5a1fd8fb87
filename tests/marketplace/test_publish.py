"""Publishing a request: what it needs, what it writes down, and that it happens once."""

import datetime as dt
import re

import pytest

from core.clock import BEIJING, rfc3339
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Request, RequestStatus
from marketplace.rules import (
    AlreadyPublished,
    PolicyRefused,
    SameRequestOpen,
)
from marketplace.rulesets import CURRENT, ruleset
from tests import cast
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.django_db


def codes(refused: PolicyRefused) -> set[str]:
    return {finding["code"] for finding in refused.facts["findings"]}


def test_a_lawful_draft_gets_its_number_case_file_and_times(waterworks, waterworks_user, item):
    published = actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, item).pk)
    year = published.published_at.astimezone(BEIJING).year
    assert re.fullmatch(rf"GS-{year}-\d{{6}}", published.number)
    assert (published.status, published.ruleset) == (RequestStatus.PUBLISHED, CURRENT)
    assert published.enrol_until.astimezone(BEIJING).time() == dt.time(18, 0)
    assert published.selects_at > published.enrol_until


@pytest.mark.clause("P10.1")
def test_the_whole_notice_stands_in_the_case_file(river_bureau, river_officer, item):
    published = actions.publish(river_officer, river_bureau, draft(river_officer, river_bureau, item).pk)
    [entry] = entries_of(published.number)
    assert entry.kind == "request.published"
    told = entry.data
    assert told["buyer"] == {"name": river_bureau.name, "uscc": river_bureau.uscc, "kind": "department"}
    assert told["payer"]["uscc"] == river_bureau.uscc
    assert (told["ceiling"], told["budget_line"]) == ("90000.00", "2026 年水土保持专项")
    assert told["ruleset"] == {"id": CURRENT, "sha256": ruleset(CURRENT).sha256}
    assert told["enrol_until"] == rfc3339(published.enrol_until)
    assert told["selects_at"] == rfc3339(published.selects_at)


@pytest.mark.clause("P20.3")
def test_a_restriction_without_a_law_keeps_it_a_draft(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item, scope="仅限兰州市本地机构报名。")
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert codes(refused.value) == {"P_REGION"}
    kept.refresh_from_db()
    assert (kept.status, kept.number) == (RequestStatus.DRAFT, None)


@pytest.mark.clause("P20.3")
def test_a_restriction_with_its_law_is_published_and_told_to_everybody(waterworks, waterworks_user, item):
    law = "《中华人民共和国测绘法》第二十七条"
    kept = draft(waterworks_user, waterworks, item, scope="注册资本不少于500万元。", cited_law=law)
    published = actions.publish(waterworks_user, waterworks, kept.pk)
    told = entries_of(published.number).get().data
    assert told["cited_law"] == law
    assert [finding["code"] for finding in told["findings"]] == ["P_CAPITAL"]


@pytest.mark.clause("P5.1")
def test_no_law_lifts_the_ban_on_catch_all_demands(waterworks, waterworks_user, item):
    law = "《中华人民共和国测绘法》第二十七条"
    kept = draft(waterworks_user, waterworks, item, materials="营业执照及其他相关材料", cited_law=law)
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert codes(refused.value) == {"P_CATCH_ALL"}


@pytest.mark.clause("P20.7")
def test_a_department_cannot_pass_the_fee_on_nor_leave_out_the_budget_line(river_bureau, river_officer, item):
    kept = draft(river_officer, river_bureau, item, scope="编制费用由申请人承担。", budget_line="")
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(river_officer, river_bureau, kept.pk)
    assert codes(refused.value) == {"P_FEE_PASSED_ON", "P_BUDGET_LINE"}
    # That it tried is on record, although the request never became public.
    [attempt] = [entry.data for entry in entries_of("P").filter(kind="payer.refused")]
    assert (attempt["by"]["uscc"], attempt["attempt"]) == (river_bureau.uscc, "notice")
    assert "申请人承担" in attempt["words"]


def test_from_the_statutory_limit_on_it_belongs_to_the_public_resources_exchange(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item, ceiling=cast.yuan("1000000.00"))
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert codes(refused.value) == {"P_TENDERING"}


def test_a_published_request_is_not_published_again_and_tells_its_number(waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item)
    published = actions.publish(waterworks_user, waterworks, kept.pk)
    with pytest.raises(AlreadyPublished) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert refused.value.facts["number"] == published.number


def test_the_same_request_again_leads_to_the_first(waterworks, waterworks_user, item):
    first = actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, item).pk)
    with pytest.raises(SameRequestOpen) as refused:
        actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, item).pk)
    assert refused.value.facts["number"] == first.number


@pytest.mark.clause("P20.5")
def test_nobody_publishes_for_another(river_bureau, river_officer, waterworks, waterworks_user, item):
    kept = draft(waterworks_user, waterworks, item)
    with pytest.raises(Request.DoesNotExist):
        actions.publish(river_officer, river_bureau, kept.pk)
