"""Nobody but the handling officer learns who complained: pages, files, entries, notices, mails and names are searched for it."""

from collections.abc import Iterator
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

import pytest

from accounts import notices
from accounts.clockwork import plan_notices
from accounts.models import Kind, Membership, Notice, Organisation, User
from journal.models import Entry
from marketplace.models import ItemStatus, Request, ServiceItem
from ratings.actions import complaints
from ratings.actions.complaints import Target
from ratings.models import Act, Complaint, ComplaintKind, ComplaintStatus, Look
from ratings.rules import complaints as rules
from tests import cast
from tests.ratings.complaining import UPHELD, Desk, evidence

pytestmark = pytest.mark.django_db

NAME, MAIL, FIRM = "牛不平", "niu@secret-firm.example", "秘密投诉咨询有限公司"
SECRETS = (NAME, "niu@secret-firm", FIRM)


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> Iterator[None]:
    settings.DEMO_MODE = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def complainer(db: None) -> User:
    return cast.person(MAIL, cast.organisation(Kind.ENTERPRISE, FIRM), name=NAME)


def of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(user: User | None, path: str, status: int = 200) -> str:
    answer = of(user).get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def silent(text: str) -> None:
    assert not [secret for secret in SECRETS if secret in text]


@pytest.fixture
def upheld(desk: Desk, complainer: User) -> Complaint:
    """The whole way, through the doors."""
    address = f"/complaints/new/?agency={desk.agency.uscc}"
    said = {"text": f"我是{NAME}，报告由别人代做。", "files": [evidence(f"{NAME}.pdf")]}
    answer = of(complainer).post(address, said)
    complaint = Complaint.objects.get()
    assert answer.headers["Location"] == f"/desk/complaints/{complaint.number}/"
    officer, at = of(desk.first), f"/regulator/complaints/{complaint.number}"
    for verb, data in [
        ("accept", {}),
        ("put", {"text": "请说明报告由谁完成。"}),
    ]:
        assert officer.post(f"{at}/{verb}/", data).status_code == 302, verb
    stated = of(desk.person).post(f"/desk/complaints/about-us/{complaint.number}/", {"text": "由本单位完成。"})
    assert stated.status_code == 302
    outcome = {"outcome": "upheld", "act": UPHELD.act, "summary": UPHELD.summary, "reasons": UPHELD.reasons}
    assert officer.post(f"{at}/decide/", outcome).status_code == 302
    complaint.refresh_from_db()
    assert complaint.status == ComplaintStatus.UPHELD
    return complaint


def test_no_page_of_others_shows_who_complained(desk: Desk, upheld: Complaint, regulator: User) -> None:
    uscc, number = desk.agency.uscc, upheld.number
    for path in (f"/a/{uscc}/", "/exits/punctuality/", "/"):
        silent(page(None, path))
    record = of(None).get(reverse("agency_record", args=[uscc]))
    silent(b"".join(record).decode())
    assert UPHELD.summary in page(None, f"/a/{uscc}/")
    for path in ("/desk/complaints/", f"/desk/complaints/about-us/{number}/", "/desk/"):
        silent(page(desk.person, path))
    for officer in (desk.first, regulator):
        silent(page(officer, "/regulator/complaints/"))
        silent(page(officer, "/regulator/"))
    shown = page(desk.first, f"/regulator/complaints/{number}/")
    silent(shown.replace(f"我是{NAME}", ""))
    assert [(look.by, look.subject) for look in Look.objects.all()] == [(desk.first, f"{number} text")]


def test_no_entry_notice_act_or_mail_shows_who_complained(desk: Desk, upheld: Complaint) -> None:
    for entry in Entry.objects.all():
        silent(bytes(entry.body).decode())
    for notice in Notice.objects.all():
        silent(f"{notice.text} {notice.facts}")
    silent(Act.objects.get().evidence)
    assert not [stored for stored in upheld.files.all() if NAME in stored.file.path.name]


def test_the_mail_to_who_complained_says_neither_what_nor_whom(
    desk: Desk, complainer: User, django_capture_on_commit_callbacks: Any
) -> None:
    Membership.objects.filter(user=complainer).delete()
    number = complaints.file_complaint(complainer, Target(ComplaintKind.AGENCY, agency=desk.agency), "事实").number
    with django_capture_on_commit_callbacks(execute=True):
        complaints.accept(desk.first, desk.body, number)
    [sent] = mail.outbox
    assert sent.to == [MAIL]
    assert desk.party.name not in sent.body + sent.subject
    assert "投诉" not in sent.subject


def test_no_colleague_of_who_complained_is_told_of_it(desk: Desk, complainer: User) -> None:
    mine = Membership.objects.get(user=complainer)
    colleague = cast.person("colleague@example.com", mine.organisation)
    number = complaints.file_complaint(complainer, Target(ComplaintKind.AGENCY, agency=desk.agency), "事实").number
    complaints.accept(desk.first, desk.body, number)
    [notice] = notices.newest(mine)
    assert (notice.event, notice.text) == ("concern.answered", "您提交的事项有新进展")
    assert not notices.newest(Membership.objects.get(user=colleague)).exists()
    plan_notices()
    [delivery] = notice.deliveries.all()
    assert delivery.user == complainer


def test_only_its_owner_opens_a_complaint_and_its_evidence(desk: Desk, complainer: User, upheld: Complaint) -> None:
    own = f"/desk/complaints/{upheld.number}/"
    assert UPHELD.summary in page(complainer, own)
    answer = of(complainer).get(f"{own}evidence/1/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{upheld.number}-1.pdf"'
    colleague = cast.person("colleague@secret-firm.example", complainer.memberships.get().organisation)
    for other in (desk.person, desk.first, colleague):
        page(other, own, 404)
        page(other, f"{own}evidence/1/", 404)
    assert of(None).get(own).status_code == 302
    stored = upheld.files.get().file
    page(None, f"/files/{stored.sha256}/a.pdf", 404)
    assert upheld.number not in page(colleague, "/desk/complaints/")


def test_the_handler_alone_looks_and_each_look_is_recorded(desk: Desk, upheld: Complaint, regulator: User) -> None:
    who = f"/regulator/complaints/{upheld.number}/complainer/"
    evidence_of = f"/regulator/complaints/{upheld.number}/evidence/1/"
    for other in (desk.second, regulator):
        assert of(other).post(who).status_code == 409
        assert of(other).get(evidence_of).status_code == 409
    assert of(desk.person).post(who).status_code == 404
    assert not Look.objects.exists()
    assert NAME in of(desk.first).post(who).content.decode()
    file = of(desk.first).get(evidence_of)
    assert file.headers["Content-Disposition"] == f'attachment; filename="{upheld.number}-1.pdf"'
    looks = [(look.subject, look.by) for look in Look.objects.order_by("pk")]
    assert looks == [(f"{upheld.number} complainer", desk.first), (f"{upheld.number} evidence 1", desk.first)]
    assert of(desk.first).get(who).status_code == 405, "no link prefetched by chance looks"
    silent(page(desk.second, f"/regulator/complaints/{upheld.number}/"))


def test_an_officer_who_takes_it_over_may_look_then(desk: Desk, complainer: User) -> None:
    number = complaints.file_complaint(complainer, Target(ComplaintKind.AGENCY, agency=desk.agency), "事实").number
    complaints.accept(desk.first, desk.body, number)
    with pytest.raises(rules.NotTheHandler):
        complaints.look_at_secret(desk.second, desk.body, number, "complainer")
    complaints.take(desk.second, desk.body, number)
    assert complaints.look_at_secret(desk.second, desk.body, number, "complainer").filed_by == complainer
    with pytest.raises(rules.NotTheHandler):
        complaints.look_at_secret(desk.first, desk.body, number, "complainer")


def test_an_officer_with_a_conflict_sees_that_and_nothing_of_the_complaint(
    desk: Desk, complainer: User, upheld: Complaint
) -> None:
    Membership.objects.create(user=desk.second, organisation=desk.party)
    shown = page(desk.second, f"/regulator/complaints/{upheld.number}/")
    assert "利害关系" in shown
    silent(shown)
    assert "verb-" not in shown
    colleague = cast.person("inside@desk.example", desk.body)
    Membership.objects.create(user=colleague, organisation=complainer.memberships.get().organisation)
    assert "利害关系" in page(colleague, f"/regulator/complaints/{upheld.number}/")


@pytest.mark.parametrize("words", [NAME, "牛 不平", "NIU@secret-firm.example", FIRM])
def test_what_leaves_the_desk_must_not_tell_who_complained(desk: Desk, complainer: User, words: str) -> None:
    number = complaints.file_complaint(complainer, Target(ComplaintKind.AGENCY, agency=desk.agency), "事实").number
    officer = (desk.first, desk.body, number)
    with pytest.raises(rules.NamesComplainer):
        complaints.refuse_acceptance(*officer, f"{words}反映的不属实。")
    complaints.accept(*officer)
    with pytest.raises(rules.NamesComplainer):
        complaints.put_to_subject(*officer, f"据{words}反映，报告由他人代做。")
    complaints.put_to_subject(*officer, "有人反映报告由他人代做。")
    complaints.state(desk.person, desk.party, number, "没有。")
    for finding in (
        complaints.Finding(True, f"{words}所述属实。", "转包。"),
        complaints.Finding(True, "属实。", f"{words}被转包。"),
        complaints.Finding(False, f"{words}所述不实。"),
    ):
        with pytest.raises(rules.NamesComplainer):
            complaints.decide_complaint(*officer, finding)
    assert not Act.objects.exists()


def test_the_subjects_own_name_tells_nothing_even_when_its_own_employee_complained(desk: Desk) -> None:
    number = desk.filed(by=desk.person).number
    complaints.accept(desk.first, desk.body, number)
    put = complaints.put_to_subject(desk.first, desk.body, number, f"请{desk.party.name}说明。")
    assert put.put_at


def test_the_form_cannot_be_misaddressed(
    desk: Desk, complainer: User, published_request: Request, river_bureau: Organisation, waterworks: Organisation
) -> None:
    item = cast.service_item("TST-08", cancelled_by_zh="甘办字〔2018〕78号")
    for wrong in (
        "?agency=916201000000000000",
        "?request=GS-2026-000000",
        "?organisation=1",
        f"?organisation={desk.party.uscc}",
        f"?item={item.code}",
        f"?agency={desk.agency.uscc}&request={published_request.number}",
    ):
        page(complainer, f"/complaints/new/{wrong}", 404)
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED)
    expected = {
        f"?request={published_request.number}": ComplaintKind.REQUEST,
        f"?organisation={waterworks.uscc}": ComplaintKind.BUYER,
        f"?item={item.code}": ComplaintKind.DEMAND,
        "": ComplaintKind.STEERING,
    }
    for query, kind in expected.items():
        data = {"text": "事实", "department": "某县住建局"}
        assert of(complainer).post(f"/complaints/new/{query}", data).status_code == 302, query
        assert Complaint.objects.latest("pk").kind == kind
    either = f"/complaints/new/?organisation={river_bureau.uscc}"
    assert of(complainer).post(either, {"text": "事实"}).status_code == 400
    assert of(complainer).post(either, {"text": "事实", "kind": "agency"}).status_code == 400
    assert of(complainer).post(either, {"text": "事实", "kind": "buyer"}).status_code == 302
    assert of(None).get("/complaints/new/").status_code == 302


def test_where_readers_come_from_there_is_a_way_to_complain(
    desk: Desk, published_request: Request, waterworks: Organisation
) -> None:
    item = cast.service_item("TST-08", cancelled_by_zh="甘办字〔2018〕78号")
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED)
    for path, door in [
        (f"/a/{desk.agency.uscc}/", f"agency={desk.agency.uscc}"),
        (f"/r/{published_request.number}/", f"request={published_request.number}"),
        (f"/r/{published_request.number}/", f"organisation={waterworks.uscc}"),
        (f"/items/{item.code}/", f"item={item.code}"),
    ]:
        assert f"/complaints/new/?{door}" in page(None, path)


def test_reports_made_without_signing_in_stand_beside_the_complaints(desk: Desk) -> None:
    item = cast.service_item("TST-08", cancelled_by_zh="甘办字〔2018〕78号")
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED)
    of(None).post(f"/items/{item.code}/", {"department": "某县水务局", "what_happened": "仍要报告。"})
    assert "某县水务局" in page(desk.first, "/regulator/complaints/")
    page(desk.person, "/regulator/complaints/", 404)


def test_a_refused_step_keeps_what_was_typed(desk: Desk, complainer: User) -> None:
    number = complaints.file_complaint(complainer, Target(ComplaintKind.AGENCY, agency=desk.agency), "事实").number
    complaints.accept(desk.first, desk.body, number)
    answer = of(desk.first).post(f"/regulator/complaints/{number}/put/", {"text": f"据{FIRM}反映"})
    assert answer.status_code == 400
    assert f"据{FIRM}反映" in answer.content.decode()
    assert of(desk.first).post(f"/regulator/complaints/{number}/burn/").status_code == 404


def test_complaining_is_limited_per_address(desk: Desk, complainer: User) -> None:
    client = of(complainer)
    address = f"/complaints/new/?agency={desk.agency.uscc}"
    statuses = [client.post(address, {"text": "事实"}).status_code for _n in range(11)]
    assert statuses == [302] * 10 + [429]
