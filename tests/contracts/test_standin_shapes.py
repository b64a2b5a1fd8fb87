"""The stand-in's PaymentIntent and Refund look as another imitation of Stripe, and the SDK itself, know them.

`localstripe` is GPL: it runs as a process of its own and is never imported. It still answers a few fields that Stripe
has retired; those the SDK does not know, and we do not answer them, lest anybody read them.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from config.postgres import free_port
from config.processes import dies_with_parent
from tests.plumbing.standin import Standin

pytestmark = pytest.mark.slow

_READY_WITHIN = 20.0
# What they still answer and the current API does not have.
_RETIRED = {"PaymentIntent": {"charges", "invoice"}, "Refund": {"date", "livemode"}}

Shape = dict[str, Any]

# It would listen on every address of the machine, and keep what it knows in one file of the machine's, which belongs to
# whoever ran it first; it has no option against either.
_BY_ITSELF = """
import builtins, os, runpy, socket

bind, open_ = socket.socket.bind, open
socket.socket.bind = lambda self, where: bind(self, ("::1", *where[1:]))
builtins.open = lambda file, *how, **more: open_(
    os.path.basename(file) if file == "/tmp/localstripe.pickle" else file, *how, **more
)
runpy.run_module("localstripe", run_name="__main__")
"""


@pytest.fixture
def localstripe(tmp_path: Path) -> Iterator[stripe.StripeClient]:
    port, log = free_port(), tmp_path / "localstripe.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", _BY_ITSELF, "--port", str(port), "--from-scratch"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
    client = stripe.StripeClient("sk_test_12345", base_addresses={"api": f"http://[::1]:{port}"})
    try:
        _wait_for(client, process, log)
        yield client
    finally:
        process.kill()
        process.wait()


def test_payment_intent_and_refund_have_the_fields_of_localstripe(
    localstripe: stripe.StripeClient, stripe_standin: Standin
) -> None:
    card: Any = {"number": "4242424242424242", "exp_month": 12, "exp_year": time.gmtime().tm_year + 2, "cvc": "123"}
    method = localstripe.v1.payment_methods.create({"type": "card", "card": card})

    theirs = _pay_and_refund(localstripe, method.id)
    ours = _pay_and_refund(stripe_standin.client(), "pm_card_visa")

    for their, our, known in zip(theirs, ours, (stripe.PaymentIntent, stripe.Refund), strict=True):
        assert set(their) - set(our) == _RETIRED[known.__name__]
        assert not _RETIRED[known.__name__] & set(known.__annotations__), "Stripe has these after all"
        assert set(our) <= set(known.__annotations__), "we answer what Stripe does not"
        assert _differing(their, our) == {}


def test_the_other_objects_have_no_field_that_the_sdk_does_not_know(stripe_standin: Standin) -> None:
    client = stripe_standin.client()
    price: Any = {"currency": "cny", "unit_amount": 100, "product_data": {"name": "合同款"}}
    session = client.v1.checkout.sessions.create(
        {"mode": "payment", "success_url": "http://127.0.0.1", "line_items": [{"price_data": price, "quantity": 1}]}
    )
    stripe_standin.dispute(str(stripe_standin.act(session.id, "pay")["payment_intent"]))
    for found in (
        client.v1.checkout.sessions.retrieve(session.id),
        client.v1.charges.list().data[0],
        client.v1.disputes.list().data[0],
        client.v1.events.list().data[0],
    ):
        assert set(found.to_dict()) <= set(type(found).__annotations__)


def test_a_declined_test_card_is_a_card_error(stripe_standin: Standin) -> None:
    intents = stripe_standin.client().v1.payment_intents
    with pytest.raises(stripe.CardError) as refused:
        intents.create({"amount": 100, "currency": "cny", "payment_method": "pm_card_chargeDeclined", "confirm": True})
    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    [left] = intents.list().data
    assert left.status == "requires_payment_method"
    with pytest.raises(stripe.InvalidRequestError, match="cannot confirm"):
        intents.confirm(left.id)


def _pay_and_refund(client: stripe.StripeClient, method: str) -> tuple[Shape, Shape]:
    intents = client.v1.payment_intents
    made = intents.create({"amount": 10_000, "currency": "cny", "payment_method": method})
    assert made.status == "requires_confirmation"
    intents.confirm(made.id)
    refund = client.v1.refunds.create({"payment_intent": made.id, "amount": 3_000})
    paid = intents.retrieve(made.id, {"expand": ["latest_charge"]})
    assert (paid.status, refund.status, refund.amount) == ("succeeded", "succeeded", 3_000)
    return json.loads(paid.last_response.body), json.loads(refund.last_response.body)


def _differing(their: Shape, our: Shape) -> dict[str, tuple[str, str]]:
    """Fields in both whose JSON types are not the same, where both have a value."""
    both = {name: (_type(their[name]), _type(our[name])) for name in set(their) & set(our)}
    return {name: types for name, types in both.items() if "null" not in types and len(set(types)) > 1}


def _type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _wait_for(client: stripe.StripeClient, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + _READY_WITHIN
    while True:
        try:
            client.v1.payment_intents.list()
            return
        except stripe.APIConnectionError:
            assert process.poll() is None, f"localstripe did not start:\n{log.read_text()[-2000:]}"
            assert time.monotonic() < give_up, f"localstripe did not answer:\n{log.read_text()[-2000:]}"
            time.sleep(0.05)
