"""The stand-in's webhooks: signed, tried again, and late, doubled, reordered, forged, stale or lost on demand."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.contracts.test_standin import opened, paid
from tests.plumbing.standin import Standin, StandinRefused, Webhooks

# A process of its own stands beside each.
pytestmark = pytest.mark.slow

_PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


@pytest.fixture
def standin(stripe_standin: Standin, webhooks: Webhooks) -> Standin:
    """Sends its webhooks to `webhooks`, and does not wait long before it tries again."""
    stripe_standin.send_webhooks_to(webhooks.url, backoff=0.02)
    return stripe_standin


def test_a_payment_is_told_in_order_and_signed(standin: Standin, webhooks: Webhooks) -> None:
    session = opened(standin.client())
    standin.act(session.id, "pay")
    standin.settle()

    events = webhooks.events(standin.secret)
    assert [event.type for event in events] == _PAID
    assert events[-1].data.object.id == session.id
    assert events[-1].data.object.payment_status == "paid"
    assert events[-1].api_version == stripe.api_version


def _refunded(standin: Standin) -> None:
    standin.client().v1.refunds.create({"payment_intent": paid(standin), "amount": 1})


def _lost(standin: Standin) -> None:
    intent = paid(standin)
    standin.dispute(intent)
    standin.dispute(intent, "lost")


def _won(standin: Standin) -> None:
    intent = paid(standin)
    standin.dispute(intent)
    standin.dispute(intent, "won")


def _acts(*verbs: str) -> Any:
    def play(standin: Standin) -> None:
        session = opened(standin.client())
        for verb in verbs:
            standin.act(session.id, verb)

    return play


_DISPUTED = ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"]


@pytest.mark.parametrize(
    ("play", "told"),
    [
        (_acts("expire"), ["checkout.session.expired"]),
        (_acts("decline"), ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]),
        (_acts("challenge", "pay"), ["payment_intent.created", "payment_intent.requires_action", *_PAID[1:]]),
        (
            _acts("promise", "async_succeed"),
            [
                *("payment_intent.created", "payment_intent.processing", "checkout.session.completed"),
                *("charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"),
            ],
        ),
        (
            _acts("promise", "async_fail"),
            [
                *("payment_intent.created", "payment_intent.processing", "checkout.session.completed"),
                *("charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"),
            ],
        ),
        (_refunded, [*_PAID, "charge.refunded", "refund.created"]),
        (_lost, [*_PAID, *_DISPUTED]),
        (_won, [*_PAID, *_DISPUTED, "charge.dispute.funds_reinstated"]),
    ],
    ids=["expired", "declined", "3-D Secure", "succeeds later", "fails later", "refunded", "lost", "won"],
)
def test_every_turn_is_told(standin: Standin, webhooks: Webhooks, play: Any, told: list[str]) -> None:
    play(standin)
    standin.settle()
    assert webhooks.types() == told


def test_an_event_shows_how_things_stood_then(standin: Standin, webhooks: Webhooks) -> None:
    session = opened(standin.client())
    standin.act(session.id, "promise")
    standin.act(session.id, "async_succeed")
    standin.settle()
    statuses = {event.type: event.data.object for event in webhooks.events(standin.secret)}
    assert statuses["checkout.session.completed"].payment_status == "unpaid"
    assert statuses["checkout.session.async_payment_succeeded"].payment_status == "paid"


def test_it_tries_again_until_the_receiver_answers(standin: Standin, webhooks: Webhooks) -> None:
    webhooks.answers = [500, 404, 302]
    standin.act(opened(standin.client()).id, "expire")

    assert [delivery["attempts"] for delivery in standin.settle()] == [[500, 404, 302, 200]]
    assert len({event.id for event in webhooks.events(standin.secret)}) == 1
    assert len(webhooks.heard) == 4


def test_it_gives_up_in_the_end(standin: Standin, webhooks: Webhooks) -> None:
    standin.control(attempts=3)
    webhooks.answers = [500] * 9
    standin.act(opened(standin.client()).id, "expire")

    [delivery] = standin.settle()
    assert (delivery["status"], delivery["attempts"]) == ("failed", [500] * 3)


def test_it_tries_again_when_nobody_answers(standin: Standin, webhooks: Webhooks) -> None:
    standin.control(webhook_url="http://127.0.0.1:9/nobody", backoff=0.3)
    standin.act(opened(standin.client()).id, "expire")
    standin.control(webhook_url=webhooks.url)

    [delivery] = standin.settle()
    assert delivery["status"] == "delivered"
    assert set(delivery["attempts"][:-1]) <= {0}


def test_held_webhooks_come_late_and_in_any_order(standin: Standin, webhooks: Webhooks) -> None:
    standin.hold()
    paid(standin)
    assert webhooks.heard == []

    standin.deliver("reverse")
    assert webhooks.types() == _PAID[::-1]
    assert standin.deliver() == []


@pytest.mark.parametrize("how", ["twice", "together"])
def test_each_may_come_twice(standin: Standin, webhooks: Webhooks, how: str) -> None:
    standin.hold()
    paid(standin)
    standin.deliver(how)
    ids = [event.id for event in webhooks.events(standin.secret)]
    assert (len(ids), len(set(ids))) == (8, 4)


def test_one_kind_may_overtake_the_others(standin: Standin, webhooks: Webhooks) -> None:
    standin.hold()
    paid(standin)
    standin.deliver(only=["checkout.session.completed"])
    standin.deliver()
    assert webhooks.types() == [_PAID[3], *_PAID[:3]]


@pytest.mark.parametrize(("how", "why"), [("forge", "No signatures found"), ("stale", "outside the tolerance")])
def test_false_ones_do_not_verify_and_leave_the_true_ones(
    standin: Standin, webhooks: Webhooks, how: str, why: str
) -> None:
    standin.hold()
    standin.act(opened(standin.client()).id, "expire")
    webhooks.answers = [400]
    assert [sent["status"] for sent in standin.deliver(how)] == [400]
    with pytest.raises(stripe.SignatureVerificationError, match=why):
        webhooks.events(standin.secret)

    webhooks.heard.clear()
    assert [sent["status"] for sent in standin.deliver()] == [200]
    assert [event.type for event in webhooks.events(standin.secret)] == ["checkout.session.expired"]


def test_lost_ones_never_come(standin: Standin, webhooks: Webhooks) -> None:
    standin.hold()
    intent = paid(standin)
    standin.deliver("drop")
    standin.control(hold=False)
    standin.client().v1.refunds.create({"payment_intent": intent})

    assert {delivery["status"] for delivery in standin.settle()} == {"dropped", "delivered"}
    assert webhooks.types() == ["charge.refunded", "refund.created"]


def test_an_old_event_may_come_again(standin: Standin, webhooks: Webhooks) -> None:
    standin.act(opened(standin.client()).id, "expire")
    [delivery] = standin.settle()
    standin.control(resend=delivery["event"])
    standin.settle()
    assert len({event.id for event in webhooks.events(standin.secret)}) == 1
    assert len(webhooks.heard) == 2


def test_the_door_refuses_what_it_does_not_know(standin: Standin) -> None:
    with pytest.raises(StandinRefused, match="no way to deliver called sideways"):
        standin.deliver("sideways")
    with pytest.raises(StandinRefused, match="no such fault"):
        standin.fail_next("429")
    with pytest.raises(StandinRefused, match=r"No such checkout\.session"):
        standin.act("cs_test_nothing", "pay")


def test_its_memory_outlives_it(tmp_path: Path, webhooks: Webhooks) -> None:
    standin = Standin(tmp_path / "standin.log", state=tmp_path / "stripe.json")
    try:
        standin.send_webhooks_to(webhooks.url, hold=True)
        intent = paid(standin)
        standin.stop()
        standin.start()
        assert standin.client().v1.payment_intents.retrieve(intent).status == "succeeded"
        standin.deliver()
        assert [event.type for event in webhooks.events(standin.secret)] == _PAID
    finally:
        standin.stop()


def test_sessions_expire_by_themselves(tmp_path: Path, webhooks: Webhooks) -> None:
    memory = tmp_path / "stripe.json"
    standin = Standin(tmp_path / "standin.log", state=memory)
    try:
        standin.send_webhooks_to(webhooks.url)
        session, later = opened(standin.client()), opened(standin.client())
        standin.stop()
        known = json.loads(memory.read_text())
        known["sessions"][session.id]["expires_at"] -= 3600
        memory.write_text(json.dumps(known))
        standin.start()
        give_up = time.monotonic() + 10
        while not standin.told()["deliveries"] and time.monotonic() < give_up:
            time.sleep(0.02)
        standin.settle()
        assert [event.data.object.id for event in webhooks.events(standin.secret)] == [session.id]
        assert standin.client().v1.checkout.sessions.retrieve(later.id).status == "open"
    finally:
        standin.stop()
