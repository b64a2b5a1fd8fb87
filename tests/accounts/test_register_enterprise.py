"""An enterprise registers itself (P19.1), and the platform's case file tells of it."""

import pytest

from accounts import commitments, rules
from accounts.actions import register_enterprise
from accounts.models import Kind, Organisation, Role, User
from journal.queries import entries_of
from tests.accounts.applicants import PASSWORD, applicant
from tests.committed import at_once

in_the_world = pytest.mark.django_db


@in_the_world
def test_it_stands_with_its_owner_at_once():
    who = applicant(email="Owner@Example.com")
    user = register_enterprise(who, signed=True)
    membership = user.memberships.get()
    assert user.email == "owner@example.com"
    assert user.check_password(PASSWORD)
    assert membership.role == Role.OWNER
    assert (membership.organisation.kind, membership.organisation.uscc) == (Kind.ENTERPRISE, who.uscc)


@in_the_world
def test_the_platforms_case_file_names_the_commitment_and_no_person():
    who = applicant()
    register_enterprise(who, signed=True)
    entry = entries_of("P").last()
    assert entry.kind == "organisation.registered"
    assert entry.data["commitment"]["sha256"] == commitments.ENTERPRISE.sha256
    written = bytes(entry.body).decode()
    assert who.email not in written
    assert who.contact_name not in written
    assert who.contact_phone not in written


@in_the_world
def test_without_the_commitment_nobody_enters():
    with pytest.raises(rules.CommitmentUnsigned):
        register_enterprise(applicant(), signed=False)
    assert not Organisation.objects.exists()


@in_the_world
def test_a_code_that_is_registered_leads_to_its_registration(waterworks):
    with pytest.raises(rules.UsccRegistered) as refused:
        register_enterprise(applicant(uscc=waterworks.uscc), signed=True)
    assert refused.value.facts == {"uscc": waterworks.uscc}
    assert "P22.4" in refused.value.basis


@in_the_world
def test_an_address_that_has_an_account_is_told_so_and_nothing_is_left(waterworks_user):
    with pytest.raises(rules.EmailRegistered):
        register_enterprise(applicant(email=waterworks_user.email.upper()), signed=True)
    assert Organisation.objects.count() == 1


def test_of_two_that_register_one_code_at_once_one_stands(transactional_db):
    who = applicant()
    other = applicant(uscc=who.uscc)
    results = at_once(
        *[lambda one=one: register_enterprise(one, signed=True) for one in (who, other)],
    )
    refused = [one for one in results if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [rules.UsccRegistered]
    assert Organisation.objects.filter(uscc=who.uscc).count() == 1
    assert User.objects.count() == 1


def test_of_two_that_register_one_address_at_once_one_stands(transactional_db):
    who, other = applicant(email="SAME@example.com"), applicant(email="same@example.com")
    results = at_once(*[lambda one=one: register_enterprise(one, signed=True) for one in (who, other)])
    assert [type(one) for one in results if isinstance(one, BaseException)] == [rules.EmailRegistered]
    assert Organisation.objects.count() == 1
    assert entries_of("P").count() == 1
