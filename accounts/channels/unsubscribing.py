"""One click ends mails of a kind (RFC 8058): a signed address that works signed out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.events import EVENTS, Channel, Event
from accounts.models import Digest, Membership, Preferences

_SALT = "unsubscribe"


@dataclass(frozen=True)
class Leaving:
    """Whose mails end, and of which events."""

    membership: Membership
    events: Sequence[Event]


def unsubscribe_path(digest: Digest, events: Iterable[str]) -> str:
    """The address of a mail that ends mails of these events to whoever it goes to. It says nothing of them and never ends."""
    return reverse("unsubscribe", args=[token_of(digest.user_id, digest.organisation_id, events)])


def token_of(user_id: int | None, organisation_id: int, events: Iterable[str]) -> str:
    """The secret part of that address; a new SECRET_KEY makes all of them void."""
    return signing.dumps([user_id, organisation_id, sorted(events)], salt=_SALT)


def behind(token: str) -> Leaving | None:
    """What an address ends; None for one that we did not make, and for a member that left."""
    try:
        user, organisation, codes = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    membership = Membership.objects.filter(user=user, organisation=organisation).select_related("organisation").first()
    return Leaving(membership, [EVENTS[code] for code in codes if code in EVENTS]) if membership else None


@transaction.atomic(durable=True)
def unsubscribe(leaving: Leaving) -> None:
    """No more mail of these events to this member. Doing it again changes nothing."""
    mine = held_preferences(leaving.membership)
    for event in leaving.events:
        chosen = mine.chosen.get(event.code, [one.value for one in event.channels])
        mine.chosen[event.code] = [one for one in chosen if one != Channel.MAIL]
    mine.save(update_fields=["chosen"])


def held_preferences(membership: Membership) -> Preferences:
    """The member's preferences, made if need be, and locked. Part of a larger verb."""
    Preferences.objects.get_or_create(membership=membership)
    return Preferences.objects.select_for_update().get(membership=membership)
