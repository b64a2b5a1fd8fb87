"""Stripe: Checkout Sessions in CNY with card, Alipay and WeChat Pay (DESIGN §6)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

import stripe

from contracts.providers import Event, Forged, Opened, Order, Rejected, Stage, Standing, Unavailable

T = TypeVar("T")

LIVE_API = "https://api.stripe.com"
_HOSTED_PAGE = "https://checkout.stripe.com"
_METHODS = ("card", "alipay", "wechat_pay")
# Seconds that a webhook's signature stays good.
_TOLERANCE = 300
_ANSWER_WITHIN = 20
# A refund in one of these states has given nothing back.
_CAME_BACK = ("failed", "canceled")
# A dispute in one of these states has taken no money.
_ONLY_ASKING = ("warning_needs_response", "warning_under_review", "warning_closed")


class StripeProvider:
    """`PaymentProvider` over the SDK; `api` differs from production's only in tests and demo."""

    name = "stripe"
    label = _("在线支付（银行卡、支付宝、微信支付）")

    def __init__(self, key: str, secret: str, api: str = LIVE_API) -> None:
        self._secret = secret
        self.origin = _HOSTED_PAGE if api == LIVE_API else "{0.scheme}://{0.netloc}".format(urlsplit(api))
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": api},
            http_client=stripe.RequestsClient(timeout=_ANSWER_WITHIN),
            max_network_retries=1,
        )

    def open(self, order: Order) -> Opened:
        session = self._ask(
            lambda: self._client.v1.checkout.sessions.create(_session(order), {"idempotency_key": order.key})
        )
        return Opened(session.id, session.url or "")

    def find(self, order: Order) -> Opened | None:
        around: Any = {
            "gte": int((order.started_at - timedelta(minutes=5)).timestamp()),
            "lte": int((order.started_at + timedelta(days=2)).timestamp()),
        }
        page = self._ask(lambda: self._client.v1.checkout.sessions.list({"created": around, "limit": 100}))
        for session in self._ask(lambda: list(page.auto_paging_iter())):
            if session.client_reference_id == order.key:
                return Opened(session.id, session.url or "")
        return None

    def read(self, reference: str) -> Standing:
        session = self._ask(
            lambda: self._client.v1.checkout.sessions.retrieve(
                reference, {"expand": ["payment_intent", "payment_intent.latest_charge"]}
            )
        )
        intent: Any = session.payment_intent
        if session.payment_status != "paid" or session.currency != "cny":
            return Standing(_unpaid(session, intent), intent=intent.id if intent else "")
        withdrawn, reinstated = self._disputed(intent.id) if intent.latest_charge.disputed else (0, 0)
        refunded, unrefunded = self._refunded(intent.id)
        return Standing(
            Stage.PAID,
            received=intent.amount_received,
            refunded=refunded,
            unrefunded=unrefunded,
            withdrawn=withdrawn,
            reinstated=reinstated,
            intent=intent.id,
        )

    def expire(self, reference: str) -> None:
        # Paid or expired meanwhile: the next read says which.
        with suppress(Rejected):
            self._ask(lambda: self._client.v1.checkout.sessions.expire(reference))

    def refund(self, intent: str, amount: int, key: str) -> None:
        order: Any = {"payment_intent": intent, "amount": amount}
        if self._ask(lambda: self._client.v1.payment_intents.retrieve(intent)).transfer_data:
            # What was passed on to the agency's account comes from there, not out of the platform's pocket.
            order["reverse_transfer"] = True
        self._ask(lambda: self._client.v1.refunds.create(order, {"idempotency_key": key}))

    def event(self, request: HttpRequest) -> Event:
        signature = request.headers.get("Stripe-Signature", "")
        try:
            event = stripe.Webhook.construct_event(request.body, signature, self._secret, tolerance=_TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise Forged(str(error)) from error
        # The SDK's objects are no mappings any more.
        return Event(event.id, event.type, _about(event.data.object.to_dict()))

    def _refunded(self, intent: str) -> tuple[int, int]:
        """What was given back of a payment, and what of it the payer's bank sent back again.

        The charge's own total falls when a refund fails, and so cannot tell an old answer from a new one.
        """
        page = self._ask(lambda: self._client.v1.refunds.list({"payment_intent": intent, "limit": 100}))
        refunds = self._ask(lambda: list(page.auto_paging_iter()))
        return sum(r.amount for r in refunds), sum(r.amount for r in refunds if r.status in _CAME_BACK)

    def _disputed(self, intent: str) -> tuple[int, int]:
        """What disputes took back of a payment, and what of it was given back."""
        disputes = self._ask(lambda: self._client.v1.disputes.list({"payment_intent": intent}).data)
        taken = [dispute for dispute in disputes if dispute.status not in _ONLY_ASKING]
        return sum(d.amount for d in taken), sum(d.amount for d in taken if d.status == "won")

    def _ask(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError) as error:
            raise Rejected(str(error)) from error
        except stripe.StripeError as error:
            raise Unavailable(str(error)) from error


def _session(order: Order) -> Any:
    intent: dict[str, Any] = {"metadata": {"payment": order.key, "request": order.number}}
    if order.payee_account:
        intent["transfer_data"] = {"destination": order.payee_account}
    return {
        "mode": "payment",
        "client_reference_id": order.key,
        "payment_method_types": list(_METHODS),
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "cny",
                    "unit_amount": order.amount,
                    "product_data": {"name": order.title},
                },
            }
        ],
        "payment_intent_data": intent,
        "metadata": {"payment": order.key, "request": order.number},
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": int(order.expires_at.timestamp()),
        "locale": "auto",
    }


def _unpaid(session: Any, intent: Any) -> Stage:
    if session.status == "expired":
        return Stage.EXPIRED
    if session.status == "complete":
        # A method that confirms later has said yes, or no.
        failed = intent is not None and intent.status in ("requires_payment_method", "canceled")
        return Stage.DECLINED if failed else Stage.PROCESSING
    return Stage.OPEN


def _about(subject: Mapping[str, Any]) -> str:
    """The session or payment intent that an event's object belongs to."""
    match subject.get("object"):
        case "checkout.session" | "payment_intent":
            return str(subject["id"])
        case "charge" | "dispute" | "refund":
            intent = subject.get("payment_intent")
            return str(intent["id"] if isinstance(intent, dict) else intent or "")
        case _:
            return ""
