"""PostgreSQL itself refuses, by plain SQL, what due process forbids: the order of steps and the four eyes (R8, I9)."""

from typing import Any

from django.db import IntegrityError, connection, transaction

import pytest

from accounts.models import User
from journal.actions import lock_case
from ratings.actions import exits
from ratings.models import ExitCase, Measure, Trigger
from ratings.rules.exits import Ruling
from tests import cast
from tests.ratings.court import FACT, Court, let_pass

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P20.9"), pytest.mark.clause("I9")]

SOON = "now() + interval '30 days'"
SANCTION = f"measure = 'suspend', months = 3, reasons = 'x', effect_at = now(), appeal_until = {SOON}"


def sql(case: ExitCase, change: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ratings_exitcase SET {change} WHERE id = %s", [*values, case.pk])


def refuses(case: ExitCase, named: str, change: str, *values: Any) -> None:
    with pytest.raises(IntegrityError, match=named):
        sql(case, change, *values)


@pytest.mark.parametrize("step", ["hearing", "deciding", "proposed", "decided", "appealed", "in_force", "ended"])
def test_from_the_opening_a_case_jumps_nowhere(court: Court, step: str) -> None:
    refuses(court.open(), "exit_case_moves_along_r8", f"step = '{step}'")


def test_no_notice_without_whoever_served_it(court: Court) -> None:
    case = court.open()
    refuses(case, "steps_after_the_notice_say_who_served_it", "step = 'noticed'")
    sql(case, "step = 'noticed', noticed_at = now(), noticed_by_id = %s", court.officers[0].pk)


def test_no_step_is_taken_back(court: Court) -> None:
    refuses(court.decided(), "exit_case_moves_along_r8", "step = 'deciding'")
    refuses(let_pass(ExitCase.objects.get(), 10), "exit_case_moves_along_r8", "step = 'decided'")


def test_no_measure_before_the_time_to_answer_is_over_and_without_a_decider(court: Court) -> None:
    case = court.received()
    decided = f"{SANCTION}, decided_at = now(), decided_by_id = %s"
    refuses(case, "no_measure_without_notice_and_defence", decided, court.officers[1].pk)
    refuses(case, "time_to_answer_never_shrinks", "defence_until = served_at")
    refuses(case, "measure_says_who_and_why", "measure = 'warn', reasons = 'x'")


def test_nothing_binds_that_nobody_decided_and_published(court: Court) -> None:
    case = court.ripe()
    refuses(case, "steps_after_the_decision_have_a_published_measure", "step = 'decided'")
    unpublished = f"step = 'decided', {SANCTION}, decided_at = now(), decided_by_id = %s"
    refuses(case, "steps_after_the_decision_have_a_published_measure", unpublished, court.officers[1].pk)
    none = unpublished.replace("'suspend'", "'none'") + ", published_at = now()"
    refuses(case, "steps_after_the_decision_have_a_published_measure", none, court.officers[1].pk)
    sql(case, unpublished + ", published_at = now()", court.officers[1].pk)
    refuses(case, "in_force_says_since_when_and_until", "step = 'in_force'")
    early = f"step = 'in_force', in_force_at = now() - interval '1 day', until = {SOON}"
    refuses(case, "in_force_only_when_published_and_due", early)


def test_who_opened_or_served_never_decides(court: Court) -> None:
    case = court.ripe()
    decided = f"step = 'decided', {SANCTION}, published_at = now(), decided_at = now(), decided_by_id = %s"
    refuses(case, "decider_is_not_the_opener", decided, court.officers[0].pk)
    refuses(case, "exit_case_keeps_its_facts", "noticed_by_id = %s", court.officers[1].pk)
    refuses(case, "exit_case_keeps_its_facts", "opened_by_id = %s", court.officers[1].pk)


def test_a_removal_takes_two_whoever_writes_it(court: Court) -> None:
    case = court.ripe(Measure.REMOVE)
    refuses(case, "proposed_is_a_removal_that_somebody_decided", "step = 'proposed'")
    case = exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.REMOVE, "x", months=12))
    published = f"step = 'decided', published_at = now(), effect_at = now(), appeal_until = {SOON}"
    refuses(case, "removal_takes_two", published)
    for who in court.officers[:2]:
        refuses(case, "second_is_another_officer", f"{published}, seconded_by_id = %s", who.pk)
    sql(case, f"{published}, seconded_by_id = %s", court.officers[2].pk)
    refuses(case, "exit_case_keeps_its_facts", "seconded_by_id = %s", court.officers[3].pk)


def test_the_investigator_leads_no_hearing_and_one_asked_for_comes_first(court: Court) -> None:
    case = exits.ask_for_hearing(court.party, court.received(Measure.REMOVE).number)
    refuses(case, "hearing_is_not_led_by_the_investigator", "heard_by_id = %s", court.officers[0].pk)
    let_pass(case, 20)
    sql(case, "step = 'deciding'")
    decided = f"step = 'decided', {SANCTION}, published_at = now(), decided_at = now(), decided_by_id = %s"
    refuses(case, "hearing_asked_for_is_held_first", decided, court.officers[1].pk)


def test_an_appeal_is_decided_by_nobody_who_took_part(court: Court) -> None:
    case = court.appealed(Measure.REMOVE)
    for who in court.officers[:3]:
        refuses(case, "appeal_goes_to_a_third_person", "appeal_decided_by_id = %s", who.pk)
    sql(case, "appeal_decided_by_id = %s", court.officers[4].pk)


@pytest.mark.parametrize(
    "change", ["trigger = 'quality'", "source = 'act:9'", "proposed = 'warn'", "ruleset = 'older'", "facts = '[]'"]
)
def test_what_a_case_is_about_stays(court: Court, change: str) -> None:
    refuses(court.noticed(), "exit_case_keeps_its_facts", change)


def test_a_case_is_never_dropped(court: Court) -> None:
    case = court.open()
    with pytest.raises(IntegrityError, match="exit_case_is_never_dropped"), transaction.atomic():
        ExitCase.objects.filter(pk=case.pk).delete()


def test_an_interim_suspension_is_not_reviewed_by_whoever_ordered_it(court: Court) -> None:
    made = exits.order_interim(court.officers[0], court.body, court.received().number, "损害仍在继续")
    with (
        pytest.raises(IntegrityError, match="interim_is_reviewed_by_another"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE ratings_interim SET reviewed_by_id = ordered_by_id WHERE id = %s", [made.pk])


@pytest.mark.parametrize("role", ["decided_by_id", "seconded_by_id", "heard_by_id", "appeal_decided_by_id"])
def test_who_confirmed_a_finding_has_no_say_in_the_case_that_follows(court: Court, role: str) -> None:
    finder, other = court.officers[3].pk, court.officers[2].pk
    case = found_by(court, court.officers[4], court.officers[3])
    named = "who_confirmed_the_finding_decides_nothing_of_it"
    rest = "measure = 'none', reasons = 'x', decided_at = now(), " if role == "decided_by_id" else ""
    refuses(case, named, f"{rest}{role} = %s", finder)
    sql(case, f"{rest}{role} = %s", other)


def test_who_confirmed_a_finding_stays_who_he_is(court: Court) -> None:
    case = found_by(court, court.officers[4], court.officers[3])
    refuses(case, "exit_case_keeps_its_facts", "confirmed_by_id = NULL")
    refuses(court_case_of_the_clock(court), "exit_case_keeps_its_facts", "confirmed_by_id = %s", court.officers[1].pk)


def found_by(court: Court, reporter: User, confirmer: User) -> ExitCase:
    """A case that an inspection opened."""
    with transaction.atomic():
        held = lock_case(f"A-{court.agency.uscc}")
        trigger, source = Trigger.INSPECTION, "inspection:1"
        case = exits.open_case(held, court.agency, trigger, source, FACT, Measure.WARN, reporter, confirmer)
    assert case is not None
    return case


def court_case_of_the_clock(court: Court) -> ExitCase:
    """Another agency's, that nobody found."""
    return Court(cast.agency("另一家咨询有限公司"), "other").open()
