"""Enrol, leave, and what follows from how many came (R2, R3, P19.1, P20.1, I10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agencies.models import Qualification, QualificationStatus, Standing, Tie
from bidding import queries
from bidding.actions import advance, enrol, leave, progress
from bidding.entries import commitment
from bidding.models import Auction, AuctionStatus, Enrolment
from bidding.rules.enrolment import AlreadyEnrolled, Blocker, EnrolmentOver, NotEnrolled, TiedToBuyer, blockers
from bidding.rules.labels import draw_label
from core.clock import database_now
from core.errors import Refused
from journal.queries import entries_of
from marketplace.models import Offering, Request, RequestStatus
from tests import cast

pytestmark = pytest.mark.django_db


def codes(agency, request):
    found = blockers(queries.applicant(agency, request), queries.opening(request), database_now())
    return [blocker.code for blocker in found]


def kinds(request):
    return [entry.kind for entry in entries_of(request.number)]


def let_the_deadline_pass(request):
    Request.objects.filter(pk=request.pk).update(enrol_until=database_now())


def qualification(agency, kind, **fields):
    today = database_now().date()
    defaults = {
        "number": "甲测资字 1",
        "valid_from": today - timedelta(days=99),
        "valid_until": today + timedelta(days=99),
    }
    return Qualification.objects.create(agency=agency, kind=kind, **(defaults | fields))


def test_an_agency_enrols_under_a_label_with_a_commitment_to_its_code(published_request, swift_agency):
    enrolment = enrol(swift_agency.user, swift_agency, published_request.number)
    entry = entries_of(published_request.number).get(kind="request.enrolled")
    assert entry.data == {
        "label": enrolment.label,
        "commitment": commitment(bytes(enrolment.salt), swift_agency.uscc),
    }
    assert swift_agency.uscc not in bytes(entry.body).decode()
    assert len(bytes(enrolment.salt)) == 32


def test_who_is_enrolled_already_is_told_its_label_and_nothing_changes(published_request, swift_agency):
    enrolment = enrol(None, swift_agency, published_request.number)
    with pytest.raises(AlreadyEnrolled) as refused:
        enrol(None, swift_agency, published_request.number)
    assert refused.value.facts["label"] == enrolment.label
    assert kinds(published_request).count("request.enrolled") == 1


def test_an_agency_leaves_and_may_come_back_under_the_same_label(published_request, swift_agency):
    first = enrol(None, swift_agency, published_request.number)
    leave(swift_agency, published_request.number)
    assert not queries.standing_enrolments(published_request).exists()
    with pytest.raises(NotEnrolled):
        leave(swift_agency, published_request.number)
    again = enrol(None, swift_agency, published_request.number)
    assert (again.pk, again.label) == (first.pk, first.label)
    assert kinds(published_request)[1:] == ["request.enrolled", "request.left", "request.enrolled"]


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REMOVED])
def test_a_standing_in_force_blocks(published_request, swift_agency, standing):
    swift_agency.standing = standing
    swift_agency.save()
    assert codes(swift_agency, published_request) == ["E_STANDING"]


def test_an_item_that_is_not_offered_blocks(published_request, swift_agency):
    Offering.objects.all().delete()
    assert codes(swift_agency, published_request) == ["E_NOT_OFFERED"]


def test_i10_a_tie_to_the_buying_department_blocks_enrolment_until_it_ends(
    river_bureau, river_officer, item, swift_agency
):
    request = cast.published(river_bureau, item, river_officer)
    tie = Tie.objects.create(agency=swift_agency, department=river_bureau, nature="staff", declared_at=database_now())
    assert codes(swift_agency, request) == ["E_TIED"]
    with pytest.raises(TiedToBuyer) as refused:
        enrol(None, swift_agency, request.number)
    assert "岷县水务局" in refused.value.text
    assert not Enrolment.objects.exists()
    tie.ended_at = database_now()
    tie.save()
    assert enrol(None, swift_agency, request.number).withdrawn_at is None


def test_i10_a_tie_to_another_department_does_not_block(river_bureau, waterworks, published_request, swift_agency):
    Tie.objects.create(agency=swift_agency, department=river_bureau, nature="staff", declared_at=database_now())
    assert codes(swift_agency, published_request) == []


@pytest.fixture
def survey_request(waterworks, waterworks_user, survey_item, swift_agency):
    cast.offers(survey_item, swift_agency)
    return cast.published(waterworks, survey_item, waterworks_user)


def test_a_qualification_that_the_law_demands_blocks_while_it_is_missing(survey_request, swift_agency, survey_kind):
    assert codes(swift_agency, survey_request) == ["E_QUALIFICATION_MISSING"]
    qualification(swift_agency, survey_kind)
    assert codes(swift_agency, survey_request) == []


def test_an_expired_qualification_blocks_that_item_only(survey_request, published_request, swift_agency, survey_kind):
    yesterday = database_now().date() - timedelta(days=2)
    qualification(swift_agency, survey_kind, valid_until=yesterday)
    assert codes(swift_agency, survey_request) == ["E_QUALIFICATION_EXPIRED"]
    assert codes(swift_agency, published_request) == []


def test_a_rejected_qualification_blocks(survey_request, swift_agency, survey_kind):
    qualification(swift_agency, survey_kind, status=QualificationStatus.REJECTED)
    assert codes(swift_agency, survey_request) == ["E_QUALIFICATION_REJECTED"]


def test_a_buyer_cannot_enrol_in_its_own_request(published_request, swift_agency):
    own = replace(queries.applicant(swift_agency, published_request), is_buyer=True)
    assert [b.code for b in blockers(own, queries.opening(published_request), database_now())] == ["E_OWN_REQUEST"]


def test_every_reason_is_told_at_once_with_clause_and_remedy(river_bureau, river_officer, survey_item, swift_agency):
    request = cast.published(river_bureau, survey_item, river_officer)
    Tie.objects.create(agency=swift_agency, department=river_bureau, nature="staff", declared_at=database_now())
    swift_agency.standing = Standing.SUSPENDED
    swift_agency.save()
    let_the_deadline_pass(request)
    request.refresh_from_db()
    expected = ["E_ENROLMENT_OVER", "E_STANDING", "E_NOT_OFFERED", "E_TIED", "E_QUALIFICATION_MISSING"]
    assert codes(swift_agency, request) == expected
    with pytest.raises(Blocker) as refused:
        enrol(None, swift_agency, request.number)
    told = refused.value.facts["blockers"]
    assert [one["code"] for one in told] == expected
    assert all(one["message"] and one["basis"] for one in told)
    assert all(one["fix"] for one in told[1:])


def test_after_the_deadline_by_the_databases_clock_nobody_enrols_or_leaves_although_no_clock_runs(
    published_request, swift_agency, steady_agency
):
    enrol(None, swift_agency, published_request.number)
    let_the_deadline_pass(published_request)
    with pytest.raises(EnrolmentOver):
        enrol(None, steady_agency, published_request.number)
    with pytest.raises(EnrolmentOver):
        leave(swift_agency, published_request.number)
    assert Enrolment.objects.get().withdrawn_at is None


def test_nobody_leaves_a_live_auction(auction, swift_agency):
    with pytest.raises(EnrolmentOver):
        leave(swift_agency, auction.request.number)


def enrolled(request, *agencies):
    for one in agencies:
        enrol(None, one, request.number)
    let_the_deadline_pass(request)
    advance(request.number)
    request.refresh_from_db()
    return request


def test_enough_entrants_lead_to_an_auction(published_request, swift_agency, steady_agency):
    request = enrolled(published_request, swift_agency, steady_agency)
    auction = Auction.objects.get()
    assert (request.status, auction.status) == (RequestStatus.SELECTING, AuctionStatus.WAITING)
    assert (auction.ceiling, auction.step) == (request.ceiling, cast.yuan("500"))
    assert auction.opens_at - auction.ready_at == timedelta(minutes=3)
    assert auction.closes_at - auction.opens_at == timedelta(minutes=10)
    assert auction.hard_end - auction.opens_at == timedelta(minutes=60)


def test_too_few_entrants_extend_enrolment_once(published_request, swift_agency):
    before = published_request.enrol_until
    request = enrolled(published_request, swift_agency)
    assert (request.status, request.extended) == (RequestStatus.PUBLISHED, True)
    assert request.enrol_until > before
    assert request.selects_at > request.enrol_until
    assert kinds(request)[-1] == "request.extended"
    assert not Auction.objects.exists()
    let_the_deadline_pass(request)
    advance(request.number)
    request.refresh_from_db()
    assert request.status == RequestStatus.FAILED
    failed = entries_of(request.number).get(kind="auction.failed").data
    assert failed["reason"] == "too_few_entrants"
    assert [r["uscc"] for r in failed["reveals"]] == [swift_agency.uscc]


def test_who_left_does_not_count_as_an_entrant(published_request, swift_agency, steady_agency):
    enrol(None, steady_agency, published_request.number)
    leave(steady_agency, published_request.number)
    assert enrolled(published_request, swift_agency).extended


def test_a_department_goes_on_with_two_after_the_extension_and_leaves_a_note(
    river_bureau, river_officer, item, swift_agency, steady_agency
):
    request = enrolled(cast.published(river_bureau, item, river_officer), swift_agency, steady_agency)
    assert request.extended
    let_the_deadline_pass(request)
    advance(request.number)
    request.refresh_from_db()
    assert request.status == RequestStatus.SELECTING
    note = entries_of(request.number).get(kind="request.noted").data
    assert note["basis"] == ["R3", "P20.6"]


def test_a_department_fails_with_one_after_the_extension(river_bureau, river_officer, item, swift_agency):
    request = cast.published(river_bureau, item, river_officer, extended=True)
    assert enrolled(request, swift_agency).status == RequestStatus.FAILED


def test_an_enterprise_that_spends_public_money_needs_three_like_a_department(
    waterworks, waterworks_user, item, swift_agency, steady_agency
):
    request = cast.published(waterworks, item, waterworks_user, public_funds=True, budget_line="2026 年专项")
    assert enrolled(request, swift_agency, steady_agency).extended


def test_labels_never_run_out_and_never_repeat():
    taken: set[str] = set()
    for _ in range(1100):
        label = draw_label(taken)
        assert label not in taken
        taken.add(label)
    assert len(taken) == 1100


def test_refusals_of_enrolment_carry_what_a_door_needs(published_request, swift_agency):
    with pytest.raises(Refused) as refused:
        leave(swift_agency, published_request.number)
    assert set(refused.value.as_wire()) == {"code", "message", "basis", "facts", "fix"}


def test_an_extension_goes_round_full_half_hours_too(published_request, swift_agency, monkeypatch):
    """R5.10: at most 200 starts in half an hour, however an auction came to its slot."""
    enrol(None, swift_agency, published_request.number)
    cast.let_enrolment_end(published_request)
    half = published_request.selects_at.replace(
        minute=published_request.selects_at.minute // 30 * 30, second=0, microsecond=0
    )
    monkeypatch.setattr(progress, "starts_per_half_hour", lambda _now: {half: 200})
    published_request.extended = False
    published_request.save()
    cast.let_enrolment_end(published_request)
    assert not half <= published_request.selects_at < half + timedelta(minutes=30)
