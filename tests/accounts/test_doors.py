"""The doors: signed out leads to the sign-in; "not yours" and "not there" are the same 404."""

from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse

import pytest

from accounts import doors

pytestmark = pytest.mark.django_db

# Who passes which door; everybody else signed in meets a 404.
_PASSES = {
    doors.buyer_required: {"waterworks_user", "river_officer"},
    doors.agency_required: {"agency_user"},
    doors.regulator_required: {"regulator"},
    doors.operator_required: {"operator"},
    doors.member_required: {"waterworks_user", "river_officer", "agency_user", "regulator"},
}


@pytest.fixture
def agency_user(swift_agency):
    return swift_agency.user


def ask(door, rf, user):
    request = rf.get("/desk/somewhere/?page=2")
    request.user = user
    return door(lambda request: HttpResponse(getattr(request, "organisation", "nobody's")))(request)


@pytest.mark.parametrize("door", _PASSES, ids=lambda door: door.__name__)
@pytest.mark.parametrize("who", ["waterworks_user", "river_officer", "agency_user", "regulator", "operator"])
def test_each_door_lets_in_its_own_and_nobody_else(request, rf, door, who):
    user = request.getfixturevalue(who)
    if who in _PASSES[door]:
        assert ask(door, rf, user).status_code == 200
    else:
        with pytest.raises(Http404):
            ask(door, rf, user)


@pytest.mark.parametrize("door", _PASSES, ids=lambda door: door.__name__)
def test_signed_out_each_door_leads_to_the_sign_in_and_back(rf, door):
    answer = ask(door, rf, AnonymousUser())
    assert answer["Location"] == "/accounts/login/?next=/desk/somewhere/%3Fpage%3D2"


def test_a_door_says_for_whom_one_acts(rf, river_officer, river_bureau):
    assert ask(doors.buyer_required, rf, river_officer).content.decode() == river_bureau.name


def test_the_address_is_the_connections_own_unless_a_header_is_trusted(rf, settings):
    request = rf.get("/", headers={"x-real-ip": "203.0.113.7"}, REMOTE_ADDR="198.51.100.1")
    assert doors.client_address(request) == "198.51.100.1"
    settings.ENV = replace(settings.ENV, trusted_address_header="X-Real-IP")
    assert doors.client_address(request) == "203.0.113.7"
