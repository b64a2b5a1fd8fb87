"""What evaluation, credit, exit, complaints and inspections ask of an organisation; each noun says its own."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Organisation
from accounts.tasks import Source, Task
from ratings.tasks import complaints, credit, evaluation, exits, inspections, officers

_SOURCES: tuple[Source, ...] = (
    complaints.tasks_of,
    credit.tasks_of,
    evaluation.tasks_of,
    exits.tasks_of,
    inspections.tasks_of,
    officers.tasks_of,
)


def tasks_of(organisation: Organisation, now: datetime) -> Iterable[Task]:
    """Everything that waits for this organisation now."""
    for source in _SOURCES:
        yield from source(organisation, now)
