"""Unnamed plans of a 综合比选 (R3): sent, replaced, looked into, closed, opened by whom."""

from django.db import DatabaseError, connection, transaction

import pytest

from agencies.models import Grade
from bidding.actions import leave, submit_plan, withdraw_plan
from bidding.models import PriceOpening
from bidding.queries import case_entries, result_of
from bidding.rules.enrolment import NotEnrolled
from bidding.rules.plans import NoPlan, PlanKind, PlanNames, PlansClosed, PlanUnreadable, TakesNoPlans
from core.clock import database_now
from core.files import FileNotReadable
from marketplace.models import RequestStatus
from tests.bidding import lots, sealing, valuing
from tests.bidding.valuing import ByMerit, docx

pytestmark = pytest.mark.clause("R3")


@pytest.fixture
def three(item) -> ByMerit:
    """Three entrants with plan and price, five experts in the pool."""
    valuing.pool(5)
    agencies = lots.agencies(3)
    for agency, k in zip(agencies, ("90.0", "80.0", "70.0"), strict=True):
        lots.scored(agency, k, Grade.B)
    play = valuing.by_merit(item, agencies)
    play.price("80000.00", "70000.00", "60000.00")
    play.plan()
    return play


def test_a_plan_is_on_record_by_label_hash_and_size_alone(three):
    agency = three.agencies[0]
    plan = three.plan_of(agency)
    entry = next(e for e in case_entries(three.number) if e.kind == "plan.submitted")
    assert entry.data == {"label": three.label(agency), "sha256": plan.file.sha256, "size": plan.file.size}
    assert not hasattr(plan, "name")


def test_a_plan_is_replaced_and_withdrawn_until_the_deadline(three):
    agency = three.agencies[0]
    before = three.plan_of(agency)
    submit_plan(None, agency, three.number, docx("第二稿"))
    assert three.plan_of(agency).pk != before.pk
    withdraw_plan(agency, three.number)
    assert three.plan_of(agency) is None
    with pytest.raises(NoPlan):
        withdraw_plan(agency, three.number)


def test_who_leaves_takes_the_plan_along(three):
    leave(three.agencies[0], three.number)
    assert three.plan_of(three.agencies[0]) is None
    assert three.kinds()[-3:] == ["offer.withdrawn", "plan.withdrawn", "request.left"]


def test_after_the_deadline_no_plan_is_taken_by_the_databases_clock(three):
    sealing.pass_deadline(three.request)
    for act in (
        lambda: submit_plan(None, three.agencies[0], three.number, docx("晚了")),
        lambda: withdraw_plan(three.agencies[0], three.number),
    ):
        with pytest.raises(PlansClosed):
            act()


def test_only_entrants_of_a_merit_selection_send_plans(three, third_agency, item):
    with pytest.raises(NotEnrolled):
        submit_plan(None, third_agency, three.number, docx("方案"))
    other = valuing.averaged(item, lots.agencies(1))
    with pytest.raises(TakesNoPlans):
        submit_plan(None, other.agencies[0], other.number, docx("方案"))


@pytest.mark.parametrize("where", ["text", "split", "author", "code", "people", "stem"])
def test_a_plan_that_names_its_agency_is_refused_with_the_words(three, where):
    agency = three.agencies[0]
    body = agency.organisation
    body.contact_name = "欧阳建国"
    body.save()
    upload = {
        "text": docx(f"本方案由{body.name}编制"),
        "split": docx(f"{body.name}"),
        "author": docx("方案", author=body.name),
        "code": docx(f"信用代码 {body.uscc.lower()[:9]} {body.uscc.lower()[9:]}"),
        "people": docx("项目负责人：欧阳建国"),
        "stem": docx(f"{body.name.removesuffix('有限公司')}提供"),
    }[where]
    with pytest.raises(PlanNames) as refused:
        submit_plan(None, agency, three.number, upload)
    assert refused.value.facts["words"]


def test_the_name_of_another_agency_is_no_business_of_this_check(three):
    submit_plan(None, three.agencies[0], three.number, docx(f"参照{three.agencies[1].organisation.name}的做法"))


def test_what_cannot_be_searched_is_no_plan(three):
    agency = three.agencies[0]
    png = valuing.SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    locked = valuing.SimpleUploadedFile("a.pdf", b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>")
    for upload, refusal in (
        (png, PlanKind),
        (locked, PlanUnreadable),
        (valuing.SimpleUploadedFile("a.pdf", b"x"), FileNotReadable),
    ):
        with pytest.raises(refusal):
            submit_plan(None, agency, three.number, upload)


def test_only_plans_with_a_price_are_marked(item):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(3))
    play.price("80000.00", "70000.00")
    play.plan(play.agencies[0], play.agencies[2])
    play.seat_experts()
    assert [one["label"] for one in play.entry("plans.closed").data["plans"]] == [play.label(play.agencies[0])]


@pytest.mark.parametrize("gives", ["prices", "plans", "nothing"])
def test_without_an_entrant_who_gave_both_it_fails(item, gives):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(2))
    if gives == "prices":
        play.price("80000.00", "70000.00")
    elif gives == "plans":
        play.plan()
    play.contribute()
    play.end_enrolment()
    assert play.status() == RequestStatus.FAILED
    assert play.entry("selection.failed").data["reason"] == ("no_plans" if gives == "prices" else "no_bids")
    assert result_of(play.request)["explanation"]
    assert sealing.everything_for(bytes.fromhex(PriceOpening.objects.get().trustees["keys"][0])) == []


def test_a_plan_in_force_is_one_and_stays_after_the_deadline(three):
    three.contribute()
    three.end_enrolment()
    plan = three.plan_of(three.agencies[0])
    with pytest.raises(DatabaseError, match="plan_stands"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bidding_plan SET ended_at = now() WHERE id = %s", [plan.pk])
    with pytest.raises(DatabaseError, match="plan_before_the_deadline"), transaction.atomic():
        valuing.Plan.objects.create(request=three.request, enrolment=plan.enrolment, file=plan.file, at=database_now())
