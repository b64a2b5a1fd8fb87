"""What time does to exit cases (R8): deemed service, the end of the defence, effect, the end of a term, lapse."""

from django.db import transaction
from django.utils.translation import gettext_noop

from ratings import papers
from ratings.actions.exits.appeal import lapse_appeal
from ratings.actions.exits.effect import end, put_in_force, settle_standing
from ratings.actions.exits.filing import file_document, named
from ratings.actions.exits.grip import Grip, grip, moment_of, step
from ratings.actions.exits.interim import end_interim
from ratings.actions.exits.notice import serve, tell_agency
from ratings.actions.sealing import about_case
from ratings.models import DocumentKind, Ending, Interim, Step
from ratings.rules.exits import Move, move_due


@transaction.atomic(durable=True)
def advance(number: str) -> int:
    """Make every move that is due for a case; returns how many. Any number of clocks may ask."""
    held = grip(number)
    made = _end_interim(held)
    while (move := move_due(moment_of(held.case), held.now)) is not None:
        _MOVES[move](held)
        made += 1
    if made and held.case.step in (Step.CLOSED, Step.LAPSED):
        made += _end_interim(held)
    return made


@transaction.atomic(durable=True)
def end_probation(number: str) -> int:
    """A probation is over: the agency is what its measures in force say."""
    held = grip(number)
    before = held.agency.standing
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
    return int(held.agency.standing != before)


def _end_interim(held: Grip) -> int:
    made = Interim.objects.filter(case=held.case, ended_at__isnull=True).first()
    if made is None:
        return 0
    if held.case.step in (Step.CLOSED, Step.LAPSED, Step.IN_FORCE, Step.ENDED):
        end_interim(held, made, "case_decided")
    elif made.reviewed_at is None and held.now >= made.review_due_at:
        end_interim(held, made, "not_reviewed")
    elif held.now >= made.until:
        end_interim(held, made, "time")
    else:
        return 0
    return 1


def _deem_served(held: Grip) -> None:
    serve(held, deemed=True)


def _end_defence(held: Grip) -> None:
    step(held, Step.DECIDING, due_at=held.wd(held.numbers.decision_wd))


def _end_term(held: Grip) -> None:
    end(held, Ending.TERM)


def _lapse(held: Grip) -> None:
    """The regulator did not act in time: the case ends in the agency's favour, an appeal succeeds."""
    if held.case.step == Step.APPEALED:
        lapse_appeal(held)
        return
    held.case.ended_at = held.now
    overdue = Step(held.case.step)
    paper = file_document(held, DocumentKind.LAPSE, lambda: papers.lapse(str(overdue.label)), by=None)
    step(held, Step.LAPSED, overdue=overdue.value, document=named(paper))
    tell_agency(held.case, gettext_noop("案件 %(number)s：监管部门逾期未办，案件自动终结"))


_MOVES = {
    Move.DEEM_SERVED: _deem_served,
    Move.END_DEFENCE: _end_defence,
    Move.PUT_IN_FORCE: put_in_force,
    Move.END: _end_term,
    Move.LAPSE: _lapse,
}
