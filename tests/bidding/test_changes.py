"""Changing and withdrawing a published request (R3, P19.4): in public, in time, with a new deadline."""

from datetime import timedelta

from django.db import IntegrityError, transaction

import pytest

from agencies.models import Standing
from bidding import announcements
from bidding.actions import ask, cancel, change, enrol, leave
from bidding.clockwork import move_due_requests
from bidding.rules import notices as judge
from core.clock import rfc3339
from journal.queries import entries_of
from marketplace.models import Method, Request, RequestStatus
from marketplace.rules import PolicyRefused, RequestIncomplete, SameRequestOpen, TooLateToCancel
from tests import cast
from tests.bidding.noticing import at, kinds, last, publish, told
from tests.clocks import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(db):
    return StandingClock(at(0, 10))


@pytest.fixture
def request_(clock, waterworks, waterworks_user, item):
    """Published on Monday at ten, enrolment until Tuesday 18:00."""
    return publish(waterworks_user, waterworks, item)


def fresh(request):
    return Request.objects.get(pk=request.pk)


def test_a_change_says_field_by_field_what_was_and_what_is(waterworks, request_):
    change(waterworks, request_.number, {"ceiling": cast.yuan("95000.00"), "term_workdays": 25}, "现场踏勘后工作量增加")
    told_ = last(request_, "request.changed").data
    assert told_["changes"] == [
        {"field": "term_workdays", "old": 20, "new": 25},
        {"field": "ceiling", "old": "90000.00", "new": "95000.00"},
    ]
    assert told_["reason"] == "现场踏勘后工作量增加"
    assert (fresh(request_).ceiling, fresh(request_).term_workdays) == (cast.yuan("95000.00"), 25)


def test_a_change_gives_the_methods_notice_again(clock, waterworks, request_):
    clock.set(at(1, 17))
    change(waterworks, request_.number, {"term_workdays": 25}, "工期不足")
    assert fresh(request_).enrol_until == at(2, 18)
    assert fresh(request_).selects_at > at(2, 18)
    assert last(request_, "request.changed").data["enrol_until"] == rfc3339(at(2, 18))


def test_a_higher_ceiling_asks_for_its_own_longer_notice(waterworks, request_):
    change(waterworks, request_.number, {"ceiling": cast.yuan("300000.00")}, "范围扩大")
    assert fresh(request_).enrol_until == at(3, 18)


def test_a_change_never_brings_the_deadline_forward(waterworks, waterworks_user, item, clock):
    long = publish(waterworks_user, waterworks, item, ceiling=cast.yuan("600000.00"))
    assert long.enrol_until == at(7, 18)
    change(waterworks, long.number, {"ceiling": cast.yuan("80000.00")}, "范围缩小")
    assert fresh(long).enrol_until == at(7, 18)


def test_whoever_has_enrolled_is_told_and_may_leave(waterworks, request_, swift_agency, steady_agency, third_agency):
    for one in (swift_agency, steady_agency):
        enrol(None, one, request_.number)
    leave(steady_agency, request_.number)
    change(waterworks, request_.number, {"term_workdays": 25}, "工期不足")
    assert "公告已变更" in told(swift_agency.organisation)[-1]
    assert told(steady_agency.organisation) == told(third_agency.organisation) == []
    leave(swift_agency, request_.number)
    assert kinds(request_)[-1] == "request.left"


@pytest.mark.clause("P20.3", "P5.1")
def test_what_a_notice_may_not_say_no_change_may(waterworks, request_):
    for changes in ({"scope": "仅限兰州市本地机构报名。"}, {"materials": "营业执照及其他相关材料"}):
        with pytest.raises(PolicyRefused):
            change(waterworks, request_.number, changes, "补充")
    assert kinds(request_) == ["request.published"]


def test_the_statutory_limit_holds_for_changes_too(waterworks, request_):
    with pytest.raises(PolicyRefused):
        change(waterworks, request_.number, {"ceiling": cast.yuan("1000000.00")}, "范围扩大")


@pytest.mark.clause("P20.7")
def test_a_department_that_would_pass_the_fee_on_by_a_change_is_refused_and_on_record(
    clock, river_bureau, river_officer, item
):
    request = publish(river_officer, river_bureau, item)
    with pytest.raises(PolicyRefused):
        change(river_bureau, request.number, {"scope": "编制费用由申请人承担。"}, "补充")
    assert last(request, "payer.refused").data["attempt"] == "notice"


@pytest.mark.clause("P20.7")
@pytest.mark.parametrize("field", ["method", "payer", "budget_line", "buyer", "item", "public_funds", "enrol_until"])
def test_what_was_fixed_at_publication_is_no_change(waterworks, request_, field):
    with pytest.raises(judge.FixedAtPublication) as refused:
        change(waterworks, request_.number, {field: None, "term_workdays": 25}, "调整")
    assert field in refused.value.text
    assert fresh(request_).term_workdays == 20


def test_it_refuses_a_change_that_changes_nothing_or_gives_no_reason(waterworks, request_):
    with pytest.raises(judge.NothingChanged):
        change(waterworks, request_.number, {"term_workdays": 20}, "工期不足")
    with pytest.raises(judge.TextTooLong):
        change(waterworks, request_.number, {"term_workdays": 25}, "  ")
    with pytest.raises(judge.TextNotForTheCaseFile):
        change(waterworks, request_.number, {"term_workdays": 25}, "详询 13919191919")


def test_a_notice_changes_three_times_and_not_again(waterworks, request_):
    for days in (21, 22, 23):
        change(waterworks, request_.number, {"term_workdays": days}, "工期调整")
    with pytest.raises(judge.TooManyChanges):
        change(waterworks, request_.number, {"term_workdays": 24}, "工期调整")


def test_a_change_does_not_make_it_the_same_as_another_open_request(waterworks, waterworks_user, item, request_):
    other = publish(waterworks_user, waterworks, item, title="二标段水土保持方案编制")
    with pytest.raises(SameRequestOpen):
        change(waterworks, other.number, {"title": request_.title}, "更名")


def test_at_the_deadline_nothing_changes_any_more_although_no_clock_runs(clock, waterworks, request_):
    clock.set(at(1, 18))
    with pytest.raises(judge.NoticeIsOver):
        change(waterworks, request_.number, {"term_workdays": 25}, "工期不足")


def test_another_buyers_request_is_not_there(request_, river_bureau):
    with pytest.raises(Request.DoesNotExist):
        change(river_bureau, request_.number, {"term_workdays": 25}, "工期不足")
    with pytest.raises(Request.DoesNotExist):
        cancel(river_bureau, request_.number, "不办了")


@pytest.mark.parametrize(
    "change_",
    [{"method": Method.DIRECT}, {"public_funds": True}, {"ruleset": "demo-2026-12"}, {"buyer_kind": "department"}],
)
def test_the_database_keeps_what_was_fixed(request_, change_):
    with pytest.raises(IntegrityError, match="request_fixed_at_publication"), transaction.atomic():
        Request.objects.filter(pk=request_.pk).update(**change_)


def test_the_database_refuses_a_change_after_the_deadline_or_with_an_earlier_one(clock, request_):
    with pytest.raises(IntegrityError, match="never_brings_the_deadline_forward"), transaction.atomic():
        Request.objects.filter(pk=request_.pk).update(ceiling=1, enrol_until=at(0, 12))
    clock.set(at(1, 18, 1))
    with pytest.raises(IntegrityError, match="only_before_its_deadline"), transaction.atomic():
        Request.objects.filter(pk=request_.pk).update(ceiling=1)


def test_its_buyer_withdraws_it_with_a_public_reason_and_entrants_are_told(waterworks, request_, swift_agency):
    enrol(None, swift_agency, request_.number)
    cancel(waterworks, request_.number, "项目暂缓实施")
    assert fresh(request_).status == RequestStatus.CANCELLED
    assert entries_of(request_.number).last().data == {"reason": "项目暂缓实施"}
    assert "已撤回" in told(swift_agency.organisation)[-1]


def test_a_withdrawal_says_why_and_tells_no_telephone(waterworks, request_):
    with pytest.raises(RequestIncomplete):
        cancel(waterworks, request_.number, " ")
    with pytest.raises(judge.TextNotForTheCaseFile):
        cancel(waterworks, request_.number, "另行联系 0931-8461234")


def test_from_the_deadline_on_only_the_rules_end_it(clock, waterworks, request_, auction):
    with pytest.raises(TooLateToCancel):
        cancel(waterworks, auction.request.number, "改主意了")
    clock.set(at(1, 18))
    with pytest.raises(TooLateToCancel):
        cancel(waterworks, request_.number, "改主意了")


def test_a_withdrawn_request_is_never_selected(clock, waterworks, request_, swift_agency, steady_agency):
    for one in (swift_agency, steady_agency):
        enrol(None, one, request_.number)
    cancel(waterworks, request_.number, "项目暂缓实施")
    clock.set(at(3, 18))
    move_due_requests()
    assert fresh(request_).status == RequestStatus.CANCELLED
    assert not hasattr(fresh(request_), "auction")


def test_a_change_while_a_question_waits_begins_a_new_notice_for_it(clock, waterworks, request_, swift_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    clock.set(at(1, 18))
    move_due_requests()
    assert announcements.announced(fresh(request_)).holds == 1
    clock.set(at(2, 17))
    change(waterworks, request_.number, {"scope": "采用 CGCS2000 坐标系。"}, "回应提问")
    assert announcements.announced(fresh(request_)).holds == 0
    assert fresh(request_).enrol_until == at(3, 18)
    assert announcements.asking_until(fresh(request_)) == at(3, 5, 30)


def test_who_may_not_bid_is_told_nothing_about_asking(clock, request_, swift_agency):
    swift_agency.standing = Standing.SUSPENDED
    swift_agency.save()
    clock.set(at(0, 10) + timedelta(minutes=1))
    with pytest.raises(judge.MayNotAsk):
        ask(swift_agency, request_.number, "坐标系是哪一种？")
