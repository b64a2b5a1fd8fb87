"""A program sets up what it is told of: addresses, secrets that are told once, the log and resending."""

import pytest

from accounts.models import User
from agencies.models import Agency
from api.models import HookDelivery, HookDeliveryStatus, KeyedPress, TokenScope, Webhook
from tests.api.calls import program_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]
WANTED = {"url": "https://hooks.example/in", "scope": "own", "kinds": ["awards"]}


def test_an_address_is_added_and_its_secret_told_once(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    made = program.post("me/webhooks/", WANTED, Idempotency_Key="one")
    assert (made.status, made["secret"][:6]) == (201, "whsec_")
    again = program.post("me/webhooks/", WANTED, Idempotency_Key="one")
    assert (again["id"], again["secret"]) == (made["id"], None)
    assert made["secret"] not in KeyedPress.objects.get().answer
    [row] = program.get("me/webhooks/")["results"]
    assert (row["kinds"], row["disabled_at"]) == (["award."], None)
    assert made["secret"] not in str(row)
    rotated = program.post(f"me/webhooks/{made['id']}/rotate/")
    assert rotated["secret"] not in (None, made["secret"])


def test_what_is_no_address_of_the_public_net_is_refused(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    refused = program.post("me/webhooks/", {**WANTED, "url": "https://127.0.0.1/"})
    assert refused.status == 409
    assert list(program.post("me/webhooks/", {**WANTED, "kinds": ["everything"]})["errors"]) == ["kinds"]
    assert program_of(waterworks_user, TokenScope.READ).post("me/webhooks/", WANTED)["code"] == "E_READ_ONLY_TOKEN"
    assert not Webhook.objects.exists()


def test_an_address_is_tested_switched_off_and_removed(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    path = f"me/webhooks/{program.post('me/webhooks/', WANTED)['id']}/"
    assert program.post(path + "ping/").status == 200
    [message] = program.get(path + "deliveries/")["results"]
    assert (message["kind"], message["status"]) == (None, "waiting")
    assert program.post(path + "off/")["disabled_at"]
    assert program.post(path + "ping/")["code"] == "E_WEBHOOK_OFF"
    resend = f"me/webhooks/deliveries/{message['id']}/resend/"
    assert program.post(resend)["code"] == "E_WEBHOOK_OFF"
    assert program.post(path + "on/")["disabled_at"] is None
    HookDelivery.objects.update(status=HookDeliveryStatus.FAILED, attempts=10)
    assert program.post(resend)["status"] == "waiting"
    assert program.delete(path).status == 200
    assert program.get(path).status == 404


def test_test_messages_have_a_bound_of_their_own(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    path = f"me/webhooks/{program.post('me/webhooks/', WANTED)['id']}/ping/"
    said = [program.post(path).status for _ in range(11)]
    assert said == [*[200] * 10, 429]


def test_anothers_address_is_not_there(waterworks_user: User, swift_agency: Agency) -> None:
    path = f"me/webhooks/{program_of(waterworks_user).post('me/webhooks/', WANTED)['id']}/"
    stranger = program_of(swift_agency.user)  # type: ignore[attr-defined]
    for answer in (stranger.get(path), stranger.get(path + "deliveries/"), stranger.post(path + "rotate/")):
        assert (answer.status, answer["code"]) == (404, "E_NOT_FOUND")
