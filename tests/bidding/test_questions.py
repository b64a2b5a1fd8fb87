"""Questions and answers are public and unnamed; an unanswered question holds the deadline (R3)."""

from datetime import timedelta

import pytest

from bidding import announcements
from bidding.actions import answer, ask, cancel, enrol, leave
from bidding.clockwork import move_due_requests
from bidding.models import Auction, Question
from bidding.rules import notices as judge
from core.clock import rfc3339
from journal.queries import record
from marketplace.models import Request, RequestStatus
from marketplace.queries import failed_tries
from marketplace.rules import PolicyRefused
from tests import cast
from tests.bidding.noticing import DAY, at, kinds, last, publish, told
from tests.clocks import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(db):
    return StandingClock(at(0, 10))


@pytest.fixture
def request_(clock, waterworks, waterworks_user, item):
    """Published on Monday at ten, enrolment until Tuesday 18:00, questions until Monday 18:00 … or half of that, Tuesday 02:00."""
    return publish(waterworks_user, waterworks, item)


def fresh(request):
    return Request.objects.get(pk=request.pk)


def tick(clock, moment):
    clock.set(moment)
    move_due_requests()


def test_any_registered_agency_asks_and_nothing_says_who(request_, waterworks, swift_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    assert last(request_, "question.asked").data == {"question": 1, "text": "坐标系是哪一种？"}
    file = b"".join(record(request_.number)).decode()
    assert swift_agency.uscc not in file
    assert swift_agency.organisation.name not in file
    assert "第 1 个问题待答复" in told(waterworks)[-1]
    assert swift_agency.organisation.name not in told(waterworks)[-1]


def test_the_answer_is_public_and_reaches_asker_and_entrants(
    request_, waterworks, waterworks_user, swift_agency, steady_agency, third_agency
):
    enrol(None, steady_agency, request_.number)
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    answer(waterworks_user, waterworks, request_.number, 1, "采用 CGCS2000。")
    assert last(request_, "question.answered").data == {"question": 1, "text": "采用 CGCS2000。"}
    for one in (swift_agency, steady_agency):
        assert "第 1 问已答复" in told(one.organisation)[-1]
    assert told(third_agency.organisation) == []


@pytest.mark.parametrize("text", ["请回电 13919191919", "我司迅达咨询有限公司想问坐标系", "", "问" * 501])
def test_a_question_names_nobody_gives_no_telephone_and_has_a_length(request_, swift_agency, text):
    with pytest.raises((judge.TextNotForTheCaseFile, judge.TextTooLong)):
        ask(swift_agency, request_.number, text)
    assert kinds(request_) == ["request.published"]


def test_an_enrolled_asker_does_not_give_its_label_away(request_, swift_agency):
    label = enrol(None, swift_agency, request_.number).label
    with pytest.raises(judge.TextNotForTheCaseFile):
        ask(swift_agency, request_.number, f"代号{label}想问：坐标系是哪一种？")


def test_an_agency_asks_three_times_and_others_still_may(request_, swift_agency, steady_agency):
    for n in "一二三":
        ask(swift_agency, request_.number, f"第{n}个问题？")
    with pytest.raises(judge.TooManyQuestions):
        ask(swift_agency, request_.number, "第四个问题？")
    with pytest.raises(judge.AskedAlready) as refused:
        ask(steady_agency, request_.number, "第二个问题？")
    assert refused.value.facts["n"] == 2
    assert ask(steady_agency, request_.number, "第四个问题？").n == 4


def test_questions_end_before_the_deadline_so_that_they_can_be_answered(clock, request_, swift_agency):
    clock.set(at(1, 2) - timedelta(milliseconds=1))
    ask(swift_agency, request_.number, "来得及吗？")
    clock.set(at(1, 2))
    with pytest.raises(judge.AskingOver) as refused:
        ask(swift_agency, request_.number, "还来得及吗？")
    assert "2026-11-24 02:00" in refused.value.text


@pytest.mark.clause("P20.3")
def test_no_answer_restricts_what_the_notice_did_not(request_, waterworks, waterworks_user, swift_agency):
    ask(swift_agency, request_.number, "外地机构可以参加吗？")
    with pytest.raises(PolicyRefused):
        answer(waterworks_user, waterworks, request_.number, 1, "仅限兰州市本地机构报名。")
    answer(waterworks_user, waterworks, request_.number, 1, "可以，不限地域。")
    with pytest.raises(judge.AnsweredAlready):
        answer(waterworks_user, waterworks, request_.number, 1, "改一下。")


def test_only_the_buyer_answers(request_, river_bureau, river_officer, swift_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    with pytest.raises(Request.DoesNotExist):
        answer(river_officer, river_bureau, request_.number, 1, "随便。")


def test_the_deadline_does_not_pass_over_an_unanswered_question(
    clock, request_, waterworks, swift_agency, steady_agency
):
    for one in (swift_agency, steady_agency):
        enrol(None, one, request_.number)
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    tick(clock, at(1, 18))
    assert (fresh(request_).status, fresh(request_).enrol_until) == (RequestStatus.PUBLISHED, at(2, 18))
    assert last(request_, "request.extended").data == {
        "enrol_until": rfc3339(at(2, 18)),
        "selects_at": rfc3339(fresh(request_).selects_at),
        "because": "unanswered_question",
        "questions": [1],
    }
    assert "报名截止顺延至 2026-11-25 18:00" in told(waterworks)[-1]
    assert not fresh(request_).extended, "this is not the one extension for too few entrants"


def test_the_deadline_is_held_whether_or_not_a_clock_runs(clock, request_, swift_agency, steady_agency):
    enrol(None, steady_agency, request_.number)
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    clock.set(at(1, 18))
    enrol(None, swift_agency, request_.number)
    leave(steady_agency, request_.number)
    assert kinds(request_)[-3:] == ["request.extended", "request.enrolled", "request.left"]


def test_after_the_last_answer_there_is_a_working_day_to_read_it(
    clock, request_, waterworks, waterworks_user, swift_agency, steady_agency
):
    for one in (swift_agency, steady_agency):
        enrol(None, one, request_.number)
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    ask(swift_agency, request_.number, "要几份？")
    clock.set(at(1, 17, 59))
    answer(waterworks_user, waterworks, request_.number, 1, "CGCS2000。")
    assert fresh(request_).enrol_until == at(1, 18), "another question holds it anyway"
    answer(waterworks_user, waterworks, request_.number, 2, "六份。")
    assert fresh(request_).enrol_until == at(2, 18)
    assert last(request_, "request.extended").data["because"] == "answered"
    tick(clock, at(2, 18))
    assert fresh(request_).status == RequestStatus.SELECTING


def test_an_early_answer_moves_nothing(clock, request_, waterworks, waterworks_user, swift_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    answer(waterworks_user, waterworks, request_.number, 1, "CGCS2000。")
    assert fresh(request_).enrol_until == at(1, 18)
    assert "request.extended" not in kinds(request_)


def test_a_held_deadline_takes_no_new_questions(clock, request_, swift_agency, steady_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    tick(clock, at(1, 18))
    with pytest.raises(judge.AskingOver):
        ask(steady_agency, request_.number, "再拖一天？")


def test_a_buyer_that_stays_silent_ends_its_own_request_and_gains_no_failed_try(
    clock, river_bureau, river_officer, item, swift_agency, steady_agency, third_agency
):
    request = publish(river_officer, river_bureau, item)
    for one in (swift_agency, steady_agency, third_agency):
        enrol(None, one, request.number)
    ask(swift_agency, request.number, "坐标系是哪一种？")
    deadlines = []
    for _ in range(6):
        tick(clock, fresh(request).enrol_until)
        deadlines.append(fresh(request).enrol_until)
    assert deadlines[:5] == [at(2, 18), at(3, 18), at(4, 18), at(7, 18), at(8, 18)]
    assert fresh(request).status == RequestStatus.FAILED
    assert not Auction.objects.exists()
    assert last(request, "request.noted").data["text"] == "question_unanswered"
    assert last(request, "auction.failed").data["reason"] == "question_unanswered"
    again = Request(buyer=river_bureau, item=item, title=request.title, forerunner=fresh(request))
    assert failed_tries(again) == 0


def test_after_the_last_hold_it_is_too_late_to_answer(clock, request_, waterworks, waterworks_user, swift_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    for _ in range(5):
        tick(clock, fresh(request_).enrol_until)
    clock.set(fresh(request_).enrol_until)
    with pytest.raises(judge.NoticeIsOver):
        answer(waterworks_user, waterworks, request_.number, 1, "CGCS2000。")


def test_a_clock_that_was_away_for_a_week_takes_nobodys_chance(
    clock, request_, waterworks, waterworks_user, swift_agency
):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    clock.set(at(1, 18) + 7 * DAY)
    answer(waterworks_user, waterworks, request_.number, 1, "CGCS2000。")
    assert fresh(request_).enrol_until == at(9, 18)
    assert announcements.announced(fresh(request_)).holds == 1


def test_what_is_over_takes_neither_questions_nor_answers(request_, waterworks, waterworks_user, swift_agency):
    ask(swift_agency, request_.number, "坐标系是哪一种？")
    cancel(waterworks, request_.number, "项目暂缓实施")
    with pytest.raises(judge.NoticeIsOver):
        ask(swift_agency, request_.number, "还有一个问题？")
    with pytest.raises(judge.NoticeIsOver):
        answer(waterworks_user, waterworks, request_.number, 1, "CGCS2000。")
    assert Question.objects.get().answered_at is None


def test_a_question_asked_while_too_few_came_holds_the_extension_too(clock, request_, swift_agency):
    tick(clock, at(1, 18))
    assert fresh(request_).extended
    until = fresh(request_).enrol_until
    ask(swift_agency, request_.number, "限价为何这么低？")
    tick(clock, until)
    assert fresh(request_).status == RequestStatus.PUBLISHED
    assert fresh(request_).enrol_until > until


def test_a_request_under_rules_older_than_questions_takes_none(waterworks, waterworks_user, item, swift_agency):
    old = cast.published(waterworks, item, waterworks_user, ruleset="2026-11")
    with pytest.raises(judge.NoticeIsOver):
        ask(swift_agency, old.number, "坐标系是哪一种？")
    assert announcements.asking_until(old) is None
