"""What an organisation has to do next. Each package says what it knows; the desk shows all of it in one order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from accounts.models import Organisation
from core.calendars import Date

_SALT = "desk calendar"


@dataclass(frozen=True)
class Task:
    """One thing to do, in the reader's language, and where; `subject` is a title as somebody wrote it."""

    what: str
    subject: str
    href: str
    due_at: datetime | None = None
    # How grave it is, for regulators: 0 ordinary, 1 important, 2 grave.
    severity: int = 0
    # Why it is there and as grave as it is, in the reader's language.
    because: str = ""

    def overdue(self, now: datetime) -> bool:
        """Is its date over?"""
        return self.due_at is not None and self.due_at <= now


Source = Callable[[Organisation, datetime], Iterable[Task]]
_sources: list[Source] = []


def told_by(source: Source) -> None:
    """Let a package say what there is to do; called once, when the package is ready."""
    _sources.append(source)


def tasks_of(organisation: Organisation, now: datetime) -> list[Task]:
    """Everything there is to do: the nearest date first, so what is overdue leads; undated last."""
    found = [task for source in _sources for task in source(organisation, now)]
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or now))


def calendar_token(organisation: Organisation) -> str:
    """The secret part of the address of its calendar; a new SECRET_KEY makes all of them void."""
    return signing.dumps(organisation.pk, salt=_SALT)


def whose_calendar(token: str) -> Organisation | None:
    """The organisation of a calendar's address; None for one that we did not make."""
    try:
        return Organisation.objects.filter(pk=signing.loads(token, salt=_SALT)).first()
    except signing.BadSignature:
        return None


def as_date(task: Task) -> Date:
    """The task as a calendar shows it."""
    assert task.due_at is not None
    return Date(
        f"{task.href.strip('/').replace('/', '-')}-{task.what}", task.due_at, task.what, task.subject, task.href
    )
