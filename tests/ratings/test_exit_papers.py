"""Documents of exit cases as PDF: set once, complete, and behind the doors that the pages have."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import User
from agencies.models import Agency
from core import jobs, typeset
from core.clock import database_now
from core.models import Rendering
from ratings.actions import exits
from ratings.models import Document, DocumentKind, Ending, ExitCase, Look, Measure
from ratings.papers import moment
from ratings.pdf import data_of
from ratings.rules.exits import Ruling
from tests import cast
from tests.core.papers import words
from tests.ratings.court import Court, let_pass, shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(court: Court, settings: object) -> Client:
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    return signed_in(court.officers[4])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def notice_of(number: str) -> Document:
    return Document.objects.get(case__number=number, kind=DocumentKind.NOTICE)


def address(door: str, document: Document) -> str:
    return reverse(door, args=[document.case.number, document.pk])


def fetched(client: Client, at: str) -> bytes:
    """First the page that waits, then the file."""
    waiting = client.get(at)
    assert "PDF 生成中" in waiting.content.decode()
    jobs.render.call(Rendering.objects.latest("pk").key)
    answer = client.get(at)
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def packed(text: str) -> str:
    """Lines break where they like, and drop the space there."""
    return "".join(text.split())


def whole(body: dict[str, Any]) -> list[str]:
    """Every heading and paragraph of a document."""
    return [text for part in body["sections"] for text in (part["heading"], *part["paragraphs"])]


@pytest.mark.parametrize("english", [False, True])
def test_a_notice_says_facts_basis_rights_number_and_hash(court: Court, english: bool) -> None:
    document = notice_of(court.received().number)
    data = data_of(document, english=english)
    body = document.body_en if english else document.body
    assert data["sections"] == body["sections"]
    assert len(data["sections"]) == 5
    assert "2026 年 9 月交付的报告经复核数据失实" in body["sections"][0]["paragraphs"][0]
    assert (data["number"], data["sha256"], data["issuer"]) == (document.number, document.sha256, court.body.name)
    assert data["verify_url"].endswith(f"/exits/{document.case.number}/")
    said = [document.number, document.sha256, court.body.name, document.case.number, *whole(body)]
    made = words(typeset.pdf("exit", data))
    assert [one for one in said if packed(one) not in made] == []


def test_a_decision_says_measure_effect_and_where_to_appeal_until_when(court: Court) -> None:
    case = court.decided(Measure.SUSPEND)
    assert case.effect_at
    assert case.appeal_until
    made = words(
        typeset.pdf("exit", data_of(Document.objects.get(case=case, kind=DocumentKind.DECISION), english=False))
    )
    for said in (case.number, "暂停 3 个月", "违法事实成立。", "P20.9、R8", "行政复议"):
        assert packed(said) in made
    for at in (case.effect_at, case.appeal_until):
        assert packed(moment(at)) in made


@pytest.mark.parametrize("kind", DocumentKind.values)
def test_whoever_wrote_a_document_issues_it(court: Court, kind: str) -> None:
    document = notice_of(court.received().number)
    document.kind = kind
    own = kind in (DocumentKind.DEFENCE, DocumentKind.APPEAL)
    issuer = court.party.name if own else court.body.name
    assert data_of(document, english=False)["issuer"] == issuer


def test_the_agency_has_its_documents_once_the_notice_is_served(court: Court, steady_agency: Agency) -> None:
    document = notice_of(court.noticed().number)
    own = signed_in(court.person)
    assert own.get(address("desk_document_pdf", document)).status_code == 404
    exits.receive_notice(court.party, document.case.number)
    assert fetched(own, address("desk_document_pdf", document)).startswith(b"%PDF-")
    stranger = signed_in(steady_agency.organisation.memberships.get().user)
    assert stranger.get(address("desk_document_pdf", document)).status_code == 404
    assert Client().get(address("desk_document_pdf", document)).status_code == 302


def test_everybody_has_what_is_published_and_nothing_else(court: Court) -> None:
    case = court.decided(Measure.WARN)
    decision = Document.objects.get(case=case, kind=DocumentKind.DECISION)
    assert fetched(Client(), address("exit_document_pdf", decision)).startswith(b"%PDF-")
    assert Client().get(address("exit_document_pdf", notice_of(case.number))).status_code == 404
    running = notice_of(Court(cast.agency("另一家咨询有限公司"), "other").received().number)
    assert Client().get(address("exit_document_pdf", running)).status_code == 404


def test_minutes_are_for_everybody_once_a_measure_is_published(court: Court) -> None:
    case = court.received()
    exits.ask_for_hearing(court.party, case.number)
    exits.set_hearing(court.officers[1], court.body, case.number, database_now() + timedelta(days=8), "三楼会议室")
    shift(case, 30)
    exits.hold_hearing(court.officers[1], court.body, case.number, "双方到场，逐项质证。")
    minutes = Document.objects.get(case=case, kind=DocumentKind.MINUTES)
    at = address("exit_document_pdf", minutes)
    assert Client().get(at).status_code == 404
    exits.decide(court.officers[2], court.body, case.number, Ruling(Measure.SUSPEND, "违法事实成立。", months=3))
    assert fetched(Client(), at).startswith(b"%PDF-")


def test_what_was_repaired_or_ended_without_a_measure_is_nobodys(court: Court, steady_agency: Agency) -> None:
    case = court.in_force()
    at = address("exit_document_pdf", Document.objects.get(case=case, kind=DocumentKind.DECISION))
    ExitCase.objects.filter(pk=case.pk).update(step="ended", ending=Ending.REPAIRED, ended_at=database_now())
    assert Client().get(at).status_code == 410
    spared = Court(steady_agency, "other").decided(Measure.NONE)
    paper = Document.objects.get(case=spared, kind=DocumentKind.DECISION)
    assert Client().get(address("exit_document_pdf", paper)).status_code == 404


def test_only_officers_come_through_their_door(court: Court, settings: object) -> None:
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    at = address("officer_document_pdf", notice_of(court.received().number))
    assert Client().get(at).status_code == 302
    assert signed_in(court.person).get(at).status_code == 404
    assert not Look.objects.exists()
    assert signed_in(court.officers[3]).get(at.replace("/X-", "/Y-")).status_code == 404


def test_an_officers_look_at_what_is_not_public_is_recorded_once_a_look(officer: Client, court: Court) -> None:
    document = notice_of(court.received().number)
    at = address("officer_document_pdf", document)
    fetched(officer, at)
    assert Look.objects.filter(subject=document.number, by=court.officers[4]).count() == 2
    officer.get(at, headers={"HX-Request": "true"})
    assert Look.objects.filter(subject=document.number).count() == 2, "asking how far it is, is no look"


def test_the_pages_lead_to_it(officer: Client, court: Court) -> None:
    case = court.decided(Measure.WARN)
    let_pass(case, 0)
    decision = Document.objects.get(case=case, kind=DocumentKind.DECISION)
    public = Client().get(reverse("exit_page", args=[case.number])).content.decode()
    assert address("exit_document_pdf", decision) in public
    desk = signed_in(court.person).get(reverse("desk_case", args=[case.number])).content.decode()
    assert address("desk_document_pdf", decision) in desk
    shown = officer.get(reverse("officer_document", args=[case.number, decision.pk])).content.decode()
    assert address("officer_document_pdf", decision) in shown


def test_an_officer_sees_how_each_date_is_counted(officer: Client, court: Court) -> None:
    case = court.open()
    page = officer.get(reverse("officer_case", args=[case.number])).content.decode()
    assert "告知最迟" in page
    assert "逾期自动终结" in page
    assert page.count("个工作日") >= 2
