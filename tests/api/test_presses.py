"""`Idempotency-Key`: a write that comes twice is done once and answered alike."""

import pytest

from agencies.models import Agency, PastWork
from api.models import KeyedPress
from api.presses import KEPT_FOR, forget_old
from bidding.models import Enrolment
from core.clock import database_now
from marketplace.models import Request
from tests.api.calls import Program, program_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]

WORK = {"title": "河道整治", "client": "岷县水务局", "year": 2024, "summary": ""}


def _agency_program(agency: Agency) -> Program:
    return program_of(agency.user)  # type: ignore[attr-defined]


def test_the_same_press_is_done_once_and_answered_alike(swift_agency: Agency) -> None:
    program = _agency_program(swift_agency)
    first = program.post("me/agency/works/", WORK, Idempotency_Key="one")
    again = program.post("me/agency/works/", dict(reversed(WORK.items())), Idempotency_Key="one")
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert PastWork.objects.count() == 1
    assert program.post("me/agency/works/", WORK).status == 201
    assert PastWork.objects.count() == 2


def test_a_key_says_one_thing_only_and_belongs_to_one_token(swift_agency: Agency, steady_agency: Agency) -> None:
    program = _agency_program(swift_agency)
    program.post("me/agency/works/", WORK, Idempotency_Key="one")
    other = program.post("me/agency/works/", {**WORK, "year": 2023}, Idempotency_Key="one")
    assert (other.status, other["code"]) == (422, "E_KEY_REUSED")
    assert _agency_program(steady_agency).post("me/agency/works/", WORK, Idempotency_Key="one").status == 201
    assert program.post("me/agency/works/", WORK, Idempotency_Key="k" * 201)["code"] == "E_KEY_MALFORMED"


def test_a_refusal_is_kept_as_an_answer_too(published_request: Request, swift_agency: Agency) -> None:
    program, path = _agency_program(swift_agency), f"requests/{published_request.number}/enrolment/"
    assert program.post(path, Idempotency_Key="in").status == 201
    assert program.post(path, Idempotency_Key="in").status == 201
    twice = program.post(path, Idempotency_Key="again")
    assert (twice.status, twice["code"]) == (409, "E_ALREADY_ENROLLED")
    assert program.post(path, Idempotency_Key="again").json == twice.json
    assert Enrolment.objects.count() == 1


def test_what_died_on_its_way_is_told_as_unknown_and_never_done_again(swift_agency: Agency) -> None:
    program = _agency_program(swift_agency)
    program.post("me/agency/works/", WORK, Idempotency_Key="one")
    KeyedPress.objects.update(status=None, answer="")
    unknown = program.post("me/agency/works/", WORK, Idempotency_Key="one")
    assert (unknown.status, unknown["code"]) == (409, "E_OUTCOME_UNKNOWN")
    assert PastWork.objects.count() == 1


def test_keys_are_forgotten_after_two_days(swift_agency: Agency) -> None:
    _agency_program(swift_agency).post("me/agency/works/", WORK, Idempotency_Key="one")
    assert forget_old(database_now()) == 0
    assert forget_old(database_now() + KEPT_FOR) == 1
