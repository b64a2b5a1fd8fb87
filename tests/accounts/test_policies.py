"""A policy answers twice, and both answers agree on a small world."""

import pytest

from accounts import actions, policies, queries
from accounts.models import Kind, Membership, Organisation, Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(operator, waterworks_user, river_officer, regulator, swift_agency):
    waiting = cast.organisation(Kind.DEPARTMENT, "无人部门")
    member = cast.person("member@river.example")
    river = river_officer.memberships.get().organisation
    Membership.objects.create(user=member, organisation=river, role=Role.MEMBER)
    return [operator, waterworks_user, river_officer, regulator, swift_agency.user, member], waiting


@pytest.mark.parametrize(
    ("one", "many"),
    [(policies.may_act_for, policies.acts_for), (policies.may_invite_to, policies.invitable_by)],
)
def test_per_object_and_as_a_queryset_the_answer_is_the_same(world, one, many):
    users, _waiting = world
    for user in users:
        allowed = set(many(user))
        assert allowed == {body for body in Organisation.objects.all() if one(user, body)}


def test_an_operator_may_invite_into_what_nobody_has_taken_up(world, operator):
    _users, waiting = world
    assert set(policies.invitable_by(operator)) == {waiting}


def test_one_acts_for_the_house_joined_first(operator, waterworks_user, waterworks):
    invited = actions.invite_organisation(
        operator,
        kind=Kind.DEPARTMENT,
        name="新部门",
        uscc=cast.next_uscc(),
        region=waterworks.region,
        email=waterworks_user.email,
    )
    actions.accept_as(invited.token, waterworks_user)
    assert queries.organisation_of(waterworks_user) == waterworks
