"""An agency registers: zero threshold, zero restriction (P19.1), its commitment first in its case file (P22.1)."""

from datetime import timedelta

from django import forms
from django.db import models, transaction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from accounts import rules as identity
from accounts.actions import Applicant
from accounts.forms import RegistrationForm
from accounts.models import Organisation
from agencies import commitments
from agencies import forms as agency_forms
from agencies import models as agency_models
from agencies.actions import register
from agencies.models import Agency, Commitment, Grade, Standing
from agencies.rules import BannedByLaw
from core.clock import database_now
from core.errors import Refused
from core.models import Region
from journal.queries import entries_of
from tests import cast
from tests.accounts.applicants import PASSWORD, applicant
from tests.committed import at_once

in_the_world = pytest.mark.django_db


@in_the_world
def test_an_agency_is_active_and_new_in_the_same_minute():
    agency = register(applicant(), signed=True)
    assert (agency.standing, agency.grade, agency.credit) == (Standing.ACTIVE, Grade.N, None)
    assert Standing(agency.standing).may_bid
    assert agency.pinyin == "gslystzxyxgs"


@in_the_world
def test_the_commitment_is_the_first_entry_of_its_case_file():
    who = applicant()
    agency = register(who, signed=True)
    [entry] = entries_of(f"A-{who.uscc}")
    assert (entry.seq, entry.kind, entry.at) == (1, "agency.committed", agency.registered_at)
    assert entry.data == {
        "version": commitments.AGENCY.version,
        "sha256": commitments.AGENCY.sha256,
        "name": who.name,
        "uscc": who.uscc,
        "region": "620100",
    }
    assert Commitment.objects.get(agency=agency).text_sha256 == commitments.AGENCY.sha256


@in_the_world
def test_without_the_commitment_nobody_enters():
    with pytest.raises(identity.CommitmentUnsigned):
        register(applicant(), signed=False)
    assert not Organisation.objects.exists()


@in_the_world
def test_registering_again_sheds_no_history(swift_agency):
    with pytest.raises(identity.UsccRegistered):
        register(applicant(uscc=swift_agency.uscc), signed=True)
    assert Agency.objects.filter(organisation__uscc=swift_agency.uscc).get() == swift_agency


@in_the_world
def test_a_removed_agency_cannot_come_back_before_its_ban_is_over(swift_agency):
    until = database_now() + timedelta(days=30)
    Agency.objects.filter(pk=swift_agency.pk).update(standing=Standing.REMOVED, standing_until=until)
    with pytest.raises(BannedByLaw) as refused:
        register(applicant(uscc=swift_agency.uscc.lower()), signed=True)
    assert refused.value.facts["until"] == f"{until:%Y-%m-%d}"


def test_of_two_that_register_one_code_at_once_one_wins_and_the_other_is_told(transactional_db):
    who = applicant()
    rivals = [applicant(uscc=who.uscc) for _ in range(4)]
    results = at_once(*[lambda one=one: register(one, signed=True) for one in rivals])
    assert sorted(type(one).__name__ for one in results) == ["Agency", *["UsccRegistered"] * 3]
    assert entries_of(f"A-{who.uscc}").count() == 1
    assert Commitment.objects.count() == 1


def _codes():
    body = st.tuples(
        st.text("0123456789", min_size=8, max_size=8),
        st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
    ).map("".join)
    good = body.map(lambda code: code + standard.calc_check_digit(code))
    wrong = body.map(lambda code: code + ("0" if standard.calc_check_digit(code) != "0" else "1"))
    return st.one_of(good, wrong, st.text(max_size=20))


@in_the_world
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    code=_codes(),
    name=st.text(min_size=1, max_size=60),
    region=st.sampled_from(["110000", "540000", "620100", "620171", "710000", "810000"]),
    phone=st.text(max_size=30),
    signed=st.booleans(),
    history=st.sampled_from(["none", "registered", "banned"]),
    already=st.integers(0, 3),
)
def test_i3_registration_is_refused_only_for_its_four_reasons(
    operator, code, name, region, phone, signed, history, already
):
    """Whatever the name, the region, the phone, and however many agencies stand there already."""
    with transaction.atomic():
        for number in range(already):
            cast.agency(f"已有机构{number}", region)
        valid = standard.is_valid(code) and standard.compact(code) == code
        if valid and history != "none":
            known = cast.agency("原有机构")
            Organisation.objects.filter(pk=known.organisation_id).update(uscc=code)
            if history == "banned":
                Agency.objects.filter(pk=known.pk).update(standing=Standing.REMOVED)
        who = Applicant(name, code, region, "李四", phone, "new@example.com", PASSWORD)
        assert _reason(who, signed) is _expected(valid, signed, history)
        transaction.set_rollback(True)


def _reason(who: Applicant, signed: bool) -> type[Refused] | None:
    try:
        with transaction.atomic():
            agency = register(who, signed=signed)
    except identity.UsccInvalid:
        return identity.UsccInvalid
    except Refused as refused:
        return type(refused)
    assert agency.standing == Standing.ACTIVE
    return None


def _expected(valid: bool, signed: bool, history: str) -> type[Refused] | None:
    if not signed:
        return identity.CommitmentUnsigned
    if not valid:
        return identity.UsccInvalid
    return {"none": None, "registered": identity.UsccRegistered, "banned": BannedByLaw}[history]


# What an agency may be asked or known by. A new name here needs a reason that is no limit (I4).
_ENTRY_ASKS = {"name", "uscc", "region", "contact_name", "contact_phone", "email", "password", "commitment"}
_LIMITS = ("capital", "quota", "deposit", "fee", "owner", "max_", "limit", "approv", "shortlist", "years", "local")


def test_i4_entry_asks_nothing_that_could_limit():
    assert set(RegistrationForm().fields) == _ENTRY_ASKS
    assert not any(isinstance(field, forms.FileField) for field in RegistrationForm().fields.values())


def test_i4_no_column_of_an_agency_limits_by_region_number_or_ownership():
    columns = [
        field.name
        for model in vars(agency_models).values()
        if isinstance(model, type) and issubclass(model, models.Model) and model.__module__ == "agencies.models"
        for field in model._meta.get_fields()
    ]
    assert columns
    assert not [name for name in columns if any(word in name for word in _LIMITS)]


def test_i4_no_form_of_an_agency_asks_for_a_limit():
    asked = [
        name
        for form in vars(agency_forms).values()
        if isinstance(form, type) and issubclass(form, forms.Form) and form is not forms.Form
        for name in form().fields
    ]
    assert asked
    assert not [name for name in asked if any(word in name for word in _LIMITS)]


@in_the_world
def test_i4_an_agency_of_any_region_may_enter():
    regions = list(Region.objects.values_list("code", flat=True))
    entered = [register(applicant(region=code), signed=True) for code in regions]
    assert len(entered) == len(regions) > 40
    assert {agency.standing for agency in entered} == {Standing.ACTIVE}
