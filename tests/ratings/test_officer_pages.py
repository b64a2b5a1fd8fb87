"""The officers' pages: one inbox, evidence beside the rule, conflicts told, every look recorded, a second factor required."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import Organisation, User
from agencies.models import Standing
from core.clock import BEIJING, database_now
from ratings.actions import exits
from ratings.models import DocumentKind, ExitCase, Look, Measure, Step
from tests.contracts.play import upload
from tests.ratings.court import Court, let_pass

pytestmark = pytest.mark.django_db


def page(client: Client, court: Court, officer: int, case: ExitCase) -> str:
    client.force_login(court.officers[officer])
    answer = client.get(reverse("officer_case", args=[case.number]))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, court: Court, officer: int, case: ExitCase, verb: str, **data: object) -> int:
    client.force_login(court.officers[officer])
    answer = client.post(reverse("officer_act", args=[case.number, verb]), data)
    case.refresh_from_db()
    return answer.status_code


@pytest.mark.clause("P20.9")
def test_from_the_inbox_to_a_removal_by_three_officers(client: Client, court: Court) -> None:
    case = court.open(Measure.REMOVE)
    client.force_login(court.officers[0])
    inbox = client.get(reverse("console")).content.decode()
    assert f'href="{reverse("officer_case", args=[case.number])}" data-testid="next"' in " ".join(inbox.split())
    assert act(client, court, 0, case, "notice", reasons="证据充分") == 302
    exits.receive_notice(court.party, case.number)
    exits.defend(court.person, court.party, case.number, ["情节轻微"], [upload().file])
    let_pass(case, 30)
    assert "不能再由您作出决定" in page(client, court, 0, case)
    ruling = {"measure": "remove", "months": "12", "reasons": "情节严重", "answer_0": "不采纳"}
    assert act(client, court, 1, case, "decide", **ruling) == 302
    assert case.step == Step.PROPOSED
    assert "不能再由您审议" in page(client, court, 1, case)
    assert act(client, court, 2, case, "second", agrees="yes") == 302
    assert case.step == Step.DECIDED
    let_pass(case, 10)
    court.agency.refresh_from_db()
    assert court.agency.standing == Standing.REMOVED


def test_what_is_refused_comes_back_with_what_was_typed(client: Client, court: Court) -> None:
    case = court.ripe()
    client.force_login(court.officers[1])
    data = {"measure": "suspend", "months": "9", "reasons": "认真写下的理由"}
    answer = client.post(reverse("officer_act", args=[case.number, "decide"]), data)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "期限为 1 至 6 个月" in text
    assert "认真写下的理由" in text


def test_who_comes_second_hears_that_it_was_done(client: Client, court: Court) -> None:
    case = court.open()
    assert act(client, court, 0, case, "notice", reasons="x") == 302
    assert act(client, court, 1, case, "notice", reasons="x") == 400


def test_an_unknown_verb_and_an_unknown_case_are_not_there(client: Client, court: Court) -> None:
    case = court.open()
    assert act(client, court, 0, case, "forgive") == 404
    assert client.get(reverse("officer_case", args=["X-2026-999999"])).status_code == 404


def test_others_find_no_console(client: Client, court: Court, waterworks_user: User, operator: User) -> None:
    case = court.open()
    addresses = [reverse("console"), reverse("officer_cases"), reverse("officer_case", args=[case.number])]
    for address in addresses:
        assert client.get(address).status_code == 302
    for user in (waterworks_user, court.person, operator):
        client.force_login(user)
        for address in addresses:
            assert client.get(address).status_code == 404


def test_looking_at_what_is_protected_is_recorded(client: Client, court: Court) -> None:
    case = court.received()
    exits.defend(court.person, court.party, case.number, ["见附件"], [upload().file])
    client.force_login(court.officers[2])
    defence = case.documents.get(kind=DocumentKind.DEFENCE)
    assert "见附件" in client.get(reverse("officer_document", args=[case.number, defence.pk])).content.decode()
    file = case.evidence.get()
    assert client.get(reverse("officer_evidence", args=[case.number, file.pk])).status_code == 200
    looks = Look.objects.filter(by=court.officers[2])
    assert looks.count() == 2
    assert str(court.officers[2]) in page(client, court, 0, case)


def test_a_public_decision_is_looked_at_freely(client: Client, court: Court) -> None:
    case = court.decided()
    client.force_login(court.officers[3])
    decision = case.documents.get(kind=DocumentKind.DECISION)
    client.get(reverse("officer_document", args=[case.number, decision.pk]))
    assert not Look.objects.exists()


def test_an_officer_opens_a_case_on_facts_no_rule_can_see(client: Client, court: Court) -> None:
    client.force_login(court.officers[0])
    address = reverse("officer_open", args=[court.agency.uscc])
    assert "立案人不得决定本案" in client.get(address).content.decode()
    data = {"trigger": "serious", "proposed": "remove", "text": "出具虚假检测报告", "files": [upload().file]}
    assert client.post(address, data).status_code == 302
    case = ExitCase.objects.get()
    assert (case.opened_by, case.evidence.count()) == (court.officers[0], 1)
    again = client.post(address, {**data, "files": []})
    assert again.status_code == 400
    assert "已有一件尚未决定的案件" in again.content.decode()


def test_a_hearing_is_set_in_beijing_time(client: Client, court: Court) -> None:
    case = exits.ask_for_hearing(court.party, court.received(Measure.REMOVE).number)
    at = (database_now() + timedelta(days=9)).astimezone(BEIJING)
    typed = f"{at:%Y-%m-%dT%H:%M}"
    assert act(client, court, 3, case, "set_hearing", at=typed, place="一号会议室") == 302
    assert case.hearing_at is not None
    assert f"{case.hearing_at.astimezone(BEIJING):%Y-%m-%dT%H:%M}" == typed


def test_repairs_are_granted_from_the_inbox(client: Client, court: Court) -> None:
    case = let_pass(court.in_force(), 50)
    repair = exits.ask_to_repair_measure(court.person, court.party, case.number, "已退还费用并整改")
    client.force_login(court.officers[3])
    address = reverse("officer_repair", args=[repair.pk])
    assert address in client.get(reverse("console")).content.decode()
    assert client.post(address, {"granted": "yes", "opinion": ""}).status_code == 400
    assert client.post(address, {"granted": "yes", "opinion": "整改属实"}).status_code == 302
    court.agency.refresh_from_db()
    assert court.agency.standing == Standing.ACTIVE


def test_their_punctuality_is_public(client: Client, court: Court) -> None:
    court.noticed(source="a")
    text = client.get(reverse("punctuality")).content.decode()
    row = text[text.index("已立案，待告知") :].split("</tr>")[0]
    assert ">1<" in "".join(row.split())
    assert "100%" in row


def test_without_a_second_factor_an_officer_is_led_to_set_it_up(
    client: Client, court: Court, waterworks: Organisation, settings: object
) -> None:
    settings.DEMO_MODE = False  # type: ignore[attr-defined]
    officer = court.officers[0]
    client.force_login(officer)
    assert client.get(reverse("console"))["Location"] == reverse("mfa_index")
    assert client.post(reverse("officer_act", args=[court.open().number, "notice"])).status_code == 302
    assert ExitCase.objects.get().step == Step.OPENED
    TOTP.activate(officer, generate_totp_secret())
    assert client.get(reverse("console")).status_code == 200
