"""What time does in the marketplace: those who wait for a request hear of it."""

from marketplace import alerts

_AT_ONCE = 4


def tell_of_requests() -> int:
    """Note what was published, and tell a few slices of those who wait; returns how many slices."""
    alerts.note_published()
    return sum(1 for _slice in range(_AT_ONCE) if alerts.announce())
