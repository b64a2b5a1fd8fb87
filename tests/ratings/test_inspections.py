"""Random inspections (P21.1): planned, drawn in a way anybody can check, reported by one, confirmed by another, public."""

import json
from datetime import timedelta
from typing import Any

from django.http import Http404

import pytest

from accounts.models import Notice, Organisation, User
from agencies.models import Agency
from core.clock import BEIJING, database_now
from core.queries import calendar
from draws import trusteeship
from draws.clockwork import do_due_draws
from draws.models import Trustee
from draws.rules import MayNotContribute, TrusteesMissing
from journal.draw import verify_draw
from journal.queries import entries_of
from journal.stages import REVEAL_FOR, ContributedBefore
from ratings.actions import exits, inspections
from ratings.clockwork.inspections import do_due_plans, plan_newcomers
from ratings.models import ExitCase, Finding, Inspection, Inspector, Measure, Plan, PlanStatus, Step, Trigger
from ratings.queries.inspections import digest_of
from ratings.queries.officers import page_for
from ratings.queries.punctuality import lines
from ratings.rules import inspections as rules
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing, SameEyes
from ratings.rules.exits import Ruling
from tests import cast
from tests.draws.ceremony import let_pass
from tests.ratings.court import let_pass as days_pass
from tests.ratings.inspecting import Inspectorate, inspectors_of, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P21.1")]


@pytest.fixture
def agencies(db: None) -> list[Agency]:
    return [cast.agency(f"随机{n}咨询有限公司") for n in range(6)]


@pytest.fixture
def office(regulator: User, agencies: list[Agency]) -> Inspectorate:
    return Inspectorate.with_inspectors(regulator.memberships.get().organisation, regulator, 4)


def entry(number: str, kind: str) -> dict[str, Any]:
    [found] = [json.loads(bytes(one.body))["data"] for one in entries_of(number) if one.kind == kind]
    return found


def test_agencies_and_inspectors_are_drawn_and_both_draws_can_be_checked(office: Inspectorate) -> None:
    plan = office.drawn(3)
    first, second = (verify_draw(draw.result, seal=draw.seal) for draw in (plan.of_agencies, plan.of_inspectors))
    drawn = [one.agency.uscc for one in plan.inspections.order_by("rank")]
    assert drawn == list(first.order[:3])
    assigned = entry(plan.number, "inspection.assigned")["inspectors"]
    assert assigned == rules.assign(drawn, second.order, [], 2)
    assert {one.agency.uscc: {i.certificate for i in one.inspectors.all()} for one in plan.inspections.all()} == {
        uscc: set(chosen) for uscc, chosen in assigned.items()
    }
    assert plan.status == PlanStatus.DRAWN
    assert all(one.due_at == calendar().add(database_now(), 20) for one in plan.inspections.all())
    assert Notice.objects.filter(subject__contains="随机抽取接受检查").count() == 3


def test_who_has_an_interest_never_inspects_and_it_is_sealed_why(office: Inspectorate, agencies: list[Agency]) -> None:
    tied = office.inspectors[:2]
    for inspector in tied:
        for agency in agencies:
            inspections.declare_interest(office.body, inspector.pk, agency, "曾在该机构任职")
    plan = office.drawn(4)
    for one in plan.inspections.all():
        assert not set(one.inspectors.all()) & set(tied)
    ties = entry(plan.number, "inspection.conflicts")["ties"]
    assert len(ties) == 12
    assert {tie["reason"] for tie in ties} == {"曾在该机构任职"}


def test_where_too_few_may_inspect_an_agency_it_is_left_out_on_record(
    office: Inspectorate, agencies: list[Agency]
) -> None:
    for inspector in office.inspectors[:3]:
        inspections.declare_interest(office.body, inspector.pk, agencies[0], "近亲属任职")
    plan = office.drawn(5)
    assert agencies[0] not in [one.agency for one in plan.inspections.all()]
    excluded = {one["name"]: one["reason"] for one in plan.of_agencies.result["list"]["excluded"]}
    assert excluded == {agencies[0].uscc: "没有足够的无利害关系检查人员"}


def test_exclusions_carry_their_reason_and_who_was_inspected_lately_is_spared(
    office: Inspectorate, agencies: list[Agency]
) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    first, second = inspectors_of(one)
    inspections.report(first, plan.number, one.agency.uscc, sheet())
    one.refresh_from_db()
    inspections.confirm(second, plan.number, one.agency.uscc, digest_of(one))
    other = next(agency for agency in agencies if agency != one.agency)
    again = office.drawn(4, excluded=[{"uscc": other.uscc, "reason": "正在接受税务检查"}])
    excluded = {row["name"]: row["reason"] for row in again.of_agencies.result["list"]["excluded"]}
    assert excluded == {one.agency.uscc: "12个月内已接受抽查", other.uscc: "正在接受税务检查"}


def test_a_silent_regulator_delays_the_seal_and_nothing_else(office: Inspectorate) -> None:
    plan = office.plan()
    office.seal(plan)
    assert plan.status == PlanStatus.COLLECTING
    draw = plan.of_agencies
    draw.refresh_from_db()
    assert draw.closes_at > database_now()
    assert [one.kind for one in entries_of(plan.number)].count("draw.extended") == 2
    office.contribute(plan)
    let_pass(draw.closes_at - database_now())
    do_due_plans()
    plan.refresh_from_db()
    assert plan.status == PlanStatus.SEALED


def test_if_the_regulator_does_not_reveal_trustees_open_it(office: Inspectorate) -> None:
    plan = office.plan(2)
    office.contribute(plan)
    office.seal(plan)
    assert do_due_draws() == 0
    let_pass(REVEAL_FOR)
    for draw in (plan.of_agencies, plan.of_inspectors):
        office.team.open(draw, 0, 1, 2)
    assert do_due_draws() == 2
    do_due_plans()
    assert plan.inspections.count() == 2


def test_agencies_in_the_scope_may_contribute_and_others_not(
    office: Inspectorate, agencies: list[Agency], waterworks: Organisation, waterworks_user: User
) -> None:
    plan = office.plan(1)
    inside = agencies[0]
    office.contribute(plan, inside.organisation, inside.user)  # type: ignore[attr-defined]
    with pytest.raises(MayNotContribute):
        office.contribute(plan, waterworks, waterworks_user)
    with pytest.raises(ContributedBefore):
        office.contribute(plan, inside.organisation, inside.user)  # type: ignore[attr-defined]
    office.contribute(plan)
    office.seal(plan)
    office.reveal(plan)
    office.reveal(plan, inside.organisation)
    assert do_due_draws() == 2


def test_a_plan_needs_an_officer_a_pool_inspectors_trustees_and_reasons(
    office: Inspectorate, waterworks: Organisation, waterworks_user: User, agencies: list[Agency]
) -> None:
    with pytest.raises(rules.PoolTooSmall):
        office.plan(7)
    with pytest.raises(rules.TooFewInspectors):
        office.plan(1, inspectors_wanted=5)
    with pytest.raises(ReasonsMissing):
        office.plan(1, excluded=[{"uscc": agencies[0].uscc, "reason": " "}])
    with pytest.raises(ReasonsMissing):
        office.plan(1, checks=[])
    draft = inspections.PlanDraft("抽查", {}, 1, 2, ["资质"])
    with pytest.raises(NotAnOfficer):
        inspections.plan_inspection(waterworks_user, waterworks, draft)
    for trustee in office.team.users[:3]:
        trusteeship.retire(Trustee.objects.get(user=trustee).pk)
    with pytest.raises(TrusteesMissing):
        office.plan(1)
    assert not Plan.objects.exists()


def test_one_reports_another_confirms_what_was_read_and_then_it_is_public(office: Inspectorate) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    uscc = one.agency.uscc
    first, second = inspectors_of(one)
    stranger = next(i.user for i in office.inspectors if i.user not in (first, second))
    with pytest.raises(rules.NotTheInspector):
        inspections.report(stranger, plan.number, uscc, sheet())
    with pytest.raises(rules.SheetIncomplete):
        inspections.report(first, plan.number, uscc, sheet(ok=False))
    with pytest.raises(rules.NothingReported):
        inspections.confirm(second, plan.number, uscc, digest_of(one))
    inspections.report(first, plan.number, uscc, sheet())
    read = digest_of(Inspection.objects.get(pk=one.pk))
    with pytest.raises(rules.SameInspector):
        inspections.confirm(first, plan.number, uscc, read)
    inspections.report(first, plan.number, uscc, sheet("corrected", "公示不全，当场补齐。", ok=False, note="缺一项"))
    with pytest.raises(rules.NothingReported):
        inspections.confirm(second, plan.number, uscc, read)
    done = inspections.confirm(second, plan.number, uscc, digest_of(Inspection.objects.get(pk=one.pk)))
    assert done.published_at is not None
    assert entry(plan.number, "inspection.published")["finding"] == "corrected"
    plan.refresh_from_db()
    assert plan.status == PlanStatus.DONE
    assert not ExitCase.objects.exists()
    with pytest.raises(rules.ReportedBefore):
        inspections.report(first, plan.number, uscc, sheet())


@pytest.mark.parametrize("finding", [Finding.PROBLEM, Finding.ABSENT])
def test_a_grave_finding_opens_a_case_and_sanctions_nobody(office: Inspectorate, finding: Finding) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    first, second = inspectors_of(one)
    inspections.report(first, plan.number, one.agency.uscc, sheet(finding, "未能提供资质原件。", ok=False, note="无"))
    one.refresh_from_db()
    inspections.confirm(second, plan.number, one.agency.uscc, digest_of(one))
    case = ExitCase.objects.get()
    assert (case.trigger, case.step, case.opened_by) == (Trigger.INSPECTION, Step.OPENED, first)
    assert "未能提供资质原件。" in case.facts[0]["text"]
    one.agency.refresh_from_db()
    assert one.agency.standing == "active"


@pytest.mark.clause("I9")
def test_neither_who_reported_nor_who_confirmed_a_finding_decides_its_case(office: Inspectorate) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    first, second = inspectors_of(one)
    inspections.report(first, plan.number, one.agency.uscc, sheet("problem", "资质已过期。", ok=False, note="过期"))
    one.refresh_from_db()
    inspections.confirm(second, plan.number, one.agency.uscc, digest_of(one))
    case = ExitCase.objects.get()
    exits.serve_notice(office.officer, office.body, case.number, "事实清楚")
    case = days_pass(exits.receive_notice(one.agency.organisation, case.number), 30)
    for finder, role in ((first, "立案人"), (second, "检查结果确认人")):
        with pytest.raises(SameEyes, match=role):
            exits.decide(finder, office.body, case.number, Ruling(Measure.WARN, "理由"))
        [verb] = [one for one in page_for(case, finder).verbs if one.name == "decide"]
        assert role in verb.blocked
    uninvolved = next(one.user for one in office.inspectors if one.user not in (first, second))
    assert exits.decide(uninvolved, office.body, case.number, Ruling(Measure.WARN, "理由")).step == Step.DECIDED


def test_a_grave_finding_waits_for_the_end_of_another_case(office: Inspectorate) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    other = exits.open_by_officer(office.officer, office.body, one.agency, Trigger.SERIOUS, "举报线索", Measure.WARN)
    first, second = inspectors_of(one)
    inspections.report(first, plan.number, one.agency.uscc, sheet("problem", "资质已过期。", ok=False, note="过期"))
    one.refresh_from_db()
    done = inspections.confirm(second, plan.number, one.agency.uscc, digest_of(one))
    assert done.opened is None
    assert do_due_plans() == 0
    exits.dismiss(office.officer, office.body, other.number, "线索不实")
    assert do_due_plans() == 1
    done.refresh_from_db()
    assert done.opened is not None
    assert do_due_plans() == 0


def test_once_a_month_five_per_cent_of_the_newcomers_are_checked(office: Inspectorate, agencies: list[Agency]) -> None:
    now = database_now()
    month = rules.previous_month(now.astimezone(BEIJING).date())
    inside = database_now().astimezone(BEIJING).replace(year=month.year, month=month.month, day=15)
    Agency.objects.filter(pk__in=[one.pk for one in agencies[:3]]).update(registered_at=inside)
    assert plan_newcomers() == 1
    plan = Plan.objects.get()
    assert (plan.month, plan.agencies_wanted, plan.created_by) == (month, 1, None)
    assert plan_newcomers() == 0
    office.contribute(plan)
    let_pass(plan.of_agencies.closes_at - now + timedelta(minutes=1))
    do_due_plans()
    office.reveal(plan)
    assert do_due_draws() == 2
    do_due_plans()
    assert plan.inspections.get().agency in agencies[:3]


def test_a_plan_whose_agencies_have_all_left_ends_by_itself(office: Inspectorate, agencies: list[Agency]) -> None:
    plan = office.plan(1)
    office.contribute(plan)
    Agency.objects.update(withdrawn_at=database_now())
    office.seal(plan)
    office.reveal(plan)
    assert do_due_draws() == 2
    assert do_due_plans() == 1
    plan.refresh_from_db()
    assert (plan.status, plan.inspections.count()) == (PlanStatus.DONE, 0)


def test_whether_results_came_in_time_is_public(office: Inspectorate) -> None:
    plan = office.drawn(2)
    now = database_now()
    one, late = plan.inspections.all()
    first, second = inspectors_of(one)
    inspections.report(first, plan.number, one.agency.uscc, sheet())
    one.refresh_from_db()
    inspections.confirm(second, plan.number, one.agency.uscc, digest_of(one))
    type(late).objects.filter(pk=late.pk).update(due_at=now)
    [line] = [row.line for row in lines(database_now()) if row.line.step == "inspection"]
    assert (line.in_time, line.overdue, line.share) == (1, 1, 50)


def test_a_month_without_newcomers_has_no_plan(office: Inspectorate) -> None:
    assert plan_newcomers(database_now() + timedelta(days=400)) == 0
    assert not Plan.objects.exists()


def test_the_register_has_each_inspector_once(office: Inspectorate, regulator: User, waterworks_user: User) -> None:
    with pytest.raises(rules.CertificateTaken):
        inspections.enter_inspector(office.body, regulator, office.inspectors[0].certificate)
    with pytest.raises(Http404):
        inspections.enter_inspector(office.body, waterworks_user, "甘A-9999")
    inspections.retire_inspector(office.body, office.inspectors[0].pk)
    assert Inspector.objects.filter(retired_at__isnull=True).count() == 3
