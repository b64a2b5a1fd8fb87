"""The stand-in's idempotency keys count, also when it fails or its answer is lost."""

from typing import Any

import pytest
import stripe

from tests.contracts.test_standin import opened, order
from tests.plumbing.standin import Standin

# A process of its own stands beside each.
pytestmark = pytest.mark.slow

_KEY: Any = {"idempotency_key": "pay-HT0001-1"}


def test_the_same_key_gets_the_same_answer(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    params: Any = order()
    first = stripe_client.v1.checkout.sessions.create(params, _KEY)
    stripe_standin.act(first.id, "pay")
    again = stripe_client.v1.checkout.sessions.create(params, _KEY)

    assert (again.id, again.status) == (first.id, "open")
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.last_response.headers
    told = stripe_standin.told()
    assert (told["objects"]["sessions"], told["keys"]["pay-HT0001-1"]) == (1, 2)
    assert told["requests"]["POST /v1/checkout/sessions"] == 2


def test_the_same_key_for_another_order_is_refused(stripe_client: stripe.StripeClient) -> None:
    stripe_client.v1.checkout.sessions.create(order(), _KEY)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        stripe_client.v1.checkout.sessions.create(order(fen=1), _KEY)


def test_a_key_remembers_no_form_that_was_filled_in_wrongly(stripe_client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        stripe_client.v1.checkout.sessions.create(order(locale="tlh"), _KEY)
    assert stripe_client.v1.checkout.sessions.create(order(), _KEY).status == "open"


def test_an_answer_that_was_lost_is_got_by_the_key(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    stripe_standin.fail_next("lost", path="/v1/checkout/sessions")
    params: Any = order()
    with pytest.raises(stripe.APIConnectionError):
        stripe_client.v1.checkout.sessions.create(params, _KEY)
    again = stripe_client.v1.checkout.sessions.create(params, _KEY)

    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert stripe_standin.told()["objects"]["sessions"] == 1


def test_the_sdk_itself_tries_again_after_failures(stripe_standin: Standin) -> None:
    stripe_standin.fail_next("500")
    stripe_standin.fail_next("lost")
    opened(stripe_standin.client(retries=2))

    told = stripe_standin.told()
    assert (told["objects"]["sessions"], told["requests"]["POST /v1/checkout/sessions"]) == (1, 3)


def test_a_failing_stripe_does_no_work(stripe_client: stripe.StripeClient, stripe_standin: Standin) -> None:
    stripe_standin.fail_next("500")
    with pytest.raises(stripe.APIError):
        opened(stripe_client)
    assert stripe_standin.told()["objects"]["sessions"] == 0
    assert opened(stripe_client).status == "open"
