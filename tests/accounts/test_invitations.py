"""Departments and regulators come by invitation, colleagues too; the link is the key and is kept only as a hash."""

from datetime import timedelta

import pytest

from accounts import actions, rules
from accounts.models import Invitation, Kind, Organisation, Role
from accounts.queries import members_of, organisation_of
from core.models import Region
from journal.queries import entries_of
from tests import cast

pytestmark = pytest.mark.django_db


def invite(operator, **changes):
    arguments = {
        "kind": Kind.DEPARTMENT,
        "name": "定西市水务局",
        "uscc": cast.next_uscc(),
        "region": Region.objects.get(code="621100"),
        "field": "水利",
        "email": "Office@Dingxi.example",
    }
    return actions.invite_organisation(operator, **(arguments | changes))


def take_up(invited, name="王五"):
    return actions.accept(invited.token, name=name, phone="0932-5550002", password="the river runs to town")


def test_an_operator_gives_a_department_its_place(operator):
    invited = invite(operator)
    organisation = invited.invitation.organisation
    assert (organisation.kind, organisation.field) == (Kind.DEPARTMENT, "水利")
    assert not organisation.memberships.exists()


def test_the_platforms_case_file_tells_of_the_invitation_and_the_joining_without_a_person(operator):
    take_up(invite(operator))
    entries = list(entries_of("P"))
    assert [entry.kind for entry in entries] == ["organisation.invited", "organisation.joined"]
    assert all("dingxi" not in bytes(entry.body).decode().lower() for entry in entries)
    assert all("王五" not in bytes(entry.body).decode() for entry in entries)


def test_only_the_tokens_hash_is_kept(operator):
    invited = invite(operator)
    assert invited.token not in str(Invitation.objects.values().get())


def test_whoever_takes_it_up_owns_the_place(operator):
    user = take_up(invite(operator))
    organisation = organisation_of(user)
    assert user.email == "office@dingxi.example"
    assert organisation.name == "定西市水务局"
    assert members_of(organisation).get().role == Role.OWNER
    assert organisation.contact_name == "王五"


def test_a_link_opens_once(operator):
    invited = invite(operator)
    take_up(invited)
    with pytest.raises(actions.InvitationSpent):
        take_up(invited)


def test_a_link_runs_out(operator):
    invited = invite(operator)
    Invitation.objects.update(expires_at=invited.invitation.expires_at - timedelta(days=actions.INVITATION_DAYS))
    with pytest.raises(actions.InvitationSpent):
        take_up(invited)


def test_a_link_nobody_made_opens_nothing():
    with pytest.raises(actions.InvitationSpent):
        actions.invitation_behind("guessed")


@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, Kind.AGENCY])
def test_enterprises_and_agencies_are_not_invited(operator, kind):
    with pytest.raises(actions.NotInvitable):
        invite(operator, kind=kind)


def test_nobody_but_an_operator_invites_organisations(waterworks_user):
    with pytest.raises(actions.MayNotInvite):
        invite(waterworks_user)
    assert Organisation.objects.count() == 1


def test_a_wrong_or_known_code_is_refused(operator, river_bureau):
    with pytest.raises(rules.UsccInvalid):
        invite(operator, uscc="12")
    with pytest.raises(rules.UsccRegistered):
        invite(operator, uscc=river_bureau.uscc)


def test_an_owner_invites_a_colleague_who_then_acts_for_the_same_house(river_bureau, river_officer):
    invited = actions.invite_member(river_officer, river_bureau, "second@river.example")
    user = take_up(invited, "赵六")
    assert organisation_of(user) == river_bureau
    assert user.memberships.get().role == Role.MEMBER
    river_bureau.refresh_from_db()
    assert river_bureau.contact_name == "张三"


def test_a_member_who_is_no_owner_invites_nobody(river_bureau, river_officer):
    member = take_up(actions.invite_member(river_officer, river_bureau, "second@river.example"))
    with pytest.raises(actions.MayNotInvite):
        actions.invite_member(member, river_bureau, "third@river.example")


def test_an_operator_puts_nobody_into_a_department_that_has_its_people(operator, river_bureau, river_officer):
    with pytest.raises(actions.MayNotInvite):
        actions.invite_member(operator, river_bureau, "planted@river.example")


def test_an_account_that_exists_takes_up_only_what_was_sent_to_it(operator, waterworks_user, river_officer):
    invited = invite(operator, email=waterworks_user.email)
    with pytest.raises(actions.InvitedAnother):
        actions.accept_as(invited.token, river_officer)
    with pytest.raises(rules.EmailRegistered):
        take_up(invited)
    actions.accept_as(invited.token, waterworks_user)
    assert waterworks_user.memberships.count() == 2
