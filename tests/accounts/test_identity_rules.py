"""What an identity service's claims are worth, and whom they let in (P13.1)."""

import pytest

from accounts.identity import actions, rules
from accounts.identity.rules import Identity
from accounts.models import Kind, User
from accounts.rules import EmailRegistered
from tests import cast
from tests.committed import at_once

TOKEN = {"iss": "https://id.example", "sub": "42", "name": "王建国"}
CODE = cast.next_uscc()


def read(token=(), userinfo=(), *, claim="org"):
    return rules.read({**TOKEN, **dict(token)}, dict(userinfo), uscc_claim=claim)


def test_the_same_subject_of_another_issuer_is_somebody_else():
    assert read().uid == read().uid
    assert read().uid != read({"iss": "https://other.example"}).uid


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_counts_only_when_the_service_says_that_it_checked_it(verified):
    assert read({"email": "W@Works.example", "email_verified": True}).email == "w@works.example"
    assert read({"email": "w@works.example", "email_verified": verified}).email == ""


def test_a_code_counts_only_from_the_signed_token_under_the_configured_claim():
    assert read({"org": CODE}).uscc == CODE
    assert read(userinfo={"org": CODE}).uscc == ""
    assert read({"org": CODE}, claim="").uscc == ""
    assert read({"org": CODE[:-1] + "?"}).uscc == ""
    assert read({"org": ["a list"]}).uscc == ""


def test_user_info_fills_gaps_and_overrides_nothing():
    identity = read({"name": "王建国"}, {"name": "别人", "email": "w@works.example", "email_verified": True})
    assert (identity.name, identity.email) == ("王建国", "w@works.example")


@pytest.mark.parametrize("kind", [Kind.DEPARTMENT, Kind.REGULATOR, None])
def test_places_of_offices_are_given_by_invitation_alone(kind):
    with pytest.raises(rules.IdentityNotMember):
        rules.judge_join(Identity("u", "王", "w@works.example", CODE), kind, staffed=True)


def test_it_refuses_a_place_that_nobody_holds_yet_a_missing_code_and_a_missing_address():
    rules.judge_join(Identity("u", "王", "w@works.example", CODE), Kind.AGENCY, staffed=True)
    with pytest.raises(rules.IdentityNotMember):
        rules.judge_join(Identity("u", "王", "w@works.example", CODE), Kind.AGENCY, staffed=False)
    with pytest.raises(rules.IdentityNotMember):
        rules.judge_join(Identity("u", "王", "w@works.example", ""), Kind.AGENCY, staffed=True)
    with pytest.raises(rules.IdentityWithoutEmail):
        rules.judge_join(Identity("u", "王", "", CODE), Kind.AGENCY, staffed=True)


@pytest.mark.django_db
def test_joining_with_the_address_of_an_account_takes_nothing_over(waterworks, waterworks_user):
    with pytest.raises(EmailRegistered):
        actions.join(Identity("u", "王", waterworks_user.email, waterworks.uscc))
    assert User.objects.get(email=waterworks_user.email).pk == waterworks_user.pk
    assert not waterworks_user.socialaccount_set.exists()


@pytest.mark.django_db
def test_an_identity_belongs_to_one_account(waterworks_user, river_officer):
    identity = Identity("u", "王")
    assert actions.link(waterworks_user, identity) == actions.link(waterworks_user, identity)
    with pytest.raises(rules.IdentityTaken):
        actions.link(river_officer, identity)


@pytest.mark.django_db
def test_without_a_password_the_identity_is_the_last_way_in(waterworks, waterworks_user):
    joined = actions.join(Identity("u", "王", "w@works.example", waterworks.uscc))
    with pytest.raises(rules.LastWayIn):
        actions.unlink(joined)
    actions.link(waterworks_user, Identity("v", "李"))
    actions.unlink(waterworks_user)
    assert not waterworks_user.socialaccount_set.exists()


@pytest.mark.race
def test_of_two_accounts_that_link_one_identity_at_once_one_gets_it(transactional_db):
    identity = Identity("u", "王")
    first, second = cast.person("first@works.example"), cast.person("second@works.example")
    results = at_once(lambda: actions.link(first, identity), lambda: actions.link(second, identity))
    assert sum(isinstance(result, rules.IdentityTaken) for result in results) == 1
    assert sum(not isinstance(result, BaseException) for result in results) == 1


@pytest.mark.page
@pytest.mark.django_db
def test_without_a_configured_service_nothing_is_offered(client, waterworks_user):
    assert b'data-testid="identity"' not in client.get("/accounts/login/").content
    assert client.post("/accounts/oidc/province/login/").status_code == 404
    assert client.get("/accounts/oidc/province/login/callback/?code=x&state=y").status_code == 404
    client.force_login(waterworks_user)
    assert client.get("/accounts/identity/").status_code == 404
