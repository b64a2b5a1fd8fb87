"""What regulators are told of flags (UX §2.20): those that accuse or point to somebody, not every hint.

A notice names the flag's number and rule, never whom it is about: a flag is no public matter before it is confirmed.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import News
from accounts.telling import Teller, officers
from flags.entries import FlagEntry
from flags.models import Flag
from journal.models import Entry

_TOLD = 1  # a severity; below it stand hints that the list of flags shows in its own time


def raised(entries: Sequence[Entry]) -> Iterator[News]:
    """A flag waits to be looked at, for the first time or again."""
    told = officers()
    subject = gettext_noop("预警 %(number)s（规则 %(rule)s）待分拣")
    flags = Flag.objects.filter(number__in=[entry.case.name for entry in entries], severity__gte=_TOLD)
    for flag in flags.order_by("pk"):
        facts = {"number": flag.number, "rule": flag.rule}
        for officer in told:
            page = reverse("officer_flag", args=[flag.number])
            yield News(officer, subject, facts, page, "flag.raised", before=flag.due_at)


TELLERS: list[tuple[Iterable[str], Teller]] = [([FlagEntry.RAISED], raised)]
