"""Who is trusted to open what a silent contributor keeps back: nominated, keyed by themselves, giving shares, retired."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import Organisation, User
from draws import rules
from draws.actions import give_share
from draws.entries import TrusteeEntry
from draws.models import Draw, Trustee
from journal.actions import lock_case, lock_platform
from journal.envelopes import SECRET_BYTES


@transaction.atomic(durable=True)
def nominate(operator: User | None, user: User, organisation: Organisation) -> Trustee:
    """Ask a member of an organisation to be a trustee; who is one already stays it."""
    held = lock_platform()
    made, new = Trustee.objects.get_or_create(
        user=user,
        retired_at=None,
        defaults={"organisation": organisation, "nominated_by": operator, "nominated_at": held.now},
    )
    if new:
        held.append(TrusteeEntry.NOMINATED, {"trustee": made.pk, "of": organisation.uscc})
    return made


@transaction.atomic(durable=True)
def register_key(user: User, public_key: bytes) -> Trustee:
    """A trustee's own public key, once. Raises Http404, KeyedBefore or KeyUnfit."""
    held = lock_platform()
    trustee = Trustee.objects.select_for_update().filter(user=user, retired_at__isnull=True).first()
    if trustee is None:
        raise Http404
    if trustee.public_key is not None:
        raise rules.KeyedBefore()
    if len(public_key) != SECRET_BYTES:
        raise rules.KeyUnfit()
    trustee.public_key, trustee.keyed_at = public_key, held.now
    try:
        with transaction.atomic():
            trustee.save(update_fields=["public_key", "keyed_at"])
    except IntegrityError as error:
        raise rules.KeyUnfit() from error
    held.append(TrusteeEntry.KEYED, {"trustee": trustee.pk, "key": public_key.hex()})
    return trustee


@transaction.atomic(durable=True)
def retire(pk: int) -> None:
    """No draw opened from now on counts on this trustee; those opened before still may. Raises Http404."""
    held = lock_platform()
    trustee = Trustee.objects.filter(pk=pk, retired_at__isnull=True).first()
    if trustee is None:
        raise Http404
    trustee.retired_at = held.now
    trustee.save(update_fields=["retired_at"])
    held.append(TrusteeEntry.RETIRED, {"trustee": trustee.pk})


@transaction.atomic(durable=True)
def open_by_force(public_key: bytes, name: str, shares: Mapping[str, bytes | None]) -> int:
    """A trustee's shares of what contributors kept back in a draw; returns how many. What was opened meanwhile is left out.

    Raises Http404, NotATrustee or what `give_share` does.
    """
    case = Draw.objects.filter(name=name).values_list("case__name", flat=True).first()
    if case is None:
        raise Http404(name)
    held = lock_case(case)
    draw = Draw.objects.get(name=name)
    if public_key.hex() not in draw.trustees["keys"]:
        raise rules.NotATrustee()
    number = draw.trustees["keys"].index(public_key.hex()) + 1
    shut = set(draw.contributions.filter(opened_at__isnull=True).values_list("identity", flat=True))
    given = {identity: share for identity, share in shares.items() if identity in shut}
    for identity, share in sorted(given.items()):
        give_share(held, draw, identity, number, share)
    return len(given)
