"""The pages of entry, sign-in and invitation as a browser asks for them."""

import re

from django.core import mail
from django.urls import reverse

import pytest

from accounts.models import Kind, Organisation, User
from accounts.queries import organisation_of
from tests import cast
from tests.accounts.applicants import PASSWORD, applicant, posted

pytestmark = pytest.mark.django_db


def test_an_enterprise_registers_and_lands_signed_in_at_its_desk(client):
    who = applicant()
    answer = client.post(reverse("register_enterprise"), posted(who))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk"))
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert organisation_of(user).uscc == who.uscc


def test_the_form_shows_the_commitment_and_asks_for_no_file(client):
    page = client.get(reverse("register_enterprise")).content.decode()
    assert "自主选择中介服务机构" in page
    assert 'type="file"' not in page


def test_a_wrong_check_digit_is_explained_and_the_input_kept(client):
    who = applicant()
    wrong = who.uscc[:-1] + ("0" if who.uscc[-1] != "0" else "1")
    page = client.post(reverse("register_enterprise"), posted(who, uscc=wrong)).content.decode()
    assert f"校验位应为 {who.uscc[-1]}" in page
    assert 'href="#id_uscc"' in page
    assert f'value="{wrong}"' in page
    assert f'value="{who.name}"' in page
    assert PASSWORD not in page


def test_an_unsigned_commitment_is_told_at_its_box(client):
    page = client.post(reverse("register_enterprise"), posted(applicant(), commitment="")).content.decode()
    assert "尚未签署信用承诺" in page
    assert "P22.1" in page
    assert 'href="#id_commitment"' in page


def test_a_known_code_points_to_sign_in_and_to_ones_owner(client, waterworks):
    page = client.post(reverse("register_enterprise"), posted(applicant(uscc=waterworks.uscc))).content.decode()
    assert "已注册" in page
    assert "请用原账户登录" in page
    assert "管理员" in page


def test_a_weak_password_is_told(client):
    page = client.post(reverse("register_enterprise"), posted(applicant(), password="12345678")).content.decode()
    assert 'href="#id_password"' in page
    assert not User.objects.exists()


def test_too_many_posts_from_one_address_are_answered_by_a_clear_page(client):
    for _ in range(30):
        client.post(reverse("register_enterprise"), {})
    answer = client.post(reverse("register_enterprise"), posted(applicant()))
    assert answer.status_code == 429
    assert client.get(reverse("register_enterprise")).status_code == 200
    assert client.post(reverse("register_enterprise"), {}, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_one_signs_in_by_address_and_out_again(client, waterworks_user):
    answer = client.post(
        reverse("account_login"), {"login": waterworks_user.email.upper(), "password": "correct horse battery"}
    )
    assert answer["Location"] == reverse("desk")
    assert client.post(reverse("account_logout"))["Location"] == reverse("home")
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_says_no_more_than_that(client, waterworks_user):
    known = client.post(reverse("account_login"), {"login": waterworks_user.email, "password": "wrong"})
    unknown = client.post(reverse("account_login"), {"login": "nobody@example.com", "password": "wrong"})
    told = [list(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert len(told[0]) == 1
    assert told[0] == told[1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup", "register"])
def test_the_pages_before_sign_in_speak_both_languages(client, name, language):
    client.cookies["django_language"] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert answer["Content-Language"] == language


@pytest.mark.parametrize("name", ["account_change_password", "account_logout", "members"])
def test_the_pages_after_sign_in_stand_in_our_frame(client, waterworks_user, name):
    client.force_login(waterworks_user)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert b'id="main"' in answer.content


def test_a_forgotten_password_is_set_anew_by_mail(client, waterworks_user):
    client.post(reverse("account_reset_password"), {"email": waterworks_user.email})
    [letter] = mail.outbox
    path = re.search(r"https?://[^/]+(/\S+)", letter.body)[1]
    page = client.get(path, follow=True)
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page.request["PATH_INFO"], new, follow=True).status_code == 200
    waterworks_user.refresh_from_db()
    assert waterworks_user.check_password(PASSWORD)


def test_signed_out_the_desk_leads_to_the_sign_in(client):
    answer = client.get(reverse("members"))
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["waterworks_user", "regulator"])
def test_the_operators_page_does_not_exist_for_others(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("operate")).status_code == 404


def test_an_operator_without_a_house_has_no_members_page(client, operator):
    client.force_login(operator)
    assert client.get(reverse("members")).status_code == 404


def test_an_invitation_travels_from_the_operator_to_a_new_desk(client, operator, django_capture_on_commit_callbacks):
    client.force_login(operator)
    form = {
        "kind": Kind.REGULATOR,
        "name": "定西市市场监督管理局",
        "uscc": cast.next_uscc(),
        "region": "621100",
        "email": "office@dingxi.example",
    }
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("operate"), form).content.decode()
    link = re.search(r"http://testserver(/invitations/[^<\s]+)", page)[1]
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["office@dingxi.example"]
    client.logout()
    assert "定西市市场监督管理局" in client.get(link).content.decode()
    new = {"contact_name": "王五", "contact_phone": "0932-5550002", "password": PASSWORD}
    assert client.post(link, new)["Location"] == reverse("desk")
    assert organisation_of(User.objects.get(email="office@dingxi.example")).kind == Kind.REGULATOR
    assert client.get(link).status_code == 409


def test_an_operator_sends_a_new_link_while_nobody_came(client, operator):
    client.force_login(operator)
    form = {
        "kind": Kind.DEPARTMENT,
        "name": "定西市水务局",
        "uscc": cast.next_uscc(),
        "region": "621100",
        "email": "office@dingxi.example",
    }
    client.post(reverse("operate"), form)
    again = client.post(reverse("invite_again", args=[form["uscc"]]))
    assert "/invitations/" in again.content.decode()
    Organisation.objects.get(uscc=form["uscc"]).memberships.create(user=operator)
    assert client.post(reverse("invite_again", args=[form["uscc"]])).status_code == 404


def test_an_owner_invites_a_colleague_from_the_members_page(client, waterworks_user):
    client.force_login(waterworks_user)
    page = client.post(reverse("members"), {"email": "new@waterworks.example", "role": "member"}).content.decode()
    assert "/invitations/" in page
    assert "new@waterworks.example" in client.get(reverse("members")).content.decode()
