"""Every code that a page offers to other sites opens there, in the language it was taken in, and asks nobody else."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.actions import advance, confirm
from marketplace.models import Method, ServiceItem
from tests import cast
from tests.bidding.lots import Play, staged

pytestmark = [pytest.mark.django_db, pytest.mark.page]
_CODE = re.compile(r'<iframe src="([^"]+)" width="100%" height="\d+" title="([^"]+)"></iframe>')


@pytest.fixture
def awarded(item: ServiceItem, swift_agency: Agency, waterworks: Organisation, waterworks_user: User) -> Play:
    named = {"direct_agency": swift_agency, "direct_price": cast.yuan("86000.00"), "direct_reason": "熟悉场地"}
    made = staged(Method.DIRECT, item, [swift_agency], **named)
    advance(made.number)
    confirm(swift_agency.user, swift_agency, made.number)  # type: ignore[attr-defined]
    return made


def offered(address: str, language: str) -> list[tuple[str, str]]:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return _CODE.findall(unescape(answer.content.decode()))


@pytest.mark.parametrize(
    ("language", "lang", "titles"),
    [
        ("zh-hans", "zh-Hans", ["信用评分", "中选公告", "正在竞价"]),
        ("en", "en", ["Credit score", "Award notice", "Live now"]),
    ],
)
def test_each_code_opens_in_a_frame_of_any_site_in_the_language_it_was_taken_in(
    awarded: Play, swift_agency: Agency, language: str, lang: str, titles: list[str]
) -> None:
    codes = offered(f"{reverse('embed')}?award={awarded.number}&agency={swift_agency.uscc}", language)
    assert [title for _address, title in codes] == titles
    for address, _title in codes:
        assert address.startswith(settings.SITE_URL)
        inside = Client().get(address.removeprefix(settings.SITE_URL))  # nobody's choice comes along
        assert inside.status_code == 200
        assert "frame-ancestors *" in inside["Content-Security-Policy"]
        assert "X-Frame-Options" not in inside
        assert "Set-Cookie" not in inside
        text = inside.content.decode()
        assert f'<html lang="{lang}">' in text
        assert not [one for one in re.findall(r'(?:src|href)="([^"]+)"', text) if urlsplit(one).netloc]


def test_what_is_not_there_is_not_offered(swift_agency: Agency) -> None:
    for query in ("award=GS-2026-000000", "award=a/b", "agency=91620000MA000000XX", "agency=a/b"):
        assert Client().get(f"{reverse('embed')}?{query}").status_code == 404
