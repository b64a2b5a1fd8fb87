"""The rules between publication and selection, by plain values (R3)."""

import datetime as dt
from dataclasses import replace

import pytest

from bidding.rules import notices as judge
from bidding.rules.notices import Announced, Hold
from core.clock import BEIJING
from core.private import private_words
from core.workdays import Calendar
from marketplace.changes import differences, pieces
from marketplace.models import RequestStatus
from marketplace.rulesets import Notice, ruleset
from tests.bidding.noticing import at

NUMBERS = ruleset().of(Notice)


def test_questions_are_taken_until_a_working_day_before_the_deadline():
    announced = Announced(at(0, 10), at(4, 18))
    assert judge.asking_ends(announced, NUMBERS, Calendar()) == at(3, 18)


def test_a_working_day_before_a_monday_is_the_friday():
    announced = Announced(at(0, 10), at(7, 18))
    assert judge.asking_ends(announced, NUMBERS, Calendar()) == at(4, 18)


def test_a_working_day_before_a_made_up_workday_is_that_of_the_calendar():
    before_the_holiday = dt.datetime(2026, 9, 28, 10, tzinfo=BEIJING)
    until = dt.datetime(2026, 10, 10, 18, tzinfo=BEIJING)  # a Saturday that is worked
    ends = judge.asking_ends(Announced(before_the_holiday, until), NUMBERS, Calendar())
    assert ends == dt.datetime(2026, 10, 9, 18, tzinfo=BEIJING)


def test_a_short_notice_leaves_its_first_half_for_questions():
    announced = Announced(at(0, 20), at(1, 18))
    assert judge.asking_ends(announced, NUMBERS, Calendar()) == at(1, 7)


def test_holding_the_deadline_does_not_prolong_the_time_to_ask():
    announced = Announced(at(0, 10), at(1, 18))
    held = replace(announced, holds=3)
    assert judge.asking_ends(held, NUMBERS, Calendar()) == judge.asking_ends(announced, NUMBERS, Calendar())


@pytest.mark.parametrize(
    ("unanswered", "holds", "verdict"),
    [(0, 0, Hold.FREE), (0, 5, Hold.FREE), (1, 0, Hold.HOLD), (3, 4, Hold.HOLD), (1, 5, Hold.GIVE_UP)],
)
def test_an_unanswered_question_holds_the_deadline_so_many_times_and_no_selection_begins_over_it(
    unanswered, holds, verdict
):
    assert judge.judge_hold(unanswered, holds, NUMBERS) is verdict


def test_the_deadline_itself_is_too_late_by_a_millisecond():
    judge.judge_open(RequestStatus.PUBLISHED, at(1, 18), at(1, 18) - dt.timedelta(milliseconds=1))
    with pytest.raises(judge.NoticeIsOver):
        judge.judge_open(RequestStatus.PUBLISHED, at(1, 18), at(1, 18))
    with pytest.raises(judge.NoticeIsOver):
        judge.judge_open(RequestStatus.SELECTING, at(1, 18), at(0, 18))


@pytest.mark.parametrize(
    "words",
    [
        "13919191919",
        "139 1919 1919",
        "0931-8461234",
        "（0931）8461234",
        "chen@example.com",
        "微信：gslyhj2026",
        "QQ 123456789",
        "https://example.com/q",
        "620102198001011234",
        "62001234567890123",
    ],
)
def test_ways_to_reach_somebody_and_numbers_of_persons_are_found(words):
    assert private_words(f"如有疑问联系{words}，谢谢。")


@pytest.mark.parametrize(
    "harmless",
    [
        "坐标采用 CGCS2000，比例尺 1:2000，精度 0.05 米。",
        "依据 GB/T 50434-2018 第 3.2.1 条",
        "限价 128500.00 元，工期 2026-11-23 至 2026-12-31",
        "项目代码 2018-620100-77-03-123456 是否有效？",
        "可否用微信小程序提交现场照片？",
    ],
)
def test_ordinary_questions_are_not_taken_for_them(harmless):
    assert private_words(harmless) == []


def test_an_askers_own_name_is_found():
    assert private_words("我司迅达咨询有限公司想问", ["迅达咨询有限公司", ""]) == ["迅达咨询有限公司"]


def test_the_difference_of_two_versions_is_what_differs_in_the_order_of_the_form():
    old = {"title": "甲", "scope": "编制方案", "ceiling": "90000.00", "term_workdays": 20}
    new = {**old, "ceiling": "95000.00", "scope": "编制方案并报审"}
    assert differences(old, new) == [
        {"field": "scope", "old": "编制方案", "new": "编制方案并报审"},
        {"field": "ceiling", "old": "90000.00", "new": "95000.00"},
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("纸质版六份", "纸质版四份、电子版"), ("", "新增"), ("删去", ""), ("同", "同")]
)
def test_the_pieces_of_a_difference_make_both_versions(old, new):
    found = pieces(old, new)
    assert "".join(p.text for p in found if p.kind != "new") == old
    assert "".join(p.text for p in found if p.kind != "gone") == new
