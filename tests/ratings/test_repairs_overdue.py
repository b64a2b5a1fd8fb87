"""A request for repair that the regulators do not decide: granted 20 working days after its date, but never what is serious."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

import pytest

from accounts.models import Notice
from accounts.tasks import tasks_of
from agencies.models import Standing
from core.clock import database_now
from journal.queries import entries_of
from ratings.actions import exits
from ratings.clockwork.exits import do_due_cases
from ratings.models import Act, Document, ExitCase, ListFlag, Measure, Repair, RepairStatus, Trigger
from ratings.queries.punctuality import lines
from ratings.queries.repairs import about, granted_by_silence
from ratings.rules.repairs import About, silence_grants
from tests.ratings.acting import note
from tests.ratings.court import Court, let_pass
from tests.ratings.test_repairs import earlier

pytestmark = pytest.mark.django_db


def asked_for_act(court: Court, code: str, days: int) -> Repair:
    act = note(court.agency, code, "case:1")
    assert act is not None
    earlier(act, days)
    return exits.ask_to_repair_act(court.person, court.party, act.pk, "已整改")


def asked_for_measure(court: Court, trigger: Trigger = Trigger.CONDUCT) -> Repair:
    case = let_pass(court.in_force(Measure.SUSPEND, trigger=trigger), 50)
    return exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")


def wait(repair: Repair, days: int) -> Repair:
    """So many days pass over a request, and a clock comes by."""
    past = timedelta(days=days)
    Repair.objects.filter(pk=repair.pk).update(asked_at=F("asked_at") - past, due_at=F("due_at") - past)
    do_due_cases()
    repair.refresh_from_db()
    return repair


@pytest.mark.parametrize(
    ("of", "grants"),
    [
        (About(tier="minor"), True),
        (About(tier="general"), True),
        (About(tier="serious"), False),
        *((About(trigger=one), one not in (Trigger.SERIOUS, Trigger.ESTABLISHED)) for one in Trigger),
        (About(trigger=Trigger.LISTED, listed=True), False),
        (About(trigger=Trigger.LISTED, listed=False), True),
    ],
)
def test_what_silence_grants(of: About, grants: bool) -> None:
    assert silence_grants(of) == grants


@pytest.mark.clause("P20.9")
def test_an_act_whose_repair_nobody_decides_is_repaired_twenty_working_days_after_the_date(court: Court) -> None:
    asked = asked_for_act(court, "subcontracted", 100)
    assert wait(asked, 30).status == RepairStatus.ASKED
    asked = wait(asked, 25)
    assert (asked.status, asked.decided_by, asked.due_at) == (RepairStatus.GRANTED, None, None)
    assert "逾期未审核" in Document.objects.get().text
    assert "did not decide in time" in str(Document.objects.get().body_en)
    court.agency.refresh_from_db()
    assert court.agency.credit_points.latest("pk").conduct == 100  # type: ignore[attr-defined]
    assert Notice.objects.filter(organisation=court.party, subject="信用修复申请逾期未审核，视为通过").count() == 1
    assert do_due_cases() == 0
    row = next(row.line for row in lines(database_now()) if str(row.label) == "审核信用修复")
    assert row.late == 1


def test_a_measure_whose_repair_nobody_decides_is_lifted_and_its_file_says_by_whom(court: Court) -> None:
    asked = wait(asked_for_measure(court), 60)
    assert (asked.status, asked.decided_by) == (RepairStatus.GRANTED, None)
    court.agency.refresh_from_db()
    assert court.agency.standing == Standing.ACTIVE
    case = ExitCase.objects.get()
    [said] = [e.data for e in entries_of(case.number) if "repair" in e.data]
    assert (said["repair"], said["overdue"]) == ("granted", "repair")


def test_a_serious_act_waits_for_somebody_however_late_and_stands_higher_in_the_inbox(court: Court) -> None:
    asked = asked_for_act(court, "forged", 400)
    assert wait(asked, 300).status == RepairStatus.ASKED
    assert not exits.lapse_repair(asked.pk)
    [task] = [one for one in tasks_of(court.body, database_now()) if one.what == "审核信用修复"]
    assert (task.severity, task.because) == (1, "逾期不视为同意，须作出决定")
    exits.decide_repair(court.officers[1], court.body, asked.pk, "整改属实。", granted=True)
    assert Act.objects.get().events.exists()


@pytest.mark.parametrize("trigger", [Trigger.SERIOUS, Trigger.ESTABLISHED])
def test_a_measure_for_a_serious_act_is_not_lifted_by_silence(court: Court, trigger: Trigger) -> None:
    asked = asked_for_measure(court, trigger)
    assert wait(asked, 60).status == RepairStatus.ASKED
    assert not exits.lapse_repair(asked.pk)


def test_an_ordinary_request_says_what_silence_does(court: Court) -> None:
    asked_for_measure(court)
    [task] = [one for one in tasks_of(court.body, database_now()) if one.what == "审核信用修复"]
    assert (task.severity, task.because) == (0, "逾期 20 个工作日视为同意")


def test_a_measure_that_ended_meanwhile_or_is_under_appeal_is_not_repaired(court: Court) -> None:
    asked = asked_for_measure(court)
    let_pass(ExitCase.objects.get(), 60)
    assert Repair.objects.get().status == RepairStatus.ASKED
    assert not exits.lapse_repair(asked.pk)


def test_whom_silence_favours_is_the_same_asked_one_by_one_and_all_at_once(court: Court) -> None:
    asked_for_act(court, "subcontracted", 100)
    asked_for_measure(court)
    serious = note(court.agency, "forged", "case:2")
    assert serious is not None
    earlier(serious, 400)
    exits.ask_to_repair_act(court.person, court.party, serious.pk, "已整改")
    one_by_one = {one.pk for one in Repair.objects.all() if silence_grants(about(one))}
    assert one_by_one == set(granted_by_silence().values_list("pk", flat=True))
    assert len(one_by_one) == 2
    assert not ListFlag.objects.exists()


def test_the_database_lets_nobody_refuse_a_repair_without_a_name(court: Court) -> None:
    asked_for_measure(court)
    refused = {"status": RepairStatus.REFUSED, "due_at": None, "decided_at": F("asked_at"), "decision": "x"}
    with pytest.raises(IntegrityError, match="repair_decided_says_who_and_why"), transaction.atomic():
        Repair.objects.update(**refused)
