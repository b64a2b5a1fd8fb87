"""File a complaint, and answer one as its subject."""

import secrets as randomness
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.http import Http404

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts.models import Delivery
from core.clock import BEIJING, rfc3339
from core.files import store
from core.queries import calendar
from core.text import clean
from journal.actions import Held
from journal.canon import commitment
from marketplace.models import Request, ServiceItem
from ratings.actions.complaints.hold import hold, lock
from ratings.entries import ComplaintEntry
from ratings.models import Complaint, ComplaintFile, ComplaintKind, ComplaintStatus
from ratings.rules import complaints as rules
from ratings.rules.exit_refusals import ReasonsMissing
from ratings.rulesets import CURRENT, credit_rules

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True)
class Target:
    """What a complaint is about; exactly what its kind wants is set (a constraint holds it)."""

    kind: ComplaintKind
    agency: Agency | None = None
    organisation: Organisation | None = None
    request: Request | None = None
    item: ServiceItem | None = None
    department: str = ""
    delivery: Delivery | None = None


@transaction.atomic(durable=True)
def file_complaint(user: User, target: Target, text: str, files: "Sequence[UploadedFile[Any]]" = ()) -> Complaint:
    """Anybody signed in complains, with evidence.

    Raises ComplaintEmpty, TooMuchEvidence, FileTooLarge or FileNotReadable.
    """
    numbers = credit_rules(CURRENT)
    rules.judge_filing(text, len(files), most=numbers.complaints.evidence_most)
    complaint = Complaint(
        kind=target.kind,
        agency=target.agency,
        organisation=target.organisation,
        request=target.request,
        item=target.item,
        department=clean(target.department),
        delivery=target.delivery,
        text=clean(text),
        ruleset=numbers.id,
        salt=randomness.token_bytes(32),
        filed_by=user,
    )
    held = lock(complaint.case_name)
    complaint.number = _next_number(held)
    complaint.filed_at = held.now
    complaint.due_at = complaint.accept_due_at = calendar().add(held.now, numbers.complaints.accept_wd)
    complaint.save()
    # The same bytes twice are one piece of evidence.
    kept = list({stored.pk: stored for stored in map(store, files)}.values())
    rows = [ComplaintFile(complaint=complaint, n=n, file=stored) for n, stored in enumerate(kept, 1)]
    ComplaintFile.objects.bulk_create(rows)
    said = {"text": complaint.text, "subject": complaint.subject_name, "files": [one.sha256 for one in kept]}
    entry = {
        "complaint": complaint.number,
        "kind": complaint.kind,
        "commitment": commitment("complaint", bytes(complaint.salt), said),
        "due_at": rfc3339(complaint.due_at),
        "ruleset": {"id": numbers.id, "sha256": numbers.sha256},
    }
    held.append(ComplaintEntry.FILED, entry)
    return complaint


@transaction.atomic(durable=True)
def state(user: User, by: Organisation, number: str, text: str) -> Complaint:
    """The subject answers what was put to it, once. Raises Http404 for others, ReasonsMissing or StatementOver."""
    held, complaint = hold(number)
    if complaint.answerable != by or complaint.put_at is None:
        raise Http404(number)
    said = clean(text)
    if not said:
        raise ReasonsMissing()
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.INVESTIGATING)
    rules.judge_statement(complaint.stated_at, complaint.statement_until, held.now)
    complaint.statement, complaint.stated_at, complaint.stated_by = said, held.now, user
    complaint.save()
    return complaint


def _next_number(held: Held) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ratings_complaint_number')")
        (serial,) = cursor.fetchone()
    return f"T-{held.now.astimezone(BEIJING).year}-{serial:06d}"
