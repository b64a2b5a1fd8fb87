"""Pages of random inspections: whoever may do something finds the way to it, and everybody can check."""

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import User
from agencies.models import Agency
from draws.models import Trustee
from journal.draw import verify_draw
from ratings.actions import inspections
from ratings.models import Inspector, Look, Plan
from tests import cast
from tests.contracts.play import PDF
from tests.draws.ceremony import offer
from tests.ratings.inspecting import Inspectorate, inspectors_of, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def agencies(db: None) -> list[Agency]:
    return [cast.agency(f"随机{n}咨询有限公司") for n in range(4)]


@pytest.fixture
def office(regulator: User, agencies: list[Agency]) -> Inspectorate:
    return Inspectorate.with_inspectors(regulator.memberships.get().organisation, regulator, 3)


@pytest.fixture
def officer(office: Inspectorate, settings: object) -> Client:
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    return signed_in(office.officer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def filled(plan: Plan, **fields: object) -> dict[str, object]:
    answers = {f"ok_{n}": "yes" for n in range(len(plan.checks))} | {f"note_{n}": "" for n in range(len(plan.checks))}
    return {**answers, "finding": "clean", "summary": "资质有效，公示完整。", **fields}


def test_an_officer_plans_contributes_and_everybody_sees_it(officer: Client, office: Inspectorate) -> None:
    fields = {
        "title": "环评机构抽查",
        "agencies_wanted": "1",
        "inspectors_wanted": "2",
        "checks": "资质\n收费",
        "closes": "10m",
    }
    made = officer.post(reverse("officer_plan"), fields)
    plan = Plan.objects.get()
    assert made.url == reverse("inspection_plan", args=[plan.number])
    assert plan.checks == ["资质", "收费"]
    page = text(officer, "inspection_plan", plan.number)
    terms = json.loads(re.search(r'id="draws-to-give"[^>]*>(.*?)</script>', page)[1])  # type: ignore[index]
    assert {one["identity"] for one in terms} == {office.body.uscc}
    draws = (plan.of_agencies, plan.of_inspectors)
    offers = {draw.name: offer(draw, office.body.uscc, bytes([n]) * 32) for n, draw in enumerate(draws)}
    done = officer.post(reverse("draw_contribute"), {"offers": json.dumps(offers)})
    assert done.status_code == 302
    assert "draws-to-give" not in text(officer, "inspection_plan", plan.number)
    assert "环评机构抽查" in text(Client(), "inspection_list")
    visitor = text(Client(), "inspection_plan", plan.number)
    assert "draws-to-give" not in visitor
    assert office.body.name in visitor


@pytest.mark.parametrize("offers", ["", "[]", "{}", "nonsense", '{"x": 1}'])
def test_a_malformed_contribution_is_answered_with_words_and_nothing_is_taken(
    officer: Client, office: Inspectorate, offers: str
) -> None:
    plan = office.plan()
    here = reverse("inspection_plan", args=[plan.number])
    answer = officer.post(reverse("draw_contribute"), {"offers": offers, "next": here}, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert "随机数承诺格式不正确" in answer.content.decode()
    assert plan.of_agencies.contributions.count() == 1


def test_after_the_seal_the_contributor_is_asked_to_reveal(officer: Client, office: Inspectorate) -> None:
    plan = office.plan()
    office.contribute(plan)
    office.seal(plan)
    assert "data-reveal" in text(officer, "inspection_plan", plan.number)
    address = reverse("draw_reveal")
    assert "格式不正确" in officer.post(address, {"nonces": "{}x"}, follow=True).content.decode()
    wrong = {plan.of_agencies.name: "00" * 32}
    assert "承诺不符" in officer.post(address, {"nonces": json.dumps(wrong)}, follow=True).content.decode()
    draws = (plan.of_agencies, plan.of_inspectors)
    nonces = {draw.name: office.bytes_of[(draw.name, office.body.uscc)].hex() for draw in draws}
    done = officer.post(address, {"nonces": json.dumps(nonces), "next": "https://elsewhere.example/"})
    assert done.url == reverse("draws_waiting")
    assert not any(one.opened_at is None for draw in draws for one in draw.contributions.all())


def test_both_draws_of_a_plan_are_contributed_to_together(officer: Client, office: Inspectorate) -> None:
    plan = office.plan()
    alone = {plan.of_agencies.name: offer(plan.of_agencies, office.body.uscc, bytes(32))}
    answer = officer.post(reverse("draw_contribute"), {"offers": json.dumps(alone)}, follow=True)
    assert "格式不正确" in answer.content.decode()
    assert plan.of_agencies.contributions.count() == 1


def test_a_finished_draw_is_a_file_that_checks(office: Inspectorate) -> None:
    plan = office.drawn(1)
    for draw in (plan.of_agencies, plan.of_inspectors):
        published = Client().get(reverse("draw_json", args=[draw.name])).json()
        assert verify_draw(published, seal=draw.seal).order
    record = Client().get(reverse("inspection_record", args=[plan.number]))
    assert record["Content-Disposition"] == f'attachment; filename="{plan.number}.json"'


def test_before_the_seal_a_draw_has_no_file(office: Inspectorate) -> None:
    plan = office.plan()
    assert Client().get(reverse("draw_json", args=[plan.of_agencies.name])).status_code == 404


def test_the_drawn_inspectors_report_and_confirm_and_others_only_look(officer: Client, office: Inspectorate) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    first, second = inspectors_of(one)
    address = reverse("inspection_sheet", args=[plan.number, one.agency.uscc])
    other = next(i.user for i in office.inspectors if i.user not in (first, second))
    assert "只有抽中的检查人员" in signed_in(other).get(address).content.decode()
    assert signed_in(other).post(address, filled(plan)).status_code == 400
    incomplete = signed_in(first).post(address, filled(plan, ok_0="no"))
    assert (incomplete.status_code, "请逐项填写" in incomplete.content.decode()) == (400, True)
    assert signed_in(first).post(address, filled(plan)).status_code == 302
    page = signed_in(second).get(address).content.decode()
    read = re.search(r'name="read" value="(\w+)"', page)[1]  # type: ignore[index]
    confirm = reverse("inspection_confirm", args=[plan.number, one.agency.uscc])
    assert signed_in(first).post(confirm, {"read": read}).status_code == 400
    assert "检查中" in text(Client(), "inspection_plan", plan.number)
    assert signed_in(second).post(confirm, {"read": read}).status_code == 302
    public = text(Client(), "inspection_plan", plan.number)
    assert "未发现问题" in public
    assert "资质有效，公示完整。" in public


def test_evidence_is_not_public_and_every_look_is_recorded(
    officer: Client, office: Inspectorate, waterworks_user: User
) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    first, _second = inspectors_of(one)
    address = reverse("inspection_sheet", args=[plan.number, one.agency.uscc])
    signed_in(first).post(address, filled(plan, files=SimpleUploadedFile("照片.pdf", PDF)))
    file = one.files.get()
    assert signed_in(waterworks_user).get(reverse("inspection_file", args=[file.pk])).status_code in (302, 403, 404)
    assert Client().get(reverse("inspection_file", args=[file.pk])).status_code == 302
    assert officer.get(reverse("inspection_file", args=[file.pk])).status_code == 200
    assert Look.objects.filter(by=office.officer, subject__startswith=plan.number).count() == 1


def test_the_register_is_kept_by_officers(officer: Client, office: Inspectorate, agencies: list[Agency]) -> None:
    entered = officer.post(reverse("enter_inspector"), {"user": office.officer.pk, "certificate": "甘A-7777"})
    assert entered.status_code == 302
    taken = officer.post(reverse("enter_inspector"), {"user": office.officer.pk, "certificate": "甘A-7778"})
    assert (taken.status_code, "已在检查人员名录中" in taken.content.decode()) == (400, True)
    inspector = Inspector.objects.get(certificate="甘A-7777")
    tie = {"inspector": inspector.pk, "uscc": agencies[0].uscc, "reason": "曾任职"}
    assert officer.post(reverse("declare_interest"), tie).status_code == 302
    assert "曾任职" in text(officer, "inspectors")
    assert officer.post(reverse("retire_inspector", args=[inspector.pk])).status_code == 302
    assert "甘A-7777" not in text(officer, "inspectors")


def test_a_plan_that_cannot_be_drawn_keeps_what_was_typed(officer: Client, office: Inspectorate) -> None:
    fields = {
        "title": "全省抽查",
        "agencies_wanted": "50",
        "inspectors_wanted": "2",
        "checks": "资质",
        "closes": "1wd",
        "excluded": "91620100MA0000000X",
    }
    unexplained = officer.post(reverse("officer_plan"), fields)
    assert (unexplained.status_code, "没有写理由" in unexplained.content.decode()) == (400, True)
    refused = officer.post(reverse("officer_plan"), {**fields, "excluded": ""}).content.decode()
    assert "不能抽取 50 家" in refused
    assert 'value="全省抽查"' in refused


def test_the_inbox_leads_through_a_plan(officer: Client, office: Inspectorate) -> None:
    plan = office.plan()
    assert "为随机抽取提交随机数" in text(officer, "console")
    office.contribute(plan)
    assert "为随机抽取提交随机数" not in text(officer, "console")
    office.seal(plan)
    assert "公开随机抽取的随机数" in text(officer, "console")


def test_reports_wait_in_the_inbox_until_they_are_public(officer: Client, office: Inspectorate) -> None:
    plan = office.drawn(1)
    one = plan.inspections.get()
    assert "填报抽查结果" in text(officer, "console")
    inspections.report(inspectors_of(one)[0], plan.number, one.agency.uscc, sheet())
    assert "确认抽查结果" in text(officer, "console")


def test_operators_name_trustees_and_only_those_find_their_page(
    operator: User, waterworks_user: User, client: Client
) -> None:
    by = signed_in(operator)
    assert by.post(reverse("trustees"), {"email": "nobody@example.com"}).status_code == 400
    assert by.post(reverse("trustees"), {"email": waterworks_user.email.upper()}).status_code == 302
    trustee = Trustee.objects.get()
    assert signed_in(operator).get(reverse("trustee")).status_code == 404
    own = signed_in(waterworks_user)
    assert "登记公钥" in text(own, "trustee")
    assert own.post(reverse("trustee_key"), {"public_key": "zz"}).status_code == 400
    assert own.post(reverse("trustee_key"), {"public_key": "ab" * 32}).status_code == 302
    assert "公钥已登记" in text(own, "trustee")
    assert "登记保管人公钥" not in text(own, "desk")
    assert by.post(reverse("retire_trustee", args=[trustee.pk])).status_code == 302
    assert own.get(reverse("trustee")).status_code == 404
    assert client.get(reverse("trustees")).status_code == 302
