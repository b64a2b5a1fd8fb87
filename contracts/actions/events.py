"""Take in a webhook (DESIGN §6): stored once, answered at once, followed up later from a fresh read."""

from contracts.models import ProviderEvent
from contracts.providers import Event


def take_event(provider: str, event: Event) -> bool:
    """Keep a verified event; False if it was there already."""
    _row, new = ProviderEvent.objects.get_or_create(
        provider=provider, event_id=event.id, defaults={"kind": event.kind, "about": event.about}
    )
    return new
