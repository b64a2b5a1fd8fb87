"""Cases open by what credit and history show, and only for something new (R8)."""

import pytest

from agencies.models import Agency, Standing
from core.clock import database_now
from ratings.actions import exits
from ratings.actions.triggers import check_triggers
from ratings.clockwork.exits import open_due_cases, suspects
from ratings.models import Act, AppealOutcome, ExitCase, Measure, Step, Trigger
from ratings.rules import exit_refusals as refusals
from ratings.rules.exits import Ruling
from tests.ratings.acting import note
from tests.ratings.court import Court, let_pass

pytestmark = pytest.mark.django_db


def test_a_clean_agency_is_no_suspect(swift_agency: Agency) -> None:
    assert suspects(database_now()) == []
    assert check_triggers(swift_agency.uscc) is None


def test_low_conduct_opens_one_case_and_changes_no_standing(swift_agency: Agency) -> None:
    for n, code in enumerate(("subcontracted", "false_statement")):
        note(swift_agency, code, f"case:{n}")
    assert (open_due_cases(), open_due_cases()) == (1, 0)
    case = ExitCase.objects.get()
    assert (case.trigger, case.proposed, case.opened_by) == (Trigger.CONDUCT, Measure.WARN, None)
    assert "守约分 73.0，低于 80" in case.facts[0]["text"]
    assert len(case.facts) == 3
    swift_agency.refresh_from_db()
    assert swift_agency.standing == Standing.ACTIVE


def test_two_complaints_upheld_open_a_case(swift_agency: Agency) -> None:
    note(swift_agency, "complaint_upheld", "T-1")
    assert open_due_cases() == 0
    note(swift_agency, "complaint_upheld", "T-2")
    assert open_due_cases() == 1
    assert ExitCase.objects.get().trigger == Trigger.COMPLAINTS


def test_what_was_answered_opens_no_second_case_until_something_new_happens(swift_agency: Agency) -> None:
    for n, code in enumerate(("subcontracted", "false_statement")):
        note(swift_agency, code, f"case:{n}")
    court = Court(swift_agency)
    open_due_cases()
    case = ExitCase.objects.get()
    exits.serve_notice(court.officers[0], court.body, case.number, "x")
    exits.receive_notice(court.party, case.number)
    let_pass(case, 30)
    exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.WARN, "x"))
    let_pass(case, 10)
    assert case.step == Step.IN_FORCE
    assert open_due_cases() == 0
    note(swift_agency, "subcontracted", "case:2")
    assert open_due_cases() == 1
    assert ExitCase.objects.latest("pk").proposed == Measure.SUSPEND


@pytest.mark.clause("P20.9")
def test_a_serious_act_proposes_a_suspension_although_conduct_alone_would_warn(swift_agency: Agency) -> None:
    note(swift_agency, "forged", "complaint:T-1")
    assert (open_due_cases(), open_due_cases()) == (1, 0)
    case = ExitCase.objects.get()
    assert (case.trigger, case.proposed, case.opened_by) == (Trigger.SERIOUS, Measure.SUSPEND, None)
    assert len(case.facts) == 1
    swift_agency.refresh_from_db()
    assert swift_agency.standing == Standing.ACTIVE


def test_one_serious_act_is_answered_once_and_another_anew(swift_agency: Agency) -> None:
    note(swift_agency, "forged", "case:1")
    open_due_cases()
    court = Court(swift_agency)
    exits.dismiss(court.officers[0], court.body, ExitCase.objects.get().number, "已由法院撤销认定")
    assert open_due_cases() == 0
    note(swift_agency, "ignored_decision", "case:2")
    assert open_due_cases() == 1
    # C is 30 by now.
    assert ExitCase.objects.latest("pk").proposed == Measure.REMOVE


def test_a_serious_act_that_an_officers_case_is_about_opens_no_second_one(swift_agency: Agency) -> None:
    court = Court(swift_agency)
    note(swift_agency, "forged", "case:1")
    case = exits.open_by_officer(
        court.officers[0], court.body, swift_agency, Trigger.ESTABLISHED, "主管机关已认定", Measure.REMOVE
    )
    exits.dismiss(court.officers[0], court.body, case.number, "重复")
    assert open_due_cases() == 0


def test_two_warnings_within_a_year_open_a_suspension(swift_agency: Agency) -> None:
    court = Court(swift_agency)
    court.in_force(Measure.WARN, source="a")
    assert open_due_cases() == 0
    court.in_force(Measure.WARN, source="b")
    assert open_due_cases() == 1
    newest = ExitCase.objects.latest("pk")
    assert (newest.trigger, newest.proposed) == (Trigger.WARNINGS, Measure.SUSPEND)


def test_two_suspensions_within_two_years_open_a_removal(swift_agency: Agency) -> None:
    court = Court(swift_agency)
    for source in ("a", "b"):
        let_pass(court.in_force(Measure.SUSPEND, source=source), 100)
    assert open_due_cases() == 1
    newest = ExitCase.objects.latest("pk")
    assert (newest.trigger, newest.proposed) == (Trigger.SUSPENSIONS, Measure.REMOVE)


@pytest.mark.clause("P20.9")
@pytest.mark.parametrize("waits_for_effect", [True, False])
def test_against_a_removed_agency_no_lesser_case_opens(swift_agency: Agency, waits_for_effect: bool) -> None:
    court = Court(swift_agency)
    removed = court.decided if waits_for_effect else court.in_force
    removed(Measure.REMOVE, trigger=Trigger.ESTABLISHED, source="case:1")
    note(swift_agency, "forged", "case:2")
    note(swift_agency, "subcontracted", "case:3")
    assert open_due_cases() == 0
    with pytest.raises(refusals.RemovedAlready):
        exits.open_by_officer(court.officers[0], court.body, swift_agency, Trigger.SERIOUS, "另案", Measure.SUSPEND)
    assert ExitCase.objects.count() == 1
    exits.open_by_officer(court.officers[0], court.body, swift_agency, Trigger.ESTABLISHED, "另案", Measure.REMOVE)
    assert ExitCase.objects.latest("pk").proposed == Measure.REMOVE


def test_a_suspension_that_is_decided_or_under_appeal_answers_the_same_line_as_one_in_force(
    swift_agency: Agency,
) -> None:
    for n, code in enumerate(("subcontracted", "subcontracted", "false_statement")):
        note(swift_agency, code, f"case:{n}")
    court = Court(swift_agency)
    case = court.decided(Measure.SUSPEND)
    note(swift_agency, "outdated_information", "case:3")
    assert open_due_cases() == 0
    exits.appeal(court.person, court.party, case.number, "不服")
    assert open_due_cases() == 0
    said = exits.Outcome(AppealOutcome.ANNULLED, "证据不足")
    exits.decide_appeal(court.officers[4], court.body, case.number, said)
    assert open_due_cases() == 1


def test_who_comes_back_on_probation_is_not_warned_for_what_it_was_removed_for(swift_agency: Agency) -> None:
    for n in range(3):
        note(swift_agency, "subcontracted", f"case:{n}")
    court = Court(swift_agency)
    newest = Act.objects.latest("seq").seq
    case = let_pass(court.in_force(Measure.REMOVE, source=f"act:{newest}:40"), 760)
    exits.ask_for_reentry(court.person, court.party, case.number, "已整改", signed=True)
    exits.decide_reentry(court.officers[4], court.body, case.number, "同意", granted=True)
    swift_agency.refresh_from_db()
    assert (swift_agency.standing, open_due_cases()) == (Standing.PROBATION, 0)
    note(swift_agency, "subcontracted", "case:9")
    assert open_due_cases() == 1
