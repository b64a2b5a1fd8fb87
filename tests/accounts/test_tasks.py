"""What there is to do: every package says its own, in one order. Those of contracts are in tests/contracts/test_desk.py."""

from datetime import date, datetime, timedelta

import pytest

from accounts import tasks
from accounts.models import Kind, Organisation, User
from accounts.tasks import Task, tasks_of
from agencies.models import Agency, Qualification, QualificationKind, QualificationStatus
from bidding import actions
from bidding.models import Auction
from core.clock import BEIJING, database_now
from marketplace.models import Request
from tests import cast

NOW = datetime(2026, 11, 23, 14, tzinfo=BEIJING)


def asked(organisation: Organisation) -> list[str]:
    return [task.what for task in tasks_of(organisation, database_now())]


def hold(agency: Agency, kind: QualificationKind, until: date, number: str = "甲字 1", **fields: object) -> None:
    Qualification.objects.create(
        agency=agency, kind=kind, number=number, issued_by="自然资源厅", valid_from=date(2020, 1, 1), valid_until=until,
        **fields,
    )  # fmt: skip


def renewals(agency: Agency) -> list[Task]:
    return [task for task in tasks_of(agency.organisation, NOW) if task.what.startswith("更新资质")]


def test_what_is_overdue_leads_then_the_nearest_date_and_undated_comes_last(
    monkeypatch: pytest.MonkeyPatch, waterworks: Organisation
) -> None:
    def first(_organisation: Organisation, now: datetime) -> list[Task]:
        return [Task("无期限", "", "/a/"), Task("三天后", "", "/b/", now + timedelta(days=3))]

    def second(_organisation: Organisation, now: datetime) -> list[Task]:
        return [Task("明天", "", "/c/", now + timedelta(days=1)), Task("昨天", "", "/d/", now - timedelta(days=1))]

    monkeypatch.setattr(tasks, "_sources", [first, second])
    found = tasks_of(waterworks, NOW)
    assert [task.what for task in found] == ["昨天", "明天", "三天后", "无期限"]
    assert [task.overdue(NOW) for task in found] == [True, False, False, False]


def test_an_agency_gets_ready_until_the_auction_begins_and_then_bids(
    published_request: Request, swift_agency: Agency, steady_agency: Agency, third_agency: Agency
) -> None:
    assert asked(swift_agency.organisation) == []
    for agency in (swift_agency, steady_agency, third_agency):
        actions.enrol(None, agency, published_request.number or "")
    [ready] = tasks_of(swift_agency.organisation, database_now())
    assert (ready.what, ready.due_at) == ("已报名，准备竞价", published_request.selects_at)
    auction = cast.go_live(published_request)
    [bid] = tasks_of(swift_agency.organisation, database_now())
    assert (bid.what, bid.href, bid.due_at) == ("参加竞价", f"/r/{published_request.number}/room/", auction.closes_at)
    cast.set_close(auction, -1)
    actions.advance(published_request.number or "")
    assert asked(swift_agency.organisation) == []


def test_nobody_is_late_for_an_auction_that_has_not_begun(published_request: Request, swift_agency: Agency) -> None:
    actions.enrol(None, swift_agency, published_request.number or "")
    Request.objects.filter(pk=published_request.pk).update(selects_at=database_now())
    [ready] = tasks_of(swift_agency.organisation, database_now())
    assert not ready.overdue(database_now())


def test_who_withdrew_has_nothing_to_get_ready_for(published_request: Request, swift_agency: Agency) -> None:
    actions.enrol(None, swift_agency, published_request.number or "")
    actions.leave(swift_agency, published_request.number or "")
    assert asked(swift_agency.organisation) == []


def test_an_objection_waits_for_the_buyer_and_a_complaint_for_the_regulator(
    auction: Auction, bid: object, swift_agency: Agency, steady_agency: Agency, waterworks_user: User, regulator: User
) -> None:
    buyer, body = auction.request.buyer, regulator.memberships.get().organisation
    bid(auction, swift_agency, "99000")  # type: ignore[operator]
    bid(auction, steady_agency, "92000")  # type: ignore[operator]
    cast.set_close(auction, -1)
    actions.advance(auction.request.number or "")
    user = swift_agency.organisation.memberships.get().user
    filed = actions.file_objection(user, swift_agency.organisation, auction.request.number or "", "中选价低于成本。")
    assert (asked(buyer), asked(body)) == (["答复异议"], [])
    actions.answer_objection(waterworks_user, buyer, filed.pk, "已核实，报价合理。")
    actions.complain(swift_agency.organisation, filed.pk, "答复未回应理由。")
    assert (asked(buyer), asked(body)) == ([], ["处理投诉"])
    actions.decide_complaint(regulator, body, filed.pk, "理由不成立。", upheld=False)
    assert asked(body) == []


@pytest.mark.parametrize(("days", "told"), [(61, False), (60, True), (0, True), (-1, True)])
def test_a_certificate_asks_to_be_renewed_in_its_last_60_days(
    swift_agency: Agency, survey_kind: QualificationKind, days: int, told: bool
) -> None:
    hold(swift_agency, survey_kind, NOW.date() + timedelta(days=days))
    assert bool(renewals(swift_agency)) is told


def test_its_last_day_still_counts(swift_agency: Agency, survey_kind: QualificationKind) -> None:
    hold(swift_agency, survey_kind, NOW.date())
    [task] = renewals(swift_agency)
    assert task.what == "更新资质：测绘资质证书"
    assert task.due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=BEIJING)
    assert not task.overdue(NOW)


@pytest.mark.parametrize(
    ("status", "told"), [(QualificationStatus.CLAIMED, False), (QualificationStatus.REJECTED, True)]
)
def test_one_that_was_renewed_asks_no_more_unless_the_new_one_was_rejected(
    swift_agency: Agency, survey_kind: QualificationKind, status: QualificationStatus, told: bool
) -> None:
    hold(swift_agency, survey_kind, NOW.date() - timedelta(days=1))
    hold(swift_agency, survey_kind, NOW.date() + timedelta(days=900), "甲字 2", status=status)
    assert bool(renewals(swift_agency)) is told


@pytest.mark.parametrize("kind", list(Kind))
def test_whoever_has_just_come_has_nothing_to_do(db: None, kind: Kind) -> None:
    assert asked(cast.organisation(kind, "新来的单位")) == []
