"""Each date of an exit case says how its working days were counted, to the agency, to officers and to everybody."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse

import pytest

from agencies.models import Agency
from core.clock import BEIJING, database_now
from core.models import WorkdayOverride
from core.queries import calendar
from ratings.actions import exits
from ratings.models import AppealOutcome, ExitCase, Measure
from ratings.queries.dates import Date, dates_for_officers, dates_of
from ratings.queries.officers import page_for
from ratings.rules.exits import Ruling
from tests.ratings.court import Court, let_pass, shift

pytestmark = pytest.mark.django_db


def by_label(dates: list[Date]) -> dict[str, Date]:
    return {one.label: one for one in dates}


def today() -> date:
    return database_now().astimezone(BEIJING).date()


def first_workday() -> date:
    return next(day for n in range(1, 20) if calendar().works(day := today() + timedelta(days=n)))


def of_officers(court: Court, case: ExitCase) -> dict[str, Date]:
    return by_label(list(page_for(case, court.officers[3]).dates))


def test_opened(court: Court) -> None:
    case = court.open()
    dates = of_officers(court, case)
    assert list(dates) == ["立案时间", "告知最迟", "逾期自动终结时间"]
    assert dates["告知最迟"].at == case.due_at
    assert dates["告知最迟"].because.startswith("5 个工作日")
    assert dates["逾期自动终结时间"].because.startswith("20 个工作日")
    assert [date.label for date in dates.values() if date.current] == ["告知最迟"]
    assert dates_of(case) == [], "nothing binds the agency yet"


def test_noticed_and_received(court: Court) -> None:
    case = court.noticed()
    assert of_officers(court, case)["视为送达"].because.startswith("3 个工作日")
    case = exits.receive_notice(court.party, case.number)
    dates = of_officers(court, case)
    assert "视为送达" not in dates
    assert dates["陈述申辩截止"].because.startswith("10 个工作日")
    assert dates["陈述申辩截止"].current
    case = exits.ask_for_time(court.party, case.number)
    assert by_label(dates_of(case))["陈述申辩截止"].because.startswith("15 个工作日")
    case = exits.ask_for_hearing(court.party, case.number)
    assert of_officers(court, case)["听证最迟"].because.startswith("15 个工作日")


def test_a_warning_leaves_less_time(court: Court) -> None:
    assert by_label(dates_of(court.received(Measure.WARN)))["陈述申辩截止"].because.startswith("5 个工作日")


def test_the_decision_is_counted_from_the_end_of_the_defence(court: Court) -> None:
    case = court.ripe()
    dates = of_officers(court, case)
    assert dates["决定最迟"].at == case.due_at
    assert dates["决定最迟"].because.startswith("15 个工作日")


def test_the_decision_is_counted_from_a_clock_that_came_late(court: Court) -> None:
    case = court.ripe()
    WorkdayOverride.objects.create(date=first_workday(), works=False, name="临时放假")
    assert case.defence_until
    assert case.defence_until < database_now() - timedelta(days=5)
    due = exits.decide(
        court.officers[1],
        court.body,
        case.number,
        Ruling(Measure.REMOVE, "属实。", months=24, harsher_because="危害严重。"),
    )
    assert of_officers(court, due)["决定最迟"].because == "15 个工作日", "and the calendar was changed since"
    WorkdayOverride.objects.all().delete()
    back = exits.second(court.officers[2], court.body, case.number, agrees=False, opinion="请补充理由。")
    again = of_officers(court, back)["决定最迟"]
    assert (again.at, again.because) == (case.due_at, calendar().after(today(), 15).explain())


def test_the_decision_is_counted_from_a_later_hearing(court: Court) -> None:
    case = exits.ask_for_hearing(court.party, court.received().number)
    exits.set_hearing(court.officers[1], court.body, case.number, database_now() + timedelta(days=8), "三楼会议室")
    case.refresh_from_db()
    assert of_officers(court, case)["听证"].because == "三楼会议室"
    shift(case, 30)
    case = exits.hold_hearing(court.officers[1], court.body, case.number, "双方到场。")
    found = of_officers(court, case)["决定最迟"]
    assert (found.at, found.current) == (case.due_at, True)
    assert found.because.startswith("15 个工作日")


def test_no_effect_is_told_while_an_appeal_stays_it(court: Court) -> None:
    case = court.decided()
    dates = by_label(dates_of(case))
    assert dates["生效"].because.startswith("5 个工作日")
    assert dates["申诉截止"].because.startswith("15 个工作日")
    case = exits.appeal(court.person, court.party, case.number, "事实有误。")
    dates = by_label(dates_of(case))
    assert "生效" not in dates
    assert dates["申诉决定"].because.startswith("20 个工作日")


@pytest.mark.parametrize(("outcome", "told"), [(AppealOutcome.UPHELD, True), (AppealOutcome.ANNULLED, False)])
def test_what_an_appeal_upheld_takes_effect_with_it(court: Court, outcome: AppealOutcome, told: bool) -> None:
    case = court.in_force()
    exits.appeal(court.person, court.party, case.number, "事实有误。")
    case = exits.decide_appeal(court.officers[4], court.body, case.number, exits.Outcome(outcome, "复核完毕。"))
    dates = by_label(dates_of(case))
    assert ("生效" in dates) is told
    if told:
        assert (dates["生效"].at, dates["生效"].because) == (case.appeal_decided_at, "申诉决定作出时")


def test_an_interim_suspension_is_to_be_reviewed_by_a_date(court: Court) -> None:
    case = court.received()
    made = exits.order_interim(court.officers[0], court.body, case.number, "仍在出具失实报告，损害继续扩大。")
    dates = of_officers(court, case)
    assert dates["复核暂时停止最迟"].at == made.review_due_at
    assert dates["复核暂时停止最迟"].because.startswith("5 个工作日")
    assert dates["暂时停止至"].at == made.until
    exits.review_interim(court.officers[1], court.body, case.number, "予以维持。", keep=True)
    assert "复核暂时停止最迟" not in of_officers(court, case)


def test_ways_back_are_to_be_decided_by_a_date(court: Court) -> None:
    case = let_pass(court.in_force(Measure.SUSPEND), 60)
    exits.ask_to_repair_measure(court.person, court.party, case.number, "已全部整改。")
    dates = of_officers(court, case)
    assert dates["审核信用修复最迟"].because.startswith("10 个工作日")
    assert "期满" in dates


def test_a_day_off_is_named_and_a_calendar_changed_later_explains_nothing_false(
    court: Court, steady_agency: Agency
) -> None:
    case = court.open()
    WorkdayOverride.objects.create(date=first_workday(), works=False, name="临时放假")
    found = of_officers(court, case)["告知最迟"]
    assert (found.at, found.because) == (case.due_at, "5 个工作日")
    other = Court(steady_agency, "other")
    assert "临时放假" in of_officers(other, other.open())["告知最迟"].because


def test_dates_stand_in_their_order(court: Court) -> None:
    case = let_pass(court.in_force(Measure.SUSPEND), 1)
    dates = [date.at for date in dates_for_officers(case)]
    assert dates == sorted(dates)


def test_the_officers_page_says_it_beside_every_date(court: Court, settings: object) -> None:
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    case = court.received()
    officer = Client()
    officer.force_login(court.officers[4])
    page = officer.get(reverse("officer_case", args=[case.number])).content.decode()
    for one in of_officers(court, case).values():
        assert one.label in page
        assert one.because in page
    assert page.count("本步期限") == 1
