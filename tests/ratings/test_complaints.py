"""Complaints from filing to outcome: each step with its refusals, conflicts of interest, deadlines, and what they cost."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import Http404

import pytest

from accounts.models import Membership, Organisation, User
from core.clock import database_now
from core.files import FileNotReadable
from core.queries import calendar
from journal.queries import entries_of
from marketplace.models import Request
from ratings.actions import complaints
from ratings.actions.complaints import Finding, Target
from ratings.models import Act, Complaint, ComplaintKind, ComplaintStatus
from ratings.rules import complaints as rules
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from tests.ratings.complaining import DISMISSED, UPHELD, Desk, evidence, kinds, let_pass
from tests.ratings.court import chain_holds

pytestmark = pytest.mark.django_db


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
