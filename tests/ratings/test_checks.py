"""Every result that an agency delivers on probation is checked by a regulator (R8, re-entry)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from accounts.tasks import tasks_of
from agencies.models import Agency
from core.clock import database_now
from journal.queries import entries_of
from marketplace.models import ServiceItem
from ratings.actions import exits
from ratings.clockwork.exits import do_due_cases
from ratings.models import Act, Measure, Reentry, ResultCheck
from ratings.queries.punctuality import lines
from ratings.rules import exit_refusals as refusals
from tests import cast
from tests.contracts import play
from tests.ratings.court import Court, let_pass

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P20.9")]


@pytest.fixture
def delivered(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> str:
    """The agency has delivered; the request's number."""
    number = play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("90000.00"))
    play.signed_in(number, ("报告", "90000.00", 20))
    play.deliver(number)
    return number


def on_probation(court: Court, *, before_the_delivery: bool = True) -> None:
    case = let_pass(court.in_force(Measure.REMOVE), 760)
    exits.ask_for_reentry(court.person, court.party, case.number, "已整改", signed=True)
    exits.decide_reentry(court.officers[4], court.body, case.number, "同意", granted=True)
    if before_the_delivery:
        Reentry.objects.update(decided_at=F("decided_at") - timedelta(days=1))


def test_a_result_delivered_on_probation_is_put_before_the_officers_once(court: Court, delivered: str) -> None:
    on_probation(court)
    do_due_cases()
    do_due_cases()
    check = ResultCheck.objects.get()
    assert check.delivery.milestone.contract.award.request.number == delivered
    door = reverse("officer_check", args=[check.pk])
    assert door in [task.href for task in tasks_of(court.body, database_now())]
    found = {str(row.label): row.line for row in lines(database_now())}
    assert found["核验观察期成果"].open == 1


def test_what_was_delivered_before_probation_is_not_checked(court: Court, delivered: str) -> None:
    on_probation(court, before_the_delivery=False)
    do_due_cases()
    assert not ResultCheck.objects.exists()


def test_others_results_are_not_checked(delivered: str) -> None:
    do_due_cases()
    assert not ResultCheck.objects.exists()


def test_an_officer_says_what_the_check_found_once(client: Client, court: Court, delivered: str) -> None:
    on_probation(court)
    do_due_cases()
    door = reverse("officer_check", args=[ResultCheck.objects.get().pk])
    client.force_login(court.person)
    assert client.get(door).status_code == 404
    client.force_login(court.officers[0])
    assert delivered in client.get(door).content.decode()
    assert client.post(door, {"ok": "yes", "note": ""}).status_code == 400
    assert client.post(door, {"ok": "yes", "note": "数据可追溯。"}).status_code == 302
    assert "数据可追溯。" in client.get(door).content.decode()
    client.force_login(court.officers[1])
    again = client.post(door, {"ok": "no", "note": "x"})
    assert again.status_code == 400
    assert f"{court.officers[0]} 已在" in again.content.decode()
    kinds = [entry.kind for entry in entries_of(f"A-{court.agency.uscc}")]
    assert kinds.count("exit.result_checked") == 1
    assert not Act.objects.exists()


def test_a_failed_check_is_an_act_with_days_to_object(court: Court, delivered: str) -> None:
    on_probation(court)
    do_due_cases()
    check = ResultCheck.objects.get()
    with pytest.raises(refusals.NotAnOfficer):
        exits.check_result(court.person, court.party, check.pk, "x", ok=True)
    with pytest.raises(refusals.ReasonsMissing):
        exits.check_result(court.officers[0], court.body, check.pk, " ", ok=False)
    exits.check_result(court.officers[0], court.body, check.pk, "原始记录缺失。", ok=False)
    act = Act.objects.get()
    assert (act.code, act.counts_from > database_now()) == ("refused_for_quality", True)
    assert "原始记录缺失。" in act.evidence


def test_the_database_wants_a_name_and_words_for_a_finding(court: Court, delivered: str) -> None:
    on_probation(court)
    do_due_cases()
    with pytest.raises(IntegrityError, match="result_check_says_who_and_what"), transaction.atomic():
        ResultCheck.objects.update(ok=True)
