"""Complaints from filing to outcome: each step with its refusals, conflicts of interest, deadlines, and what they cost."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Kind, Membership, Organisation, User
from accounts.tasks import tasks_of
from agencies.models import Agency
from contracts.models import ContractStatus, Delivery, DeliveryStatus, Milestone, ReturnReason
from core.clock import database_now
from core.files import FileNotReadable
from core.queries import calendar
from journal.queries import entries_of
from marketplace.models import ItemStatus, Request, ServiceItem
from ratings.actions import complaints
from ratings.actions.complaints import Finding, Target
from ratings.clockwork.complaints import do_due_complaints
from ratings.clockwork.exits import open_due_cases
from ratings.models import Act, Complaint, ComplaintKind, ComplaintStatus, ExitCase, Measure, Trigger
from ratings.queries import complaints as queries
from ratings.queries.punctuality import lines
from ratings.rules import complaints as rules
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from tests import cast
from tests.ratings.acting import finished, repair
from tests.ratings.court import chain_holds

pytestmark = pytest.mark.django_db

UPHELD = Finding(True, "经查，报告由他人代做。", "未经委托人同意转包。", "subcontracted")
DISMISSED = Finding(False, "经查，按约定交付。")


class Desk:
    """A regulator with two officers, a citizen without an organisation, and an agency with somebody who acts for it."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        self.party: Organisation = agency.organisation
        self.person: User = agency.organisation.memberships.select_related("user").get().user
        self.body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
        self.first, self.second = (cast.person(f"officer{n}@desk.example", self.body) for n in (1, 2))
        self.citizen = cast.person("whistle@citizen.example", name="马举报")

    def filed(self, target: Target | None = None, by: User | None = None) -> Complaint:
        target = target or Target(ComplaintKind.AGENCY, agency=self.agency)
        return complaints.file_complaint(by or self.citizen, target, "报告由别的公司代做。", [evidence()])

    def accepted(self, target: Target | None = None) -> Complaint:
        return complaints.accept(self.first, self.body, self.filed(target).number)

    def put(self, target: Target | None = None) -> Complaint:
        number = self.accepted(target).number
        return complaints.put_to_subject(self.first, self.body, number, "有人反映报告由他人代做，请说明。")

    def heard(self) -> Complaint:
        return complaints.state(self.person, self.party, self.put().number, "报告由本单位人员完成。")

    def upheld(self) -> Complaint:
        return complaints.decide_complaint(self.first, self.body, self.heard().number, UPHELD)


def evidence(name: str = "马举报的照片.pdf", content: bytes = b"%PDF-1.7 photo") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def let_pass(complaint: Complaint, days: int) -> None:
    dates = [f.name for f in Complaint._meta.concrete_fields if isinstance(f, models.DateTimeField)]
    Complaint.objects.filter(pk=complaint.pk).update(**{name: models.F(name) - timedelta(days=days) for name in dates})
    complaint.refresh_from_db()


def kinds(name: str) -> list[str]:
    return [entry.kind for entry in entries_of(name).order_by("seq") if entry.kind.startswith("complaint.")]


@pytest.fixture
def desk(swift_agency: Agency) -> Desk:
    return Desk(swift_agency)


@pytest.mark.clause("P10.1")
def test_a_citizen_without_an_organisation_complains_and_an_officer_accepts_in_three_working_days(desk: Desk) -> None:
    complaint = desk.filed()
    assert complaint.status == ComplaintStatus.FILED
    assert complaint.due_at == calendar().add(complaint.filed_at, 3)
    complaint = complaints.accept(desk.first, desk.body, complaint.number)
    assert complaint.accepted_at
    assert (complaint.status, complaint.handler) == (ComplaintStatus.INVESTIGATING, desk.first)
    assert complaint.due_at == calendar().add(complaint.accepted_at, 20)


def test_it_wants_words_and_at_most_ten_files_that_can_be_read(desk: Desk) -> None:
    target = Target(ComplaintKind.AGENCY, agency=desk.agency)
    with pytest.raises(rules.ComplaintEmpty):
        complaints.file_complaint(desk.citizen, target, " \n ")
    with pytest.raises(rules.TooMuchEvidence):
        complaints.file_complaint(
            desk.citizen, target, "事实", [evidence(content=b"%PDF-" + bytes([n])) for n in range(11)]
        )
    with pytest.raises(FileNotReadable):
        complaints.file_complaint(desk.citizen, target, "事实", [evidence("a.pdf", b"MZ no document")])
    assert not Complaint.objects.exists()
    twice = complaints.file_complaint(desk.citizen, target, "事实", [evidence(), evidence("same.pdf")])
    assert twice.files.count() == 1


def test_the_database_refuses_a_complaint_with_two_subjects_or_none(desk: Desk, published_request: Request) -> None:
    for target in (
        Target(ComplaintKind.AGENCY, agency=desk.agency, request=published_request),
        Target(ComplaintKind.STEERING),
        Target(ComplaintKind.DEMAND, department="某局"),
    ):
        with pytest.raises(IntegrityError, match="complaint_has_one_subject"):
            complaints.file_complaint(desk.citizen, target, "事实")


def test_upheld_after_hearing_the_subject_it_enters_the_ledger_of_conduct(desk: Desk) -> None:
    complaint = desk.upheld()
    act = Act.objects.get(agency=desk.agency)
    assert (complaint.status, act.code, act.source) == (
        ComplaintStatus.UPHELD,
        "subcontracted",
        f"complaint:{complaint.number}",
    )
    assert (act.points, act.counts_from, complaint.public_until) == (15, complaint.decided_at, act.expires_at)
    name = f"A-{desk.agency.uscc}"
    assert kinds(name) == ["complaint.filed", "complaint.accepted", "complaint.upheld"]
    chain_holds(name)
    with pytest.raises(rules.ComplaintStep):
        complaints.decide_complaint(desk.first, desk.body, complaint.number, UPHELD)


def test_nothing_is_upheld_before_the_subject_could_answer(desk: Desk) -> None:
    complaint = desk.accepted()

    def decide() -> Complaint:
        return complaints.decide_complaint(desk.first, desk.body, complaint.number, UPHELD)

    with pytest.raises(rules.NotHeard):
        decide()
    complaint = complaints.put_to_subject(desk.first, desk.body, complaint.number, "请说明是否转包。")
    with pytest.raises(rules.NotHeard):
        decide()
    let_pass(complaint, 20)
    with pytest.raises(rules.StatementOver):
        complaints.state(desk.person, desk.party, complaint.number, "晚了")
    assert decide().status == ComplaintStatus.UPHELD


def test_the_database_too_wants_the_subject_heard(desk: Desk) -> None:
    complaint = desk.accepted()
    with pytest.raises(IntegrityError, match="subject_is_heard_before_upheld"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(
            status=ComplaintStatus.UPHELD,
            due_at=None,
            decided_at=database_now(),
            decided_by=desk.first,
            reasons="x",
            summary="x",
        )


def test_a_dismissed_one_costs_nothing_and_its_entries_never_name_the_reproach(desk: Desk) -> None:
    complaint = complaints.decide_complaint(desk.first, desk.body, desk.accepted().number, DISMISSED)
    assert complaint.status == ComplaintStatus.DISMISSED
    assert not Act.objects.exists()
    said = [str(entry.data) for entry in entries_of(f"A-{desk.agency.uscc}") if entry.kind.startswith("complaint.")]
    assert len(said) == 3
    assert not any(words in text for text in said for words in ("代做", "按约定"))
    assert desk.party.notices.count() == 0, "it was never told of it"


def test_not_accepted_says_why_once(desk: Desk) -> None:
    number = desk.filed().number
    with pytest.raises(ReasonsMissing):
        complaints.refuse_acceptance(desk.first, desk.body, number, " ")
    complaint = complaints.refuse_acceptance(desk.first, desk.body, number, "与中介服务无关。")
    assert (complaint.status, complaint.reasons) == (ComplaintStatus.NOT_ACCEPTED, "与中介服务无关。")
    with pytest.raises(rules.ComplaintStep):
        complaints.accept(desk.first, desk.body, number)


def test_upholding_wants_reasons_a_summary_and_a_known_act(desk: Desk) -> None:
    number = desk.heard().number
    wrong = [
        (Finding(True, "", "摘要"), ReasonsMissing),
        (Finding(True, "理由", " "), rules.SummaryMissing),
        (Finding(True, "理由", "摘要", "bad_taste"), rules.ActUnknown),
    ]
    for finding, refusal in wrong:
        with pytest.raises(refusal):
            complaints.decide_complaint(desk.first, desk.body, number, finding)
    assert not Act.objects.exists()


def test_more_time_is_taken_once_and_before_the_date(desk: Desk) -> None:
    complaint = desk.accepted()
    before = complaint.due_at
    assert before is not None
    complaint = complaints.extend(desk.first, desk.body, complaint.number)
    assert complaint.due_at == complaint.decide_due_at == calendar().add(before, 10)
    with pytest.raises(rules.ExtendedAlready):
        complaints.extend(desk.first, desk.body, complaint.number)
    late = desk.accepted()
    let_pass(late, 60)
    with pytest.raises(rules.ExtendedAlready):
        complaints.extend(desk.first, desk.body, late.number)


VERBS: dict[str, Callable[[User, Organisation, str], object]] = {
    "take": complaints.take,
    "accept": complaints.accept,
    "refuse": lambda user, by, number: complaints.refuse_acceptance(user, by, number, "理由"),
    "decide": lambda user, by, number: complaints.decide_complaint(user, by, number, DISMISSED),
    "extend": complaints.extend,
    "put": lambda user, by, number: complaints.put_to_subject(user, by, number, "请说明"),
    "look": lambda user, by, number: complaints.look_at_secret(user, by, number, "complainer"),
}


@pytest.mark.clause("I9")
@pytest.mark.parametrize("verb", VERBS)
def test_officers_who_filed_belong_to_a_side_or_spoke_for_one_may_do_nothing(desk: Desk, verb: str) -> None:
    by_officer = desk.filed(by=desk.first)
    of_member = desk.filed()
    Membership.objects.create(user=desk.second, organisation=desk.party)
    with pytest.raises(rules.ConflictOfInterest, match="是投诉人"):
        VERBS[verb](desk.first, desk.body, by_officer.number)
    with pytest.raises(rules.ConflictOfInterest, match="利害关系"):
        VERBS[verb](desk.second, desk.body, of_member.number)
    with pytest.raises(NotAnOfficer):
        VERBS[verb](desk.person, desk.party, of_member.number)
    with pytest.raises(Http404):
        VERBS[verb](desk.first, desk.body, "T-2026-999999")


@pytest.mark.clause("I9")
def test_who_answered_for_the_subject_never_decides_even_after_changing_sides(desk: Desk) -> None:
    complaint = desk.heard()
    Membership.objects.filter(user=desk.person).delete()
    Membership.objects.create(user=desk.person, organisation=desk.body)
    with pytest.raises(rules.ConflictOfInterest):
        complaints.decide_complaint(desk.person, desk.body, complaint.number, DISMISSED)
    with pytest.raises(IntegrityError, match="who_answered_does_not_decide"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(
            status=ComplaintStatus.DISMISSED,
            due_at=None,
            reasons="x",
            decided_by=desk.person,
            decided_at=database_now(),
        )


def test_only_the_subject_answers_once_and_only_what_was_put_to_it(desk: Desk, waterworks: Organisation) -> None:
    number = desk.accepted().number
    with pytest.raises(Http404):
        complaints.state(desk.person, desk.party, number, "没有问过我们")
    complaints.put_to_subject(desk.first, desk.body, number, "请说明。")
    with pytest.raises(Http404):
        complaints.state(desk.person, waterworks, number, "不是我们")
    with pytest.raises(ReasonsMissing):
        complaints.state(desk.person, desk.party, number, " ")
    complaints.state(desk.person, desk.party, number, "没有转包。")
    with pytest.raises(rules.StatementOver):
        complaints.state(desk.person, desk.party, number, "再说一次")


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
