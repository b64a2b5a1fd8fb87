"""What time does to contracts and payments: claimed row by row, so that any number of clocks may run at once."""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import Q

from bidding.models import Award, AwardStatus
from contracts.actions.duties import do_duties, soon_due
from contracts.actions.online import check
from contracts.models import Contract, ContractStatus, Delivery, Payable, Payment, ProviderEvent
from contracts.providers import Unavailable
from contracts.rules.payment import OnlineNotOffered
from core.clock import database_now
from journal.clockwork import attempt, claim
from marketplace.models import RequestStatus

log = logging.getLogger(__name__)

_AT_ONCE = 200
# A provider that does not answer is asked again after so long.
_AGAIN = timedelta(seconds=30)
# A webhook about a payment that nobody knows (yet) is looked at so often.
_MOST_TRIES = 60


def do_due_duties(now: datetime | None = None) -> int:
    """Draft, remind, escalate and note what is due at `now`; returns how much this clock did."""
    now = now or database_now()
    return sum(attempt(claim, do_duties, number) for number in due(now))


def due(now: datetime) -> list[str]:
    """The numbers of requests whose contracts have something due."""
    undrafted = Award.objects.filter(
        status=AwardStatus.FINAL, request__status=RequestStatus.AWARDED, contract__isnull=True
    ).values_list("request__number", flat=True)
    drafted = Contract.objects.filter(status=ContractStatus.DRAFTED).filter(
        ~Q(award__status=AwardStatus.FINAL) | Q(sign_due_at__lte=now, sign_overdue_noted_at__isnull=True)
    )
    silent = Delivery.objects.filter(due_at__lte=now)
    overdue = Payable.objects.filter(due_at__lt=now, settled_at__isnull=True, overdue_noted_at__isnull=True)
    found = [
        *undrafted[:_AT_ONCE],
        *drafted.values_list("award__request__number", flat=True)[:_AT_ONCE],
        *silent.values_list("milestone__contract__award__request__number", flat=True)[:_AT_ONCE],
        *soon_due(now).values_list("contract__award__request__number", flat=True)[:_AT_ONCE],
        *overdue.values_list("contract__award__request__number", flat=True)[:_AT_ONCE],
    ]
    return list(dict.fromkeys(number for number in found if number))


def check_due_payments(now: datetime | None = None) -> int:
    """Read online payments anew whose time has come; returns how many were read. Talks to providers."""
    now = now or database_now()
    due_ones = Payment.objects.filter(check_at__lte=now).order_by("check_at").values_list("pk", flat=True)
    return sum(_check(pk, now) for pk in due_ones[:_AT_ONCE])


def handle_events(now: datetime | None = None) -> int:
    """Follow up the webhooks that came in: read the payment each is about; returns how many are done with."""
    now = now or database_now()
    waiting = ProviderEvent.objects.filter(handled_at__isnull=True).order_by("received_at")[:_AT_ONCE]
    return sum(_handle(event, now) for event in waiting)


def _handle(event: ProviderEvent, now: datetime) -> int:
    about = Q(reference=event.about) | Q(intent=event.about) if event.about else Q(pk=None)
    payments = list(Payment.objects.filter(about, method=event.provider).values_list("pk", flat=True))
    read = all(_check(pk, now) for pk in payments)
    lost = not payments and (not event.about or event.tries >= _MOST_TRIES)
    done = (bool(payments) and read) or lost
    ProviderEvent.objects.filter(pk=event.pk).update(tries=event.tries + 1, handled_at=now if done else None)
    return int(done)


def _check(payment_id: int, now: datetime) -> int:
    try:
        check(payment_id)
    except (Unavailable, OnlineNotOffered) as trouble:
        log.warning("payment %s cannot be read: %s", payment_id, trouble)
        Payment.objects.filter(pk=payment_id).update(check_at=now + _AGAIN)
        return 0
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("payment %s cannot be followed", payment_id)
        Payment.objects.filter(pk=payment_id).update(check_at=now + _AGAIN)
        return 0
    return 1
