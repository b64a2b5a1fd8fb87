"""Pages and doors between publication and selection: what the public, the buyer and agencies see and may do (R3)."""

import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from accounts.tasks import tasks_of
from bidding.actions import answer, ask, cancel, change, enrol
from bidding.clockwork import move_due_requests
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.bidding.noticing import at, kinds, publish
from tests.clocks import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(db):
    return StandingClock(at(0, 10))


@pytest.fixture
def request_(clock, waterworks, waterworks_user, item):
    return publish(waterworks_user, waterworks, item)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, request):
    return client.get(reverse("request_page", args=[request.number])).content.decode()


def sent(request, **changes):
    fresh = Request.objects.get(pk=request.pk)
    names = ("title", "scope", "deliverables", "materials", "term_workdays", "cited_law")
    now = {name: getattr(fresh, name) for name in names}
    return {**now, "region": fresh.region_id, "ceiling": "90000.00", "reason": "工期不足", **changes}


def tasks(organisation):
    return [(task.what, task.due_at) for task in tasks_of(organisation, timezone.now())]


def test_the_difference_is_shown_before_and_after_it_is_made(request_, waterworks_user):
    buyer, door = as_(waterworks_user), reverse("request_change", args=[request_.number])
    assert door in page(buyer, request_)
    preview = buyer.post(door, sent(request_, ceiling="95000", scope="按现行规范编制水土保持方案。"))
    text = preview.content.decode()
    assert preview.status_code == 200
    assert ">¥90,000.00</del>" in text
    assert ">¥95,000.00</ins>" in text
    assert "<del>，配合审查并修改完善</del>" in text
    assert "2026-11-24" in text
    assert kinds(request_) == ["request.published"], "a preview changes nothing"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    hidden.pop("csrfmiddlewaretoken", None)
    done = buyer.post(door, {**hidden, "confirm": "1"})
    assert done.status_code == 302
    public = page(Client(), request_)
    assert "公告已变更 1 次" in public
    assert ">¥95,000.00</ins>" in public
    assert "工期不足" in public


def test_a_forged_field_changes_nothing(request_, waterworks_user):
    door = reverse("request_change", args=[request_.number])
    as_(waterworks_user).post(door, sent(request_, term_workdays=25, method="draw", budget_line="别的", confirm="1"))
    fresh = Request.objects.get(pk=request_.pk)
    assert (fresh.term_workdays, fresh.method, fresh.budget_line) == (25, "live", "")


def test_what_the_check_finds_leads_back_to_the_form_with_its_clause(request_, waterworks_user):
    door = reverse("request_change", args=[request_.number])
    for extra in ({}, {"confirm": "1"}):
        answer_ = as_(waterworks_user).post(door, sent(request_, scope="仅限兰州市本地机构报名。", **extra))
        assert answer_.status_code == 400
        assert "P20.3" in answer_.content.decode()
        assert "仅限兰州市本地机构" in answer_.content.decode()


def test_only_the_buyer_finds_the_doors(request_, waterworks_user, river_officer, swift_agency):
    doors = [reverse(name, args=[request_.number]) for name in ("request_change", "request_cancel")]
    for user in (river_officer, swift_agency.user):
        assert [as_(user).get(door).status_code for door in doors] == [404, 404]
        assert "notice-doors" not in page(as_(user), request_)
    assert [as_(waterworks_user).get(door).status_code for door in doors] == [200, 200]


def test_an_agency_asks_and_the_buyer_answers_on_the_page(request_, waterworks_user, waterworks, swift_agency):
    asker, buyer = as_(swift_agency.user), as_(waterworks_user)
    door = reverse("question_ask", args=[request_.number])
    assert door in page(asker, request_)
    assert door not in page(buyer, request_)
    assert asker.post(door, {"text": "坐标系是哪一种？"}).headers["Location"].endswith("#questions")
    for reader in (Client(), buyer, asker):
        shown = page(reader, request_)
        assert "坐标系是哪一种？" in shown
        assert "1 个问题待答复" in shown
    for reader in (Client(), buyer):
        assert swift_agency.organisation.name not in page(reader, request_)
    assert ("答复问题（1）", request_.enrol_until) in tasks(waterworks)
    reply = reverse("question_answer", args=[request_.number, 1])
    assert reply in page(buyer, request_)
    assert buyer.post(reply, {"text": "采用 CGCS2000。"}).status_code == 302
    assert "采用 CGCS2000。" in page(Client(), request_)
    assert not [task for task in tasks(waterworks) if "答复问题" in task[0]]


def test_a_refused_question_keeps_what_was_typed(request_, swift_agency):
    door = reverse("question_ask", args=[request_.number])
    answer_ = as_(swift_agency.user).post(door, {"text": "请电 13919191919"})
    assert answer_.status_code == 400
    assert answer_.content.decode().count("请电 13919191919") == 1
    assert "不得含联系方式" in answer_.content.decode()


def test_questions_by_the_dozen_are_slowed_down(request_, swift_agency):
    door, asker = reverse("question_ask", args=[request_.number]), as_(swift_agency.user)
    codes = [asker.post(door, {"text": ""}).status_code for _ in range(21)]
    assert codes[0] == 400
    assert codes[-1] == 429


def test_nobody_but_agencies_asks(request_, waterworks_user, regulator):
    door = reverse("question_ask", args=[request_.number])
    assert [as_(user).get(door).status_code for user in (waterworks_user, regulator)] == [404, 404]
    assert Client().get(door).status_code == 302


def test_whoever_enrolled_before_a_change_has_to_look_again(clock, request_, waterworks, swift_agency, steady_agency):
    enrol(None, swift_agency, request_.number)
    clock.set(at(0, 11))
    change(waterworks, request_.number, {"term_workdays": 25}, "工期不足")
    clock.set(at(0, 12))
    enrol(None, steady_agency, request_.number)
    until = Request.objects.get(pk=request_.pk).enrol_until
    assert ("公告已变更，请重新查看", until) in tasks(swift_agency.organisation)
    assert not [task for task in tasks(steady_agency.organisation) if "变更" in task[0]]


def test_a_withdrawn_request_says_why_and_is_no_failure(request_, waterworks, waterworks_user):
    cancel(waterworks, request_.number, "项目暂缓实施")
    public = page(Client(), request_)
    assert "采购人已撤回需求" in public
    assert "项目暂缓实施" in public
    assert "流标" not in public
    assert Client().get(reverse("award_page", args=[request_.number])).status_code == 404
    assert ("已撤回，可重新发布", None) in tasks(waterworks)
    assert 'data-testid="reoffer"' in page(as_(waterworks_user), request_)
    assert 'data-testid="reoffer"' not in public


def test_one_click_offers_it_again_and_the_chain_is_shown_both_ways(request_, waterworks, waterworks_user):
    cancel(waterworks, request_.number, "项目暂缓实施")
    buyer, door = as_(waterworks_user), reverse("request_reoffer", args=[request_.number])
    draft_page = buyer.post(door).headers["Location"]
    assert buyer.get(draft_page).status_code == 200
    assert ("已撤回，可重新发布", None) not in tasks(waterworks)
    pk = re.search(r"(\d+)/$", draft_page)[1]
    buyer.post(reverse("request_publish", args=[pk]))
    again = Request.objects.get(pk=pk)
    for one in (request_, again):
        shown = page(Client(), one)
        assert request_.number in shown
        assert again.number in shown
    assert buyer.post(door).headers["Location"] == reverse("request_page", args=[again.number])


def test_a_failure_says_why_and_what_comes_next(clock, request_, waterworks, waterworks_user):
    for _ in range(2):
        clock.set(Request.objects.get(pk=request_.pk).enrol_until)
        move_due_requests()
    assert Request.objects.get(pk=request_.pk).status == RequestStatus.FAILED
    notice = Client().get(reverse("award_page", args=[request_.number])).content.decode()
    assert "仍少于该选取方式要求的 2 家" in notice
    assert "一键重新发布" in notice
    assert "竞价结束时没有有效报价" not in notice
    assert (
        'data-testid="reoffer"'
        in as_(waterworks_user).get(reverse("award_page", args=[request_.number])).content.decode()
    )
    assert ("流标，可重新发布", None) in tasks(waterworks)


def test_a_selection_that_went_on_with_two_is_noted_on_its_page_and_on_the_regulators_desk(
    clock, river_bureau, river_officer, item, swift_agency, steady_agency, regulator
):
    request = publish(river_officer, river_bureau, item)
    for one in (swift_agency, steady_agency):
        enrol(None, one, request.number)
    for _ in range(2):
        clock.set(Request.objects.get(pk=request.pk).enrol_until)
        move_due_requests()
    said = "延长报名后仍只有两家，按规则继续选取"
    assert said in page(Client(), request)
    desk = as_(regulator).get(reverse("desk")).content.decode()
    assert said in desk
    assert request.number in desk


def test_the_timeline_says_it_all_in_both_languages(
    clock, request_, waterworks, waterworks_user, swift_agency, steady_agency
):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    clock.set(at(1, 18))
    move_due_requests()
    answer(waterworks_user, waterworks, request_.number, 1, "CGCS2000。")
    change(waterworks, request_.number, {"term_workdays": 25}, "工期不足")
    chinese = page(Client(), request_)
    for words in ("提问", "有问题未答复 → 2026-11-25 18:00", "采购人答复", "公告变更", "第 1 问：CGCS2000。"):
        assert words in chinese
    reader = Client()
    reader.cookies["django_language"] = "en"
    english = page(reader, request_)
    for words in ("Question 1", "Notice changed", "The buyer answered", "Deadline moved"):
        assert words in english


def test_a_request_under_older_rules_keeps_its_page(waterworks, waterworks_user, item):
    old = cast.published(waterworks, item, waterworks_user, ruleset="2026-11")
    shown = page(Client(), old)
    assert "问题与答复" not in shown
