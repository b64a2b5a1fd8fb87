"""Who is in the pool of experts: nominated by an operator, retired by one. On record by number only."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.http import Http404

from accounts.models import Organisation, User
from bidding.entries import merit as entries
from bidding.models import Expert
from journal.actions import lock_platform
from marketplace.models import ServiceItem


@transaction.atomic(durable=True)
def nominate_expert(
    operator: User | None, user: User, organisation: Organisation, items: Iterable[ServiceItem] = ()
) -> Expert:
    """A person employed by `organisation` joins the pool for these items, or for all; who is in it already stays as is."""
    held = lock_platform()
    known = Expert.objects.filter(user=user, retired_at__isnull=True).first()
    if known is not None:
        return known
    last = Expert.objects.aggregate(last=Max("number"))["last"] or 0
    made = Expert.objects.create(
        number=last + 1, user=user, organisation=organisation, nominated_by=operator, nominated_at=held.now
    )
    made.items.set(items)
    held.append(*entries.nominated(made.code, made.items.values_list("code", flat=True)))
    return made


@transaction.atomic(durable=True)
def retire_expert(pk: int) -> None:
    """No draw sealed from now on has this expert; where they sit already they stay. Raises Http404."""
    held = lock_platform()
    expert = Expert.objects.filter(pk=pk, retired_at__isnull=True).first()
    if expert is None:
        raise Http404
    expert.retired_at = held.now
    expert.save(update_fields=["retired_at"])
    held.append(*entries.retired(expert.code))
