"""The agency's own side of its cases, and what everybody may read of them."""

import json
from io import BytesIO

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import User
from agencies.models import Agency, Standing
from journal.verify import verify
from ratings.actions import exits
from ratings.models import AppealOutcome, DocumentKind, ExitCase, Measure, Step
from ratings.rules.exits import Ruling
from tests.contracts.play import upload
from tests.ratings.court import Court, let_pass

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def act(client: Client, court: Court, case: ExitCase, verb: str, **data: object) -> int:
    client.force_login(court.person)
    answer = client.post(reverse("desk_case_act", args=[case.number, verb]), data)
    case.refresh_from_db()
    return answer.status_code


def test_an_agency_receives_answers_and_appeals_on_its_desk(client: Client, court: Court) -> None:
    case = court.noticed(Measure.SUSPEND)
    client.force_login(court.person)
    assert "事实清楚，依据充分" not in read(client, reverse("desk_case", args=[case.number]))
    assert act(client, court, case, "receive") == 302
    assert "事实清楚，依据充分" in read(client, reverse("desk_case", args=[case.number]))
    data = {"argument_1": "数据由委托方提供", "argument_2": "已更正", "files": [upload().file]}
    assert act(client, court, case, "defend", **data) == 302
    assert act(client, court, case, "time") == 302
    assert act(client, court, case, "hearing") == 302
    assert (case.step, case.defence_extended) == (Step.HEARING, True)


def test_what_is_refused_comes_back_with_what_was_typed(client: Client, court: Court) -> None:
    case = court.received(Measure.WARN)
    client.force_login(court.person)
    answer = client.post(reverse("desk_case_act", args=[case.number, "defend"]), {"argument_2": "写了第二条"})
    assert answer.status_code == 400
    assert "写了第二条" in answer.content.decode()
    assert act(client, court, case, "hearing") == 400
    assert act(client, court, case, "forgive") == 404


def test_an_appeal_from_the_desk_stays_the_measure(client: Client, court: Court) -> None:
    case = court.in_force(Measure.SUSPEND)
    assert act(client, court, case, "appeal", text="认定有误") == 302
    court.agency.refresh_from_db()
    assert (case.step, court.agency.standing) == (Step.APPEALED, Standing.ACTIVE)


def test_nobody_else_finds_an_agencys_cases(
    client: Client, court: Court, steady_agency: Agency, regulator: User, waterworks_user: User
) -> None:
    case = court.received()
    address = reverse("desk_case", args=[case.number])
    assert client.get(address).status_code == 302
    for user in (steady_agency.organisation.memberships.get().user, regulator, waterworks_user):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(reverse("desk_case_act", args=[case.number, "time"])).status_code == 404


def test_evidence_is_for_the_party_once_the_notice_is_received(client: Client, court: Court) -> None:
    case = exits.open_by_officer(
        court.officers[4], court.body, court.agency, exits.BY_HAND[0], "虚假报告", Measure.WARN, [upload().file]
    )
    exits.serve_notice(court.officers[0], court.body, case.number, "x")
    address = reverse("desk_evidence", args=[case.number, case.evidence.get().pk])
    client.force_login(court.person)
    assert client.get(address).status_code == 404
    exits.receive_notice(court.party, case.number)
    assert client.get(address).status_code == 200


def test_nothing_is_public_before_a_measure_is_published(client: Client, court: Court) -> None:
    case = court.ripe()
    assert case.number not in read(client, reverse("exit_list"))
    for name in ("exit_page", "exit_record"):
        assert client.get(reverse(name, args=[case.number])).status_code == 404
    exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.NONE, "事实不成立"))
    assert client.get(reverse("exit_page", args=[case.number])).status_code == 404
    assert case.number not in read(client, reverse("agency_page", args=[court.agency.uscc]))


@pytest.mark.clause("P20.9")
def test_a_published_measure_can_be_read_and_verified_by_anybody(client: Client, court: Court) -> None:
    case = court.in_force(Measure.REMOVE)
    assert case.number in read(client, reverse("exit_list"))
    page = read(client, reverse("exit_page", args=[case.number]))
    assert "违法事实成立" in page
    assert str(DocumentKind.NOTICE.label) not in page
    record = client.get(reverse("exit_record", args=[case.number])).content
    assert verify(BytesIO(record)).case == case.number
    assert reverse("exit_page", args=[case.number]) in read(client, reverse("agency_page", args=[court.agency.uscc]))


def test_a_correction_stands_where_the_decision_stood(client: Client, court: Court) -> None:
    case = court.appealed(Measure.SUSPEND)
    said = exits.Outcome(AppealOutcome.ANNULLED, "证据不足")
    exits.decide_appeal(court.officers[4], court.body, case.number, said)
    assert "更正：决定已撤销" in read(client, reverse("exit_list"))
    page = read(client, reverse("exit_page", args=[case.number]))
    assert page.index("更正公告") < page.index("处理决定书")


def test_a_repaired_measure_is_gone_from_every_public_page(client: Client, court: Court) -> None:
    case = let_pass(court.in_force(Measure.SUSPEND), 50)
    assert act(client, court, case, "repair", correction="已整改") == 302
    exits.decide_repair(court.officers[3], court.body, case.repairs.get().pk, "属实", granted=True)
    client.logout()
    assert case.number not in read(client, reverse("exit_list"))
    for name in ("exit_page", "exit_record"):
        gone = client.get(reverse(name, args=[case.number]))
        assert gone.status_code == 410
        told = gone.content.decode()
        assert "该内容曾经公开，现已依规移除" in told
        assert court.agency.uscc not in told
    never = reverse("exit_page", args=["X-2026-999999"])
    assert client.get(never).status_code == 404
    openings = json.loads(client.get(reverse("openings_json", args=[court.agency.uscc])).content)
    assert case.number not in json.dumps(openings)


def test_an_agency_leaves_and_comes_back(client: Client, court: Court) -> None:
    client.force_login(court.person)
    for standing in (Standing.WITHDRAWN, Standing.ACTIVE):
        assert client.post(reverse("desk_withdraw")).status_code == 302
        court.agency.refresh_from_db()
        assert court.agency.standing == standing


def test_a_removed_agency_comes_back_from_its_desk(client: Client, court: Court) -> None:
    case = let_pass(court.in_force(Measure.REMOVE), 760)
    assert act(client, court, case, "reentry", correction="已整改") == 400
    assert act(client, court, case, "reentry", correction="已整改", signed="on") == 302
    exits.decide_reentry(court.officers[4], court.body, case.number, "同意", granted=True)
    client.logout()
    assert "观察期" in read(client, reverse("agency_page", args=[court.agency.uscc]))


def test_every_date_says_how_its_working_days_were_counted(client: Client, court: Court) -> None:
    case = court.received()
    client.force_login(court.person)
    assert "10 个工作日" in read(client, reverse("desk_case", args=[case.number]))
