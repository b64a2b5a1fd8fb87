"""Paying online over HTTP, and the door that webhooks come in by."""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError
from django.test import Client

import pytest

from contracts import actions
from contracts.models import Payable, Payment, ProviderEvent
from contracts.providers import offer, withdraw
from contracts.providers.stripe import StripeProvider
from tests import cast
from tests.contracts import play
from tests.contracts.browse import Doors
from tests.plumbing.standin import Standin

# A process of its own stands beside each.
pytestmark = pytest.mark.slow

SECRET = "whsec_for_the_tests_of_doors"


@pytest.fixture
def doors(client: Client) -> Doors:
    return Doors(client)


@pytest.fixture
def provider(stripe_standin: Standin) -> Iterator[Standin]:
    offer(StripeProvider(stripe_standin.api_key, stripe_standin.secret, stripe_standin.url))
    yield stripe_standin
    withdraw("stripe")


def test_paying_online_leads_away_and_back(doors: Doors, provider: Standin, payable: Payable) -> None:
    number = play.number_of(payable)
    doors.acting_as(play.contract(number).buyer)
    sent = {"key": str(uuid.uuid4()), "method": "stripe", "amount": "90000"}
    assert doors.send(f"/payables/{payable.pk}/online/", **(sent | {"amount": "90001"}))[0] == 400
    answer = doors.client.post(f"/payables/{payable.pk}/online/", sent)
    payment = Payment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, payment.address)
    back = doors.client.get(f"/payments/{payment.pk}/", follow=True)
    assert "支付结果尚未确认" in back.content.decode()
    provider.act(payment.reference, "pay")
    back = doors.client.get(f"/payments/{payment.pk}/", follow=True)
    assert "支付成功，款项已入账" in back.content.decode()
    assert play.owed(payable) == 0


def test_a_checkout_is_given_up(doors: Doors, provider: Standin, payable: Payable) -> None:
    one = play.contract(play.number_of(payable))
    doors.acting_as(one.buyer)
    doors.client.post(
        f"/payables/{payable.pk}/online/", {"key": str(uuid.uuid4()), "method": "stripe", "amount": "100"}
    )
    payment = Payment.objects.get()
    assert doors.acting_as(one.agency).send(f"/payments/{payment.pk}/cancel/")[0] == 400
    assert doors.acting_as(one.buyer).send(f"/payments/{payment.pk}/cancel/")[0] == 200
    assert play.owed(payable) == cast.yuan("90000")


def test_the_payee_gives_back_what_came_online(doors: Doors, provider: Standin, payable: Payable) -> None:
    one = play.contract(play.number_of(payable))
    payment = actions.pay_online(play.user_of(one.buyer), one.buyer, payable.pk, uuid.uuid4(), "stripe", 9_000_000)
    provider.act(payment.reference, "pay")
    doors.acting_as(one.buyer).client.get(f"/payments/{payment.pk}/")
    refund = {"key": str(uuid.uuid4()), "amount": "500"}
    assert doors.send(f"/payments/{payment.pk}/refund/", **refund)[0] == 400
    doors.acting_as(one.agency)
    assert doors.send(f"/payments/{payment.pk}/refund/", **(refund | {"amount": "90001"}))[0] == 400
    assert doors.send(f"/payments/{payment.pk}/refund/", **refund)[0] == 200
    assert play.owed(payable) == cast.yuan("500")


def test_a_provider_that_is_away_is_said_so(doors: Doors, payable: Payable) -> None:
    offer(StripeProvider("sk_test_x", SECRET, "http://127.0.0.1:9"))
    try:
        doors.acting_as(play.contract(play.number_of(payable)).buyer)
        sent = {"key": str(uuid.uuid4()), "method": "stripe", "amount": "90000"}
        status, shown = doors.send(f"/payables/{payable.pk}/online/", **sent)
        assert (status, "支付服务暂时没有响应" in shown) == (400, True)
        answer = doors.client.get(f"/payments/{Payment.objects.get().pk}/", follow=True)
        assert "请勿重复支付" in answer.content.decode()
    finally:
        withdraw("stripe")


def test_what_a_provider_does_not_take_is_said_so(doors: Doors, provider: Standin, payable: Payable) -> None:
    one = play.contract(play.number_of(payable))
    play.account(one.agency, online="nowhere")
    doors.acting_as(one.buyer)
    sent = {"key": str(uuid.uuid4()), "method": "stripe", "amount": "90000"}
    status, shown = doors.send(f"/payables/{payable.pk}/online/", **sent)
    assert (status, "支付服务没有接受该笔付款" in shown) == (200, True)
    assert play.owed(payable) == cast.yuan("90000")


@pytest.fixture
def listening() -> Iterator[None]:
    """Stripe is offered; nothing is asked of it."""
    offer(StripeProvider("sk_test_x", SECRET, "http://127.0.0.1:9"))
    yield
    withdraw("stripe")


def tell(client: Client, kind: str = "checkout.session.completed", *, secret: str = SECRET, pad: str = "") -> int:
    """Send what Stripe would send; the status."""
    about = {"id": "cs_1", "object": "checkout.session", "pad": pad}
    event = {"id": "evt_1", "object": "event", "type": kind, "api_version": "2025-01-01", "data": {"object": about}}
    body, now = json.dumps(event), int(time.time())
    signed = hmac.new(secret.encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    answer = client.post(
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": f"t={now},v1={signed}"},
    )
    return answer.status_code


def test_a_webhook_is_kept_once_and_answered_each_time(db: None, client: Client, listening: None) -> None:
    assert [tell(client), tell(client), tell(client, "radar.something.new")] == [200, 200, 200]
    assert ProviderEvent.objects.get().about == "cs_1"


def test_forged_and_overlong_webhooks_are_not(db: None, client: Client, listening: None) -> None:
    assert tell(client, secret="whsec_another") == 400
    assert tell(client, pad="x" * 300_000) == 413
    assert client.get("/webhooks/stripe/").status_code == 405
    assert not ProviderEvent.objects.exists()


def test_a_webhook_needs_no_session_and_no_token(db: None, listening: None) -> None:
    assert tell(Client(enforce_csrf_checks=True)) == 200


def test_without_a_provider_there_is_no_such_door(db: None, client: Client) -> None:
    assert tell(client) == 404


def test_trouble_with_the_database_lets_it_be_sent_again(
    db: None, client: Client, listening: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_fields: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(ProviderEvent.objects, "get_or_create", away)
    assert tell(client) == 503
