"""Note what entrants' presses and files tell of who sent them, and forget it in time (R10, C10)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bidding.models import Enrolment, Trace, TraceKind
from bidding.rules.traces import Origin, author_of
from core.private import hidden

# As long as rules look back.
_KEPT = timedelta(days=366)


def note_origin(enrolment: Enrolment, origin: Origin, at: datetime) -> None:
    """Where a press came from. Part of a larger verb."""
    _note(enrolment, [(TraceKind.NETWORK, origin.network), (TraceKind.DEVICE, origin.device)], at)


def note_authors(enrolment: Enrolment, names: Iterable[str], at: datetime) -> None:
    """Who wrote a file, as its properties say. Part of a larger verb."""
    _note(enrolment, [(TraceKind.AUTHOR, author_of(name)) for name in names], at)


def forget_traces(now: datetime) -> int:
    """Take away what is older than rules look back; returns how many rows."""
    return Trace.objects.filter(at__lt=now - _KEPT).delete()[0]


def _note(enrolment: Enrolment, facts: Iterable[tuple[TraceKind, str]], at: datetime) -> None:
    Trace.objects.bulk_create(
        [Trace(enrolment=enrolment, kind=kind, key=hidden(kind, fact), at=at) for kind, fact in facts if fact],
        ignore_conflicts=True,
    )
