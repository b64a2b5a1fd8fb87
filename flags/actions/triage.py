"""What an officer makes of a flag within five working days: dismiss, watch, open a case, or refer it elsewhere."""

from datetime import timedelta

from django.db import transaction
from django.http import Http404

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from core.clock import rfc3339
from core.queries import calendar
from core.text import clean
from flags.entries import FlagEntry
from flags.models import Flag, Status
from flags.rules.life import FlagNoAgency, FlagNotYours, FlagReason, judge_step
from flags.rulesets import flag_rules
from journal.actions import Held, lock_case
from ratings.actions import exits
from ratings.actions.exits.grip import must_be_officer
from ratings.models import Measure, Trigger
from ratings.queries.exits import bound
from ratings.rules.exit_refusals import CaseRunning, RemovedAlready
from ratings.rules.standing import changes_nothing


def hold(number: str) -> tuple[Held, Flag]:
    """The flag under its case file's lock. Part of a larger verb; raises Http404."""
    if not Flag.objects.filter(number=number).exists():
        raise Http404
    held = lock_case(number)
    return held, Flag.objects.get(number=number)


def must_look_after(user: User, by: Organisation, flag: Flag) -> None:
    """Raise FlagNotYours unless somebody acts for a regulator whom the flag is not about (I9)."""
    own = user.memberships.values_list("organisation__uscc", flat=True)
    about = {*flag.subject, *flag.agencies}
    if by.kind != Kind.REGULATOR or by.uscc in about or about.intersection(own):
        raise FlagNotYours()


@transaction.atomic(durable=True)
def dismiss(user: User, by: Organisation, number: str, reason: str) -> Flag:
    """It has an innocent explanation. Nothing becomes public. Raises FlagNotYours, FlagStep or FlagReason."""
    held, flag = _take(user, by, number, Status.DISMISSED)
    flag.reason, flag.due_at = _said(reason), None
    flag.save()
    held.append(FlagEntry.DISMISSED, {"reason": flag.reason})
    return flag


@transaction.atomic(durable=True)
def watch(user: User, by: Organisation, number: str, reason: str) -> Flag:
    """Wait for more: it comes back with new evidence, or by itself. Raises FlagNotYours, FlagStep or FlagReason."""
    held, flag = _take(user, by, number, Status.WATCH)
    flag.reason, flag.due_at = _said(reason), held.now + timedelta(days=flag_rules().life["watch_days"])
    flag.save()
    held.append(FlagEntry.WATCHED, {"reason": flag.reason, "until": rfc3339(flag.due_at)})
    return flag


@transaction.atomic(durable=True)
def open_case(user: User, by: Organisation, number: str, uscc: str, text: str, proposed: Measure) -> Flag:
    """Open an exit case against an agency that the flag names; another officer decides it (I9).

    Raises Http404, FlagNotYours, NotAnOfficer, FlagNoAgency, FlagStep, FlagReason, RemovedAlready or CaseRunning. The
    locks are taken in the order of R8: the agency, then the flag, then the new case.
    """
    agency = Agency.objects.select_related("organisation").filter(organisation__uscc=uscc).first()
    if agency is None or not Flag.objects.filter(number=number, agencies__contains=[uscc]).exists():
        raise FlagNoAgency()
    must_be_officer(user, by, agency)
    of_agency = lock_case(f"A-{uscc}")
    held, flag = _take(user, by, number, Status.CASE)
    if uscc not in flag.agencies:
        raise FlagNoAgency()
    said = _said(text)
    if changes_nothing(proposed, bound(agency)):
        raise RemovedAlready()
    fact = {"text": said, "path": f"/flags/#{flag.rule}"}
    case = exits.open_case(of_agency, agency, Trigger.SERIOUS, f"flag:{flag.number}", [fact], proposed, user)
    if case is None:
        raise CaseRunning()
    flag.exit_case, flag.opened_by, flag.reason, flag.due_at = case, user, said, None
    flag.save()
    held.append(FlagEntry.CASE_OPENED, {"case": case.number, "agency": uscc, "proposed": proposed.value})
    return flag


@transaction.atomic(durable=True)
def refer(user: User, by: Organisation, number: str, to: str, reason: str) -> Flag:
    """Hand it to the authority over a buyer or department; another officer says later what came of it.

    Raises FlagNotYours, FlagStep or FlagReason.
    """
    held, flag = _take(user, by, number, Status.CASE)
    flag.referred_to, flag.reason, flag.opened_by = _said(to)[:120], _said(reason), user
    flag.due_at = calendar().add(held.now, int(flag_rules().life["referred_wd"]))
    flag.save()
    held.append(FlagEntry.REFERRED, {"to": flag.referred_to, "reason": flag.reason, "due_at": rfc3339(flag.due_at)})
    return flag


@transaction.atomic(durable=True)
def wake(number: str) -> bool:
    """A watched flag whose time is over is to be looked at again. False if another clock did."""
    held, flag = hold(number)
    if flag.status != Status.WATCH or flag.due_at is None or held.now < flag.due_at:
        return False
    flag.status = Status.RAISED
    flag.due_at = calendar().add(held.now, int(flag_rules().life["triage_wd"]))
    flag.save()
    held.append(FlagEntry.RAISED, {"because": "watched_long_enough", "due_at": rfc3339(flag.due_at)})
    return True


def _take(user: User, by: Organisation, number: str, wanted: Status) -> tuple[Held, Flag]:
    held, flag = hold(number)
    must_look_after(user, by, flag)
    judge_step(flag.status, wanted, str(Status(flag.status).label))
    flag.status, flag.triaged_by, flag.triaged_at = wanted, user, held.now
    return held, flag


def _said(text: str) -> str:
    said = clean(text)
    if not said:
        raise FlagReason()
    return said
