"""A payment provider that moves no money: the same states as Stripe's, chosen by whoever pays on the demo's own page."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.actions import take_event
from contracts.providers import Event, Forged, Opened, Order, Rejected, Stage, Standing
from core.clock import database_now
from demo.models import Outcome, PretendCheckout

# What confirms later is there after so long.
_LATER = timedelta(seconds=20)
_REMEMBERED = timedelta(minutes=5)


class PretendProvider:
    """`PaymentProvider` over a table of the demo's; the database's clock says what has come in."""

    name = "pretend"
    label = _("演示支付（不会扣款）")
    origin = ""

    def open(self, order: Order) -> Opened:
        checkout, _new = PretendCheckout.objects.get_or_create(
            key=order.key,
            defaults={
                "reference": f"pretend_{secrets.token_hex(12)}",
                "amount": order.amount,
                "title": order.title,
                "number": order.number,
                "success_url": order.success_url,
                "cancel_url": order.cancel_url,
                "opened_at": database_now(),
                "expires_at": order.expires_at,
            },
        )
        if checkout.amount != order.amount:
            raise Rejected(f"{order.key} was opened for another amount")
        return _opened(checkout)

    def find(self, order: Order) -> Opened | None:
        checkout = PretendCheckout.objects.filter(key=order.key).first()
        return _opened(checkout) if checkout else None

    def read(self, reference: str) -> Standing:
        checkout = _known(reference)
        stage = stage_of(checkout, database_now())
        return Standing(
            stage,
            received=checkout.amount if stage is Stage.PAID else 0,
            refunded=checkout.refunded,
            intent=checkout.intent if stage in (Stage.PAID, Stage.PROCESSING) else "",
        )

    @transaction.atomic
    def expire(self, reference: str) -> None:
        PretendCheckout.objects.filter(reference=reference, outcome=Outcome.OPEN).update(outcome=Outcome.EXPIRED)

    @transaction.atomic
    def refund(self, intent: str, amount: int, key: str) -> None:
        checkout = PretendCheckout.objects.select_for_update().filter(reference=intent.removeprefix("intent_")).first()
        if checkout is None or stage_of(checkout, database_now()) is not Stage.PAID:
            raise Rejected(f"{intent} was not paid")
        if key in checkout.refund_keys:
            return
        if not 0 < amount <= checkout.amount - checkout.refunded:
            raise Rejected(f"{intent} has not so much left")
        checkout.refunded += amount
        checkout.refund_keys = [*checkout.refund_keys, key]
        checkout.save(update_fields=["refunded", "refund_keys"])

    def event(self, request: HttpRequest) -> Event:
        raise Forged("the pretend provider sends no webhooks")


def stage_of(checkout: PretendCheckout, now: datetime) -> Stage:
    """How far it has come at `now`."""
    match Outcome(checkout.outcome):
        case Outcome.PAID:
            return Stage.PAID
        case Outcome.LATER:
            assert checkout.paid_at is not None
            return Stage.PAID if now >= checkout.paid_at else Stage.PROCESSING
        case Outcome.DECLINED:
            return Stage.DECLINED
        case Outcome.EXPIRED:
            return Stage.EXPIRED
        case Outcome.OPEN:
            return Stage.OPEN if now < checkout.expires_at else Stage.EXPIRED


@transaction.atomic
def choose(reference: str, outcome: Outcome) -> PretendCheckout | None:
    """The payer presses a button: what the order has come to, or None for an unknown one.

    Only an open order is changed: whoever presses twice, or too late, finds it as it is.
    """
    checkout = PretendCheckout.objects.select_for_update().filter(reference=reference).first()
    now = database_now()
    if checkout is None or stage_of(checkout, now) is not Stage.OPEN:
        return checkout
    checkout.outcome = outcome
    checkout.paid_at = {Outcome.PAID: now, Outcome.LATER: now + _LATER}.get(outcome)
    checkout.save(update_fields=["outcome", "paid_at"])
    if outcome is not Outcome.LATER:
        _send_event(checkout)
    return checkout


def send_events() -> int:
    """Tell the platform of what has come in later than it was chosen, as webhooks would; returns how many were new."""
    now = database_now()
    arrived = PretendCheckout.objects.filter(outcome=Outcome.LATER, paid_at__lte=now, paid_at__gt=now - _REMEMBERED)
    return sum(_send_event(checkout) for checkout in arrived)


def _send_event(checkout: PretendCheckout) -> bool:
    event = Event(f"{checkout.reference}_{checkout.outcome}", f"checkout.{checkout.outcome}", checkout.reference)
    return take_event(PretendProvider.name, event)


def _known(reference: str) -> PretendCheckout:
    checkout = PretendCheckout.objects.filter(reference=reference).first()
    if checkout is None:
        raise Rejected(f"there is no order {reference}")
    return checkout


def _opened(checkout: PretendCheckout) -> Opened:
    # A path of this site, by whatever name the visitor knows it.
    return Opened(checkout.reference, reverse("demo_pay", args=[checkout.reference]))
