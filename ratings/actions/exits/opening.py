"""Open a case, or close it before anybody is accused (R8). Triggers and officers open; only a decision sanctions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from accounts.models import Organisation, User
from agencies.models import Agency
from core.clock import BEIJING, rfc3339
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from journal.actions import open_case as open_file
from marketplace.entries import party
from ratings.actions.exits.filing import file_evidence
from ratings.actions.exits.grip import Grip, grip, must_be_officer, step
from ratings.entries import ExitEntry
from ratings.models import RUNNING, ExitCase, Measure, Step, Trigger
from ratings.queries.exits import bound
from ratings.rules.exit_refusals import CaseRunning, ReasonsMissing, RemovedAlready
from ratings.rules.exits import judge_at
from ratings.rules.standing import changes_nothing
from ratings.rulesets import CURRENT, credit_rules

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# What an officer may open a case for by hand; the rest the rules find.
BY_HAND = (Trigger.SERIOUS, Trigger.ESTABLISHED, Trigger.WHILE_SUSPENDED, Trigger.INSPECTION)


def open_case(
    held: Held,
    agency: Agency,
    trigger: Trigger,
    source: str,
    facts: Sequence[dict[str, str]],
    proposed: Measure,
    by: User | None = None,
    confirmed_by: User | None = None,
) -> ExitCase | None:
    """Open a case under the agency's case row `held`. Part of a larger verb.

    `facts` are `{"text", "path"}`; `by` and `confirmed_by` found them, and decide nothing of the case. None if this fact has
    opened a case before, if another one is still undecided, or if the measure could change nothing: the trigger finds it
    again when that has ended.
    """
    known = ExitCase.objects.filter(agency=agency)
    if known.filter(trigger=trigger, source=source).exists() or known.filter(step__in=RUNNING).exists():
        return None
    if changes_nothing(proposed, bound(agency)):
        return None
    numbers = credit_rules(CURRENT)
    own = open_file(_next_number(held))
    due_at = calendar().add(own.now, numbers.exit.notice_wd)
    case = ExitCase.objects.create(
        number=own.name,
        case_id=own.id,
        agency=agency,
        ruleset=numbers.id,
        trigger=trigger,
        source=source,
        facts=list(facts),
        proposed=proposed,
        opened_at=own.now,
        opened_by=by,
        confirmed_by=confirmed_by,
        due_at=due_at,
        lapses_at=calendar().add(due_at, numbers.exit.lapse_wd),
    )
    opened = {
        "agency": party(agency.organisation),
        "trigger": trigger.value,
        "source": source,
        "facts": list(facts),
        "proposed": proposed.value,
        "ruleset": {"id": numbers.id, "sha256": numbers.sha256},
        "due_at": rfc3339(due_at),
    }
    own.append(ExitEntry.OPENED, opened)
    return case


@transaction.atomic(durable=True)
def open_by_officer(
    user: User,
    by: Organisation,
    agency: Agency,
    trigger: Trigger,
    text: str,
    proposed: Measure,
    files: "Sequence[UploadedFile[Any]]" = (),
) -> ExitCase:
    """An officer opens a case on facts that no rule can see. Raises NotAnOfficer, ReasonsMissing, RemovedAlready or CaseRunning."""
    must_be_officer(user, by, agency)
    said = clean(text)
    if not said or trigger not in BY_HAND:
        raise ReasonsMissing()
    held = lock_case(f"A-{agency.uscc}")
    if changes_nothing(proposed, bound(agency)):
        raise RemovedAlready()
    fact = {"text": said, "path": f"/a/{agency.uscc}/"}
    case = open_case(held, agency, trigger, f"officer:{rfc3339(held.now)}", [fact], proposed, user)
    if case is None:
        raise CaseRunning()
    file_evidence(Grip(held, lock_case(case.number), case), files, by=user, of_agency=False)
    return case


@transaction.atomic(durable=True)
def dismiss(user: User, by: Organisation, number: str, reasons: str) -> ExitCase:
    """Close a case before the notice: the facts do not carry it. Nothing becomes public. Raises ExitStep or ReasonsMissing."""
    held = grip(number)
    must_be_officer(user, by, held.agency)
    judge_at(Step(held.case.step), Step.OPENED)
    said = clean(reasons)
    if not said:
        raise ReasonsMissing()
    case = held.case
    case.ended_at, case.reasons, case.dismissed_by = held.now, said, user
    step(held, Step.CLOSED, because=said)
    return case


def _next_number(held: Held) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ratings_exit_number')")
        (serial,) = cursor.fetchone()
    return f"X-{held.now.astimezone(BEIJING).year}-{serial:06d}"
