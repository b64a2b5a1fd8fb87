"""What an agency says about itself, as enrolment sees it (R2, I10): the only ways in which it matters."""

from datetime import timedelta

from django.utils.timezone import localdate

import pytest

from agencies import actions
from agencies.actions import Claim, register
from agencies.models import Qualification, QualificationStatus, TieNature
from bidding import queries
from bidding.rules.enrolment import personal_blockers
from tests import cast
from tests.accounts.applicants import applicant

pytestmark = pytest.mark.django_db


def codes(agency, request):
    return [one.code for one in personal_blockers(queries.applicant(agency, request), queries.opening(request))]


@pytest.fixture
def survey_request(waterworks, waterworks_user, survey_item):
    return cast.published(waterworks, survey_item, waterworks_user)


@pytest.fixture
def claim(survey_kind):
    def make(begins: int, ends: int) -> Claim:
        today = localdate()
        first, last = today + timedelta(days=begins), today + timedelta(days=ends)
        return Claim(survey_kind, "甲001", "自然资源部", first, last)

    return make


def test_an_agency_that_has_just_registered_enrols_where_no_law_demands_anything(published_request, item):
    agency = register(applicant(region="810000"), signed=True)
    cast.offers(item, agency)
    assert codes(agency, published_request) == []


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [
        (-10, 10, []),
        (-10, 0, []),
        (-10, -1, ["E_QUALIFICATION_EXPIRED"]),
        (1, 10, ["E_QUALIFICATION_NOT_YET"]),
    ],
)
def test_what_the_law_demands_is_judged_by_its_days(
    swift_agency, survey_item, survey_request, claim, begins, ends, told
):
    cast.offers(survey_item, swift_agency)
    actions.claim_qualification(swift_agency.user, swift_agency, claim(begins, ends))
    assert codes(swift_agency, survey_request) == told


def test_a_missing_and_a_rejected_certificate_are_told_apart(swift_agency, survey_item, survey_request, claim):
    cast.offers(survey_item, swift_agency)
    assert codes(swift_agency, survey_request) == ["E_QUALIFICATION_MISSING"]
    actions.claim_qualification(swift_agency.user, swift_agency, claim(-10, 10))
    Qualification.objects.update(status=QualificationStatus.REJECTED)
    assert codes(swift_agency, survey_request) == ["E_QUALIFICATION_REJECTED"]


def test_an_expired_certificate_locks_its_item_only(
    swift_agency, survey_item, survey_request, published_request, claim
):
    cast.offers(survey_item, swift_agency)
    actions.claim_qualification(swift_agency.user, swift_agency, claim(-10, -1))
    assert codes(swift_agency, survey_request) == ["E_QUALIFICATION_EXPIRED"]
    assert codes(swift_agency, published_request) == []


def test_i10_a_declared_tie_blocks_there_until_it_is_ended_and_nowhere_else(
    swift_agency, river_bureau, river_officer, published_request, item
):
    theirs = cast.published(river_bureau, item, river_officer)
    tie = actions.declare_tie(swift_agency.user, swift_agency, river_bureau, TieNature.STAFF)
    assert len(codes(swift_agency, theirs)) == 1
    assert codes(swift_agency, published_request) == []
    actions.end_tie(swift_agency.user, tie)
    assert codes(swift_agency, theirs) == []
