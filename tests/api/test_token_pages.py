"""The desk's page of tokens."""

import re

from django.test import Client

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from agencies.models import Agency
from api import document
from api.actions import tokens
from api.models import Token
from tests.api.calls import Program

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]


def test_a_token_is_made_shown_once_used_and_revoked(swift_agency: Agency, waterworks_user: User) -> None:
    client = Client()
    client.force_login(swift_agency.user)  # type: ignore[attr-defined]
    page = client.post("/desk/api/", {"name": "办公系统", "scope": "read"}).content.decode()
    [secret] = re.findall(r"zjfw_[\w-]{30,}", page)
    assert Program(secret).get("me/")["access"] == "read"
    assert secret not in client.get("/desk/api/").content.decode()
    token = Token.objects.get()
    other = Client()
    other.force_login(waterworks_user)
    assert other.post(f"/desk/api/{token.pk}/revoke/").status_code == 404
    assert client.post(f"/desk/api/{token.pk}/revoke/").status_code == 302
    assert Program(secret).get("me/").status == 401
    assert client.post("/desk/api/", {"name": "", "scope": "all"}).status_code == 400


def test_so_many_tokens_and_no_more(swift_agency: Agency) -> None:
    user = swift_agency.user  # type: ignore[attr-defined]
    for _ in range(tokens.MOST_TOKENS):
        made = tokens.make_token(user, swift_agency.organisation, "x", "read")  # type: ignore[arg-type]
    with pytest.raises(tokens.TooManyTokens):
        tokens.make_token(user, swift_agency.organisation, "x", "read")  # type: ignore[arg-type]
    tokens.revoke_token(made.token)
    assert tokens.make_token(user, swift_agency.organisation, "x", "read")  # type: ignore[arg-type]


def test_nobody_makes_a_token_for_an_organisation_of_others(swift_agency: Agency, waterworks_user: User) -> None:
    with pytest.raises(tokens.NotYourOrganisation):
        tokens.make_token(waterworks_user, swift_agency.organisation, "x", "write")  # type: ignore[arg-type]


def test_an_officer_without_a_second_factor_makes_none(regulator: User, settings: Settings) -> None:
    settings.DEMO_MODE = False
    client = Client()
    client.force_login(regulator)
    assert client.post("/desk/api/", {"name": "x", "scope": "write"}).status_code == 302
    assert not Token.objects.exists()


def test_the_documentation_has_no_inline_script_and_asks_nobody_else() -> None:
    page = Client().get("/api/docs/")
    text = page.content.decode()
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert not re.search(r"https?://(?!testserver)", text)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    script = re.findall(r'<script src="(/api/docs/[^"]*)"', text)[0]
    answer = Client().get(script)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/javascript")
    assert "/api/schema/" in answer.content.decode()


def test_the_document_comes_as_yaml_or_json_in_both_languages() -> None:
    yaml, json_ = Client().get("/api/schema/"), Client().get("/api/schema/?format=json")
    assert yaml.headers["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    assert yaml.headers["Content-Disposition"] == 'inline; filename="openapi.yaml"'
    assert yaml.content == document.OPENAPI.read_bytes()
    assert sorted(json_.json()["paths"]) == sorted(
        re.findall(r"^  (/api/v1/\S*):$", yaml.content.decode(), re.MULTILINE)
    )
    english = Client().get("/api/schema/?lang=en").content
    assert english != yaml.content
    assert Client().get("/api/schema/?lang=klingon").content == yaml.content
