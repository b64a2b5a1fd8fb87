"""Whether a flag was right: the exit case says, or for what was referred elsewhere another officer (I9)."""

from django.db import transaction

from accounts.models import Organisation, User
from core.text import clean
from flags.actions.triage import hold, must_look_after
from flags.entries import FlagEntry
from flags.models import Flag, Status
from flags.rules.life import FlagReason, FlagSameEyes, FlagStep, judge_step
from journal.actions import Held
from ratings.models.exits import SANCTIONS, Ending, Step

_UPHELD = (Step.IN_FORCE, Step.ENDED)
_NOTHING = (Step.CLOSED, Step.LAPSED)


@transaction.atomic(durable=True)
def conclude(user: User, by: Organisation, number: str, conclusion: str, *, confirmed: bool) -> Flag:
    """Say what came of a flag that was referred. A confirmed one becomes public.

    Raises Http404, FlagNotYours, FlagSameEyes, FlagStep (also where an exit case decides) or FlagReason.
    """
    held, flag = hold(number)
    must_look_after(user, by, flag)
    wanted = Status.CONFIRMED if confirmed else Status.REFUTED
    judge_step(flag.status, wanted, str(Status(flag.status).label))
    if flag.exit_case_id is not None:
        raise FlagStep(status=str(Status.CASE.label))
    if flag.opened_by_id == user.pk:
        raise FlagSameEyes()
    said = clean(conclusion)
    if not said:
        raise FlagReason()
    flag.concluded_by = user
    _end(held, flag, wanted, said)
    return flag


@transaction.atomic(durable=True)
def follow_case(number: str) -> bool:
    """The exit case is over or in force: the flag was right, or it was not. False if nothing is settled yet."""
    held, flag = hold(number)
    case = flag.exit_case
    if flag.status != Status.CASE or case is None:
        return False
    if case.step in _UPHELD and case.measure in SANCTIONS and case.ending != Ending.ANNULLED:
        _end(held, flag, Status.CONFIRMED, f"{case.number} {case.measure}")
    elif case.step in _NOTHING or case.ending == Ending.ANNULLED:
        _end(held, flag, Status.REFUTED, f"{case.number} {case.step}")
    else:
        return False
    return True


def _end(held: Held, flag: Flag, wanted: Status, conclusion: str) -> None:
    flag.status, flag.conclusion, flag.concluded_at, flag.due_at = wanted, conclusion, held.now, None
    flag.save()
    kind = FlagEntry.CONFIRMED if wanted == Status.CONFIRMED else FlagEntry.REFUTED
    held.append(kind, {"because": conclusion})
