"""From one thing in the inbox to the next, and who hears on a complaint that a colleague was there before."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from core.clock import BEIJING
from ratings.actions import exits
from ratings.models import Complaint, Measure, Trigger
from tests import cast
from tests.ratings.acting import note
from tests.ratings.complaining import Desk
from tests.ratings.court import Court, let_pass
from tests.ratings.test_repairs import earlier

pytestmark = pytest.mark.django_db


def text(client: Client, who: User | None, path: str) -> str:
    if who is None:
        client.logout()
    else:
        client.force_login(who)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def press(client: Client, who: User, complaint: Complaint, verb: str, **data: str) -> str:
    """What an officer is told whose step is refused."""
    client.force_login(who)
    answer = client.post(reverse("officer_complaint_act", args=[complaint.number, verb]), data)
    assert answer.status_code == 400
    return answer.content.decode()


def following(shown: str) -> str:
    """Where the button for the next thing leads."""
    before = shown[: shown.index('data-testid="following"')]
    return before.rpartition('href="')[2].partition('"')[0]


def test_who_accepts_a_complaint_second_hears_who_did_and_when(client: Client, desk: Desk) -> None:
    complaint = desk.accepted()
    assert complaint.accepted_at is not None
    at = f"{complaint.accepted_at.astimezone(BEIJING):%H:%M}"
    assert f"{desk.first} 已在 {at} 处理" in press(client, desk.second, complaint, "accept")
    assert 'data-testid="taken"' in press(client, desk.second, complaint, "refuse", reasons="不属于受理范围")


def test_of_another_day_the_day_is_told_too(client: Client, desk: Desk) -> None:
    complaint = desk.accepted()
    assert complaint.accepted_at is not None
    at = complaint.accepted_at - timedelta(days=2)
    Complaint.objects.update(accepted_at=at, filed_at=at)
    said = f"{desk.first} 已在 {at.astimezone(BEIJING):%Y-%m-%d %H:%M} 处理"
    assert said in press(client, desk.second, complaint, "accept")


def test_who_decides_second_hears_who_decided(client: Client, desk: Desk) -> None:
    complaint = desk.upheld()
    told = press(
        client, desk.second, complaint, "decide", outcome="dismissed", act="complaint_upheld", reasons="不成立"
    )
    assert complaint.decided_at is not None
    assert f"{desk.first} 已在 {complaint.decided_at.astimezone(BEIJING):%H:%M} 处理" in told


def test_nobody_hears_it_of_himself_or_because_something_is_missing(client: Client, desk: Desk) -> None:
    complaint = desk.accepted()
    assert 'data-testid="taken"' not in press(client, desk.first, complaint, "accept")
    assert 'data-testid="taken"' not in press(client, desk.first, complaint, "put", text="")


def test_after_a_decision_the_next_thing_is_a_press_away_wherever_the_inbox_led(client: Client, desk: Desk) -> None:
    court = Court(desk.agency, "judge")
    case = court.open(Measure.REMOVE, trigger=Trigger.ESTABLISHED)
    of_case = reverse("officer_case", args=[case.number])
    act = note(desk.agency, "subcontracted", "case:1")
    assert act is not None
    earlier(act, 100)
    repair = exits.ask_to_repair_act(court.person, court.party, act.pk, "已整改")
    client.force_login(court.officers[1])
    done = client.post(
        reverse("officer_repair", args=[repair.pk]), {"granted": "yes", "opinion": "整改属实"}, follow=True
    )
    assert following(done.content.decode()) == of_case
    complaint = desk.filed()
    of_complaint = reverse("officer_complaint", args=[complaint.number])
    client.force_login(desk.first)
    done = client.post(reverse("officer_complaint_act", args=[complaint.number, "accept"]), follow=True)
    assert following(done.content.decode()) == of_case
    assert following(text(client, court.officers[1], of_case)) == of_complaint
    assert following(text(client, court.officers[1], f"/a/{desk.agency.uscc}/credit/")) == of_case


def test_who_has_done_everything_is_led_back(client: Client, swift_agency: Agency) -> None:
    court = Court(swift_agency)
    case = court.open()
    shown = text(client, court.officers[1], reverse("officer_case", args=[case.number]))
    assert 'data-testid="following"' not in shown
    assert 'data-testid="inbox-done"' in shown


def test_nobody_else_is_led_through_the_inbox(client: Client, desk: Desk, waterworks: Organisation) -> None:
    Court(desk.agency, "judge").open()
    buyer = cast.person("buyer@next.example", waterworks)
    for reader in (None, desk.person, buyer):
        shown = text(client, reader, f"/a/{desk.agency.uscc}/credit/")
        assert 'data-testid="following"' not in shown
        assert 'data-testid="inbox-done"' not in shown


def test_a_measure_that_was_lifted_leads_on_too(client: Client, swift_agency: Agency) -> None:
    court = Court(swift_agency)
    case = let_pass(court.in_force(), 50)
    repair = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    client.force_login(court.officers[3])
    address = reverse("officer_repair", args=[repair.pk])
    answer = client.post(address, {"granted": "no", "opinion": "未提供佐证"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
