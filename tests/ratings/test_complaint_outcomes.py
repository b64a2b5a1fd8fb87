"""What complaints are about and what they cost: departments, requests, buyers, acts, cases, and who is late with them."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from accounts.tasks import tasks_of
from contracts.models import ContractStatus, Delivery, DeliveryStatus, Milestone, ReturnReason
from core.clock import database_now
from journal.queries import entries_of
from marketplace.models import ItemStatus, Request, ServiceItem
from ratings.actions import complaints
from ratings.actions.complaints import Finding, Target
from ratings.clockwork.complaints import do_due_complaints
from ratings.clockwork.exits import open_due_cases
from ratings.models import Act, ComplaintKind, ComplaintStatus, ExitCase, Measure, Trigger
from ratings.queries import complaints as queries
from ratings.queries.punctuality import lines
from ratings.rules import complaints as rules
from tests import cast
from tests.ratings.acting import finished, repair
from tests.ratings.complaining import Desk, kinds, let_pass
from tests.ratings.court import chain_holds

pytestmark = pytest.mark.django_db


@pytest.mark.clause("P20.5")
def test_a_department_that_steers_is_complained_about_in_the_platforms_file(
    desk: Desk, river_bureau: Organisation
) -> None:
    complaint = desk.put(Target(ComplaintKind.STEERING, organisation=river_bureau))
    assert kinds("P") == ["complaint.filed", "complaint.accepted"]
    assert river_bureau.name not in str([entry.data for entry in entries_of("P")])
    let_pass(complaint, 20)
    complaints.decide_complaint(
        desk.first, desk.body, complaint.number, Finding(True, "口头指定属实。", "变相指定机构。")
    )
    [upheld] = [entry for entry in entries_of("P") if entry.kind == "complaint.upheld"]
    assert upheld.data["subject"] == {"name": river_bureau.name, "uscc": river_bureau.uscc}
    assert not Act.objects.exists()
    assert [one.number for one in queries.upheld_of_buyer(river_bureau)] == [complaint.number]


@pytest.mark.clause("P18.2")
def test_a_department_off_the_platform_is_heard_by_the_officer(desk: Desk) -> None:
    item = cast.service_item("TST-09", cancelled_by_zh="甘办字〔2018〕78号")
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED)
    complaint = desk.put(Target(ComplaintKind.DEMAND, item=item, department="某县住建局"))
    complaint = complaints.record_statement(desk.first, desk.body, complaint.number, "承认曾经索要，已纠正。")
    finding = Finding(True, "窗口仍在索要。", "仍索要已取消事项。")
    complaints.decide_complaint(desk.first, desk.body, complaint.number, finding)
    assert [one.department for one in queries.upheld_of_item(item.code)] == ["某县住建局"]


def test_a_complaint_on_a_request_stands_in_the_requests_file(desk: Desk, published_request: Request) -> None:
    desk.filed(Target(ComplaintKind.REQUEST, request=published_request))
    assert kinds(published_request.number or "") == ["complaint.filed"]
    chain_holds(published_request.number or "")


def test_an_upheld_complaint_about_a_rejected_delivery_counts_against_the_buyer(
    desk: Desk, waterworks: Organisation, waterworks_user: User, item: ServiceItem
) -> None:
    contract = finished(waterworks, waterworks_user, item, desk.agency)
    type(contract).objects.filter(pk=contract.pk).update(status=ContractStatus.SIGNED, completed_at=None)
    now = database_now()
    milestone = Milestone.objects.create(
        contract=contract, n=1, name="报告", amount=contract.price, due_at=now, due_wd=10
    )
    rejected = Delivery.objects.create(
        milestone=milestone,
        version=1,
        status=DeliveryStatus.RETURNED,
        delivered_at=now,
        decided_at=now,
        return_reason=ReturnReason.QUALITY,
        opinion="不合格",
    )
    assert list(queries.rejected_deliveries(desk.party, waterworks)) == [rejected]
    assert list(queries.rejected_deliveries(waterworks, waterworks)) == []
    since = now - timedelta(days=30)
    target = Target(ComplaintKind.BUYER, organisation=waterworks, delivery=rejected)
    complaint = complaints.file_complaint(desk.person, target, "无理退回。")
    complaints.accept(desk.first, desk.body, complaint.number)
    put = complaints.put_to_subject(desk.first, desk.body, complaint.number, "请说明退回的理由。")
    assert not queries.rejections_upheld_against(waterworks, since)
    let_pass(put, 10)
    complaints.decide_complaint(desk.first, desk.body, complaint.number, Finding(True, "退回无据。", "无理退回成果。"))
    assert [one.pk for one in queries.rejections_upheld_against(waterworks, since)] == [complaint.pk]


@pytest.mark.clause("I9")
def test_an_officer_who_accepted_in_a_silent_buyers_stead_does_not_judge_the_complaint_about_it() -> None:
    sides = rules.Sides(filed_by=1, decided_before=7)
    assert rules.conflict(7, [], sides)
    assert rules.conflict(8, [], sides) is None


def test_a_late_complaint_stays_open_and_everybody_sees_who_is_late(desk: Desk) -> None:
    complaint = desk.filed()
    assert do_due_complaints() == 0
    let_pass(complaint, 10)
    assert (do_due_complaints(), do_due_complaints()) == (1, 0)
    complaint.refresh_from_db()
    assert complaint.status == ComplaintStatus.FILED
    assert kinds(f"A-{desk.agency.uscc}") == ["complaint.filed", "complaint.overdue"]
    now = database_now()
    accepting = next(row.line for row in lines(now) if row.line.step == "accept")
    assert (accepting.overdue, accepting.in_time) == (1, 0)
    [task] = tasks_of(desk.body, now)
    assert (task.overdue(now), complaint.number in task.subject) == (True, True)
    complaints.accept(desk.first, desk.body, complaint.number)
    accepting, outcome = (row.line for row in lines(now) if row.line.step in ("accept", "outcome"))
    assert (accepting.late, accepting.overdue, outcome.open) == (1, 0, 1)


def test_the_subject_finds_its_statement_among_its_tasks(desk: Desk) -> None:
    now = database_now()
    desk.accepted()
    assert list(tasks_of(desk.party, now)) == []
    complaint = desk.put()
    assert [task.href for task in tasks_of(desk.party, now)] == [f"/desk/complaints/about-us/{complaint.number}/"]


def test_what_was_struck_or_repaired_is_shown_no_more(desk: Desk) -> None:
    complaint = desk.upheld()
    assert [one.number for one in queries.upheld_of_agency(desk.agency)] == [complaint.number]
    repair(Act.objects.get())
    assert list(queries.upheld_of_agency(desk.agency)) == []


@pytest.mark.clause("P22.3")
def test_what_an_upheld_complaint_says_leaves_the_agencys_file_with_the_act_it_cost(desk: Desk, client: Client) -> None:
    complaint = desk.upheld()
    uscc = desk.agency.uscc

    def everything() -> str:
        file = b"".join(client.get(reverse("agency_record", args=[uscc])))
        pages = [
            client.get(path).content for path in (f"/a/{uscc}/", f"/a/{uscc}/openings.json", f"/a/{uscc}/credit.json")
        ]
        return b"".join([file, *pages]).decode()

    assert complaint.reasons in everything()
    repair(Act.objects.get())
    assert complaint.summary not in everything()
    assert complaint.reasons not in everything()


def test_an_upheld_complaint_is_shown_for_the_months_of_its_act(desk: Desk) -> None:
    complaint = desk.upheld()
    let_pass(complaint, 360)
    assert queries.upheld_of_agency(desk.agency).exists()
    let_pass(complaint, 10)
    assert not queries.upheld_of_agency(desk.agency).exists()


def test_two_upheld_complaints_in_180_days_open_a_case_whatever_acts_they_named(desk: Desk) -> None:
    desk.upheld()
    assert open_due_cases() == 0
    complaint = desk.heard()
    mild = Finding(True, "未按期答复。", "两次未答复采购人。", "outdated_information")
    complaints.decide_complaint(desk.first, desk.body, complaint.number, mild)
    assert open_due_cases() == 1
    case = ExitCase.objects.get()
    assert (case.trigger, case.proposed) == (Trigger.COMPLAINTS, Measure.WARN)
