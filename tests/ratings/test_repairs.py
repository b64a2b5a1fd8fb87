"""The ways back leave papers and no traces: decisions on repair as page and PDF, re-entry that nobody answers, corrections."""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

import pytest

from agencies.models import Agency, Standing
from ratings.actions import exits
from ratings.models import (
    Act,
    AppealOutcome,
    Document,
    DocumentKind,
    ExitCase,
    Look,
    Measure,
    Reentry,
    Repair,
    RepairStatus,
)
from ratings.pdf import data_of
from ratings.rules import exit_refusals as refusals
from ratings.rules.exits import Ruling
from tests.ratings.acting import note
from tests.ratings.court import Court, let_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(swift_agency: Agency) -> Act:
    made = note(swift_agency, "subcontracted", "case:1")
    assert made is not None
    return made


def earlier(act: Act, days: int) -> None:
    """The ledger forbids it; only the owner of the tables can switch that off, for a test."""
    past = timedelta(days=days)
    dates = {name: F(name) - past for name in ("happened_at", "noted_at", "counts_from", "expires_at")}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ratings_act DISABLE TRIGGER USER")
        Act.objects.filter(pk=act.pk).update(**dates)
        cursor.execute("ALTER TABLE ratings_act ENABLE TRIGGER USER")


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return (answer.content if not answer.streaming else b"".join(answer)).decode()


def test_an_act_is_repaired_after_its_minimum_period_with_a_decision_on_paper(court: Court, act: Act) -> None:
    earlier(act, 60)
    with pytest.raises(refusals.RepairNotYet):
        exits.ask_to_repair_act(court.person, court.party, act.pk, "已整改")
    earlier(act, 40)
    asked = exits.ask_to_repair_act(court.person, court.party, act.pk, "已终止转包并自行完成。")
    with pytest.raises(refusals.RepairNotYet):
        exits.ask_to_repair_act(court.person, court.party, act.pk, "再次")
    exits.decide_repair(court.officers[1], court.body, asked.pk, "整改属实。", granted=True)
    paper = Document.objects.get()
    assert (paper.kind, paper.repair_id, paper.case, paper.public_at) == (DocumentKind.REPAIR, asked.pk, None, None)
    for said in (act.evidence, "已终止转包并自行完成。", "整改属实。", "同意信用修复"):
        assert said in paper.text
    court.agency.refresh_from_db()
    assert court.agency.credit_points.latest("pk").conduct == 100  # type: ignore[attr-defined]


def test_a_refused_repair_says_why_and_may_be_asked_for_again(court: Court, act: Act) -> None:
    earlier(act, 100)
    asked = exits.ask_to_repair_act(court.person, court.party, act.pk, "已整改")
    exits.decide_repair(court.officers[1], court.body, asked.pk, "未提供佐证。", granted=False)
    assert "暂不同意信用修复" in Document.objects.get().text
    exits.ask_to_repair_act(court.person, court.party, act.pk, "补充佐证")


def test_the_decision_on_a_repair_is_a_page_and_a_pdf_for_its_party_and_officers_alone(
    client: Client, court: Court, act: Act, steady_agency: Agency
) -> None:
    earlier(act, 100)
    asked = exits.ask_to_repair_act(court.person, court.party, act.pk, "已整改")
    exits.decide_repair(court.officers[1], court.body, asked.pk, "整改属实。", granted=True)
    page, pdf = reverse("desk_repair", args=[asked.pk]), reverse("desk_repair_pdf", args=[asked.pk])
    client.force_login(court.person)
    assert "整改属实。" in text(client, page)
    assert client.get(pdf).status_code == 200
    data = data_of(Document.objects.get(), english=False)
    assert data["verify_url"].endswith(page)
    client.force_login(steady_agency.organisation.memberships.get().user)
    text(client, page, 404)
    text(client, pdf, 404)
    client.force_login(court.officers[2])
    assert "整改属实。" in text(client, reverse("officer_repair", args=[asked.pk]))
    assert client.get(reverse("officer_repair_pdf", args=[asked.pk])).status_code == 200
    assert Look.objects.filter(by=court.officers[2]).exists()


def test_a_measures_repair_has_its_document_in_the_case(client: Client, court: Court) -> None:
    case = let_pass(court.in_force(Measure.SUSPEND), 50)
    asked = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    exits.decide_repair(court.officers[3], court.body, asked.pk, "整改属实。", granted=True)
    paper = case.documents.get(kind=DocumentKind.REPAIR)
    assert "暂停 3 个月" in paper.text
    client.force_login(court.person)
    assert reverse("desk_document_pdf", args=[case.number, paper.pk]) in text(
        client, reverse("desk_repair", args=[asked.pk])
    )
    text(client, f"/exits/{case.number}/", 410)


def test_the_database_wants_a_document_to_belong_to_one_thing(court: Court) -> None:
    court.noticed()
    paper = Document.objects.get()
    fields = {
        "kind": paper.kind,
        "number": "Z-1",
        "body": {},
        "body_en": {},
        "text": "x",
        "sha256": "0",
        "at": paper.at,
    }
    with pytest.raises(IntegrityError, match="document_of_a_case_or_of_an_acts_repair"), transaction.atomic():
        Document.objects.create(**fields)


def removed_and_asking(court: Court) -> ExitCase:
    case = let_pass(court.in_force(Measure.REMOVE), 760)
    exits.ask_for_reentry(court.person, court.party, case.number, "已整改", signed=True)
    return case


def test_a_reentry_nobody_answers_is_granted_twenty_working_days_after_its_date(court: Court) -> None:
    case = removed_and_asking(court)
    let_pass(case, 30)
    court.agency.refresh_from_db()
    assert court.agency.standing == Standing.REMOVED
    let_pass(case, 40)
    court.agency.refresh_from_db()
    assert court.agency.standing == Standing.PROBATION
    asked = Reentry.objects.get()
    assert (asked.status, asked.decided_by) == (RepairStatus.GRANTED, None)
    assert "逾期未审核" in case.documents.get(kind=DocumentKind.REENTRY).text


def test_the_database_lets_nobody_refuse_a_reentry_without_a_name(court: Court) -> None:
    removed_and_asking(court)
    refused = {"status": RepairStatus.REFUSED, "due_at": None, "decided_at": F("asked_at"), "decision": "x"}
    with pytest.raises(IntegrityError, match="reentry_decided_says_who_and_why"), transaction.atomic():
        Reentry.objects.update(**refused)


def test_one_repair_is_decided_once(court: Court) -> None:
    case = let_pass(court.in_force(Measure.WARN), 200)
    asked = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    exits.decide_repair(court.officers[1], court.body, asked.pk, "未整改到位。", granted=False)
    with pytest.raises(refusals.ExitStep):
        exits.decide_repair(court.officers[2], court.body, asked.pk, "同意", granted=True)
    assert Repair.objects.get().status == RepairStatus.REFUSED


@pytest.mark.clause("P20.9")
def test_a_correction_stands_on_the_agencys_page_where_the_notice_stood(client: Client, court: Court) -> None:
    case = court.in_force(Measure.SUSPEND)
    page = f"/a/{court.agency.uscc}/"
    noticed = text(client, page)
    assert "暂停 3 个月" in noticed[: noticed.index("</main>")]
    exits.appeal(court.person, court.party, case.number, "事实有误")
    assert "申诉审理中" in text(client, page)
    exits.decide_appeal(court.officers[4], court.body, case.number, exits.Outcome(AppealOutcome.ANNULLED, "证据不足"))
    corrected = text(client, page)
    assert 'data-testid="correction-notice"' in corrected
    assert 'data-testid="standing-notice"' not in corrected
    let_pass(case, 400)
    assert 'data-testid="correction-notice"' not in text(client, page)


def test_a_suspension_of_items_is_on_the_agencys_page_although_the_agency_is_active(
    client: Client, court: Court
) -> None:
    case = court.ripe()
    code = court.agency.offerings.get().item_id  # type: ignore[attr-defined]
    ruling = Ruling(Measure.SUSPEND, "x", months=2, items=(code,))
    let_pass(exits.decide(court.officers[1], court.body, case.number, ruling), 10)
    shown = text(client, f"/a/{court.agency.uscc}/")
    assert f"暂停 2 个月（限事项：{code}）" in shown
    assert case.number in shown


def test_an_interim_suspension_is_told_without_the_reproach(client: Client, court: Court) -> None:
    case = court.received()
    exits.order_interim(court.officers[0], court.body, case.number, "仍在出具虚假报告")
    shown = text(client, f"/a/{court.agency.uscc}/")
    assert "是否处理尚未决定" in shown
    assert "虚假报告" not in shown
    assert case.number not in shown
