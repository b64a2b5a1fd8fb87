"""The stand-in answers the real SDK as Stripe would: sessions, refusals, refunds and disputes."""

import time
from typing import Any

import pytest
import stripe

from tests.plumbing.standin import Standin, StandinRefused

# A process of its own stands beside each.
pytestmark = pytest.mark.slow


def order(fen: int = 10_015_000, **changes: Any) -> dict[str, Any]:
    """What the platform asks a session for."""
    return {
        "mode": "payment",
        "line_items": [
            {"price_data": {"currency": "cny", "unit_amount": fen, "product_data": {"name": "合同款"}}, "quantity": 1}
        ],
        "payment_method_types": ["card", "alipay", "wechat_pay"],
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "client_reference_id": "HT0001",
        "metadata": {"payment": "17"},
        "payment_intent_data": {"metadata": {"payment": "17"}},
        "success_url": "http://127.0.0.1/paid?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1/back",
        "expires_at": int(time.time()) + 3600,
        "locale": "zh",
        **changes,
    }


def opened(client: stripe.StripeClient, **changes: Any) -> stripe.checkout.Session:
    return client.v1.checkout.sessions.create(order(**changes))


def paid(standin: Standin, fen: int = 10_000) -> str:
    """A payment that went through; its PaymentIntent."""
    session = opened(standin.client(), fen=fen)
    return str(standin.act(session.id, "pay")["payment_intent"])


def test_a_session_is_open_and_unpaid_at_first(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)

    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (10_015_000, "cny")
    assert session.url == f"{stripe_standin.url}/pay/{session.id}"
    assert stripe_client.v1.checkout.sessions.retrieve(session.id).to_dict() == session.to_dict()


def test_its_line_items_are_shown_on_request(stripe_client: stripe.StripeClient) -> None:
    session = opened(stripe_client)

    assert "line_items" not in session
    shown = stripe_client.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert [line.description for line in shown.line_items.data] == ["合同款"]
    assert stripe_client.v1.checkout.sessions.line_items.list(session.id).data[0].amount_total == 10_015_000


def test_a_paid_session_leads_to_intent_and_charge(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    stripe_standin.act(session.id, "pay", "alipay")

    after = stripe_client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})

    assert (after.status, after.payment_status, after.url) == ("complete", "paid", None)
    assert after.payment_intent.status == "succeeded"
    assert after.payment_intent.metadata["payment"] == "17"
    assert after.payment_intent.latest_charge.payment_method_details.type == "alipay"
    assert after.payment_intent.latest_charge.amount_captured == 10_015_000
    assert stripe_client.v1.charges.retrieve(after.payment_intent.latest_charge.id).paid


def test_a_declined_payer_may_try_again(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    intent = stripe_standin.act(session.id, "decline")["payment_intent"]

    failed = stripe_client.v1.payment_intents.retrieve(intent)
    assert (failed.status, failed.last_payment_error.code) == ("requires_payment_method", "card_declined")

    again = stripe_standin.act(session.id, "pay")
    assert (again["payment_intent"], again["payment_status"]) == (intent, "paid")


@pytest.mark.parametrize(
    ("verb", "payment", "intent"),
    [("async_succeed", "paid", "succeeded"), ("async_fail", "unpaid", "requires_payment_method")],
)
def test_a_wallet_answers_later(
    stripe_client: stripe.StripeClient, stripe_standin: Standin, verb: str, payment: str, intent: str
) -> None:
    session = opened(stripe_client)
    waiting = stripe_standin.act(session.id, "promise", "wechat_pay")
    assert (waiting["status"], waiting["payment_status"]) == ("complete", "unpaid")
    assert stripe_client.v1.payment_intents.retrieve(waiting["payment_intent"]).status == "processing"

    assert stripe_standin.act(session.id, verb)["payment_status"] == payment
    assert stripe_client.v1.payment_intents.retrieve(waiting["payment_intent"]).status == intent


def test_a_card_never_answers_later(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    with pytest.raises(StandinRefused, match="Cards answer at once"):
        stripe_standin.act(session.id, "promise", "card")
    with pytest.raises(StandinRefused, match="cannot async_succeed"):
        stripe_standin.act(session.id, "async_succeed")


def test_an_answer_comes_once(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    for verb in ("promise", "async_fail"):
        stripe_standin.act(session.id, verb)
    with pytest.raises(StandinRefused, match="cannot async_succeed"):
        stripe_standin.act(session.id, "async_succeed")


def test_nobody_pays_a_session_twice(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    stripe_standin.act(session.id, "pay")
    with pytest.raises(StandinRefused, match="complete"):
        stripe_standin.act(session.id, "pay")


def test_an_expired_session_cannot_be_paid(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    assert stripe_client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(StandinRefused, match="expired"):
        stripe_standin.act(session.id, "pay")


def test_a_paid_session_cannot_be_expired(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client)
    stripe_standin.act(session.id, "pay")
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        stripe_client.v1.checkout.sessions.expire(session.id)


def _line(**price: Any) -> list[dict[str, Any]]:
    data = {"currency": "cny", "unit_amount": 100, "product_data": {"name": "合同款"}, **price}
    return [{"price_data": data, "quantity": 1}]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"expires_at": int(time.time()) + 60}, "expires_at"),
        ({"expires_at": int(time.time()) + 3 * 86400}, "expires_at"),
        ({"payment_method_options": {}}, "payment_method_options[wechat_pay][client]"),
        ({"payment_method_types": ["cash"]}, "payment_method_types[0]"),
        ({"line_items": _line(unit_amount=100_000_000)}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": _line(unit_amount="12.50")}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": _line(currency="xyz")}, "line_items[0][price_data][currency]"),
        ({"line_items": []}, "line_items"),
        ({"metadata": {"note": "长" * 501}}, "metadata[note]"),
        ({"locale": "tlh"}, "locale"),
        (
            {"payment_intent_data": {"transfer_data": {"destination": "62220000"}}},
            "payment_intent_data[transfer_data][destination]",
        ),
        ({"colour": "red"}, "colour"),
    ],
)
def test_it_refuses_what_stripe_refuses(
    stripe_client: stripe.StripeClient, changes: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        opened(stripe_client, **changes)
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_only_the_key_opens_the_door(stripe_standin: Standin) -> None:
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key"):
        stripe_standin.client(api_key="sk_test_of_somebody_else").v1.refunds.list()


def test_what_does_not_exist_is_a_404(stripe_client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_client.v1.checkout.sessions.retrieve("cs_test_nothing")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        stripe_client.v1.customers.list()


def test_sessions_are_listed_newest_first_in_pages(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    made = [opened(stripe_client).id for _ in range(5)]
    made.reverse()
    intent = stripe_standin.act(made[0], "pay")["payment_intent"]

    sessions = stripe_client.v1.checkout.sessions
    page = sessions.list({"limit": 2})
    assert ([row.id for row in page.data], page.has_more) == (made[:2], True)
    assert [row.id for row in sessions.list({"limit": 2, "starting_after": made[1]}).data] == made[2:4]
    assert [row.id for row in sessions.list({"limit": 2}).auto_paging_iter()] == made
    assert [row.id for row in sessions.list({"payment_intent": intent}).data] == made[:1]
    assert sessions.list({"created": {"gte": int(time.time()) + 100}}).data == []
    assert len(sessions.list({"created": {"lte": int(time.time())}}).data) == 5
    with pytest.raises(stripe.InvalidRequestError):
        sessions.list({"limit": 101})


def test_refunds_go_up_to_what_was_paid(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    intent = paid(stripe_standin, 10_000)
    refunds = stripe_client.v1.refunds
    part = refunds.create({"payment_intent": intent, "amount": 3_000, "reason": "requested_by_customer"})
    assert (part.amount, part.status, part.payment_intent) == (3_000, "succeeded", intent)

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as refused:
        refunds.create({"payment_intent": intent, "amount": 7_001})
    assert refused.value.param == "amount"

    rest = refunds.create({"payment_intent": intent, "metadata": {"payment": "17"}})
    assert (rest.amount, rest.metadata["payment"]) == (7_000, "17")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refunds.create({"payment_intent": intent, "amount": 1})
    assert refused.value.code == "charge_already_refunded"

    assert [row.id for row in refunds.list({"payment_intent": intent}).data] == [rest.id, part.id]
    assert refunds.retrieve(part.id, {"expand": ["charge"]}).charge.amount_refunded == 10_000


def test_nothing_is_refunded_before_it_is_paid(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    intent = stripe_standin.act(opened(stripe_client).id, "decline")["payment_intent"]
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        stripe_client.v1.refunds.create({"payment_intent": intent})


def test_a_refund_may_come_back(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    intent = paid(stripe_standin)
    refund = stripe_client.v1.refunds.create({"payment_intent": intent})
    stripe_standin.control(refund=refund.id, act="fail")

    after = stripe_client.v1.refunds.retrieve(refund.id, {"expand": ["charge"]})
    assert (after.status, after.charge.amount_refunded, after.charge.refunded) == ("failed", 0, False)
    with pytest.raises(StandinRefused, match="cannot fail"):
        stripe_standin.control(refund=refund.id, act="fail")


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute_is_opened_and_closed(
    stripe_client: stripe.StripeClient, stripe_standin: Standin, outcome: str
) -> None:
    intent = paid(stripe_standin)
    stripe_standin.dispute(intent)
    assert [row.status for row in stripe_client.v1.disputes.list({"payment_intent": intent}).data] == ["needs_response"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"

    stripe_standin.dispute(intent, outcome)
    assert stripe_client.v1.disputes.list({"payment_intent": intent}).data[0].status == outcome
    with pytest.raises(StandinRefused, match="No dispute is open"):
        stripe_standin.dispute(intent, outcome)


def test_money_that_a_won_dispute_brought_back_can_be_refunded(
    stripe_client: stripe.StripeClient, stripe_standin: Standin
) -> None:
    won, lost = paid(stripe_standin), paid(stripe_standin)
    for intent, outcome in ((won, "won"), (lost, "lost")):
        stripe_standin.dispute(intent)
        stripe_standin.dispute(intent, outcome)
    assert stripe_client.v1.refunds.create({"payment_intent": won}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        stripe_client.v1.refunds.create({"payment_intent": lost})


def test_a_bank_that_only_asks_takes_no_money(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    intent = paid(stripe_standin)
    stripe_standin.dispute(intent, "ask")
    assert stripe_client.v1.disputes.list({"payment_intent": intent}).data[0].status == "warning_needs_response"
    assert stripe_client.v1.refunds.create({"payment_intent": intent}).status == "succeeded"
    assert stripe_standin.dispute(intent, "won")["status"] == "warning_closed"


def test_a_payment_may_go_to_the_payees_account(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    session = opened(stripe_client, payment_intent_data={"transfer_data": {"destination": "acct_agency"}})
    intent = stripe_standin.act(session.id, "pay")["payment_intent"]
    assert stripe_client.v1.payment_intents.retrieve(intent).transfer_data.destination == "acct_agency"


def test_nobody_disputes_what_was_never_paid(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    intent = stripe_standin.act(opened(stripe_client).id, "decline")["payment_intent"]
    with pytest.raises(StandinRefused, match="Nobody disputes"):
        stripe_standin.dispute(str(intent))


def test_events_can_be_read_when_no_webhook_came(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    paid(stripe_standin)
    assert [event.type for event in stripe_client.v1.events.list({"limit": 2}).data] == [
        "checkout.session.completed",
        "payment_intent.succeeded",
    ]
    only = stripe_client.v1.events.list({"type": "checkout.session.completed"}).data
    assert [event.data.object.payment_status for event in only] == ["paid"]
