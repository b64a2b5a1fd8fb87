"""What the site says of itself: robots, sitemap, security.txt, structured data, help, 关怀版, and faults that offer a way on."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest

from config.front import sitemaps
from core.error_pages import server_error
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.page]
SITE = django_settings.SITE_URL


def text(answer) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def addresses(client, path: str) -> list[str]:
    tree = ElementTree.fromstring(text(client.get(path)))
    return [one.text.removeprefix(SITE) for one in tree.iter() if one.tag.endswith("loc")]


def test_robots_may_read_what_is_public_and_are_told_of_the_sitemap(client):
    told = text(client.get("/robots.txt"))
    assert "Disallow: /desk/" in told
    assert "Disallow: /requests" not in told
    assert f"Sitemap: {SITE}/sitemap.xml" in told


def test_the_sitemap_leads_to_every_public_page_and_to_no_draft(client, published_request, swift_agency, item):
    from tests.marketplace.drafts import draft

    unseen = draft(cast.person("x@works.example", published_request.buyer), published_request.buyer, item, title="草稿")
    parts = addresses(client, "/sitemap.xml")
    listed = [path for part in parts for path in addresses(client, part)]
    assert reverse("request_page", args=[published_request.number]) in listed
    assert reverse("agency_page", args=[swift_agency.uscc]) in listed
    assert reverse("item_page", args=[item.code]) in listed
    assert len(listed) == len(set(listed))
    assert unseen.number is None
    for path in listed:
        assert client.get(path).status_code == 200, path


def test_a_part_is_a_range_of_keys_asked_for_once(client, published_request, swift_agency, monkeypatch):
    monkeypatch.setattr(sitemaps, "RANGE", 1)
    own = swift_agency.pk
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert addresses(client, f"/sitemap-agencies-{own}.xml") == [reverse("agency_page", args=[swift_agency.uscc])]
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        addresses(client, "/sitemap.xml")
    assert len(asked) == len(sitemaps.KINDS)
    assert addresses(client, f"/sitemap-agencies-{own + 1_000_000}.xml") == []
    assert client.get("/sitemap-people-0.xml").status_code == 404


def test_security_txt_says_where_to_report_and_is_absent_where_nobody_said(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.ENV = replace(settings.ENV, security_contact="mailto:security@platform.example")
    told = text(client.get("/.well-known/security.txt"))
    assert "Contact: mailto:security@platform.example\n" in told
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00\.000Z$", told, re.MULTILINE)


def test_pages_name_their_one_address_and_both_languages(client, item):
    path = reverse("item_page", args=[item.code])
    page = " ".join(text(client.get(f"{path}?utm=x")).split())
    assert f'<link rel="canonical" href="{SITE}{path}" />' in page
    assert f'hreflang="en" href="{SITE}{path}?lang=en"' in page
    english = client.get(f"{path}?lang=en")
    assert english["Content-Language"] == "en"
    assert f'<link rel="canonical" href="{SITE}{path}?lang=en" />' in " ".join(text(english).split())
    assert client.get(f"{path}?lang=xx")["Content-Language"] == "zh-hans"


def test_structured_data_is_data_and_cannot_break_out(client, swift_agency):
    swift_agency.organisation.name = "甲</script><b>&公司"
    swift_agency.organisation.save()
    page = text(client.get(reverse("agency_page", args=[swift_agency.uscc])))
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block)["name"] == "甲</script><b>&公司"
    assert json.loads(block)["identifier"] == swift_agency.uscc


def test_large_type_is_remembered_by_a_cookie_and_goes_back_only_to_us(client):
    assert b"care.css" not in client.get("/help/").content
    answer = client.post("/care/", {"care": "1", "next": "/help/?x=1"})
    assert answer["Location"] == "/help/?x=1"
    assert b"care.css" in client.get("/help/").content
    assert client.post("/care/", {"care": "0", "next": "https://elsewhere.example/"})["Location"] == "/"
    assert b"care.css" not in client.get("/help/").content


def test_help_explains_the_words(client):
    page = text(client.get("/help/"))
    for word in ("中介服务机构", "最高限价", "信用承诺"):
        assert word in page


@pytest.mark.parametrize("path", ["/no/such/page", "/r/GS-2026-999999/"])
def test_a_fault_is_json_for_whoever_asked_for_json_with_the_number_of_the_request(client, path):
    answer = client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "E_NOT_FOUND"
    assert answer.json()["number"] == answer["X-Request-Id"]
    page = client.get(path)
    assert page["X-Request-Id"] in text(page)
    assert 'href="/help/"' in text(page)


def test_too_often_says_when_to_come_back(client, monkeypatch):
    cache.clear()
    for _ in range(31):
        answer = client.post(reverse("register_enterprise"), {}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (429, "E_TOO_MANY")
    assert 1 <= int(answer["Retry-After"]) <= 60
    page = client.post(reverse("register_enterprise"), {}, headers={"accept": "text/html"})
    assert f"请在 {page['Retry-After']} 秒后再试" in page.content.decode()


def test_a_fault_of_ours_needs_no_database(rf):
    with CaptureQueriesContext(connection) as asked:
        page = server_error(rf.get("/"))
        wire = server_error(rf.get("/", headers={"accept": "application/json"}))
    assert len(asked) == 0
    assert (page.status_code, wire.status_code) == (500, 500)
    assert json.loads(wire.content)["code"] == "E_SERVER"


def test_the_offline_page_says_nothing_of_its_reader_and_the_worker_keeps_nothing_else(client, waterworks_user):
    before = client.get("/offline/").content
    client.force_login(waterworks_user)
    assert client.get("/offline/").content == before
    assert b"csrf" not in before
    worker = text(client.get("/worker.js"))
    kept = json.loads(re.search(r"const KEPT = (\[.*?\]);", worker)[1])
    assert kept[0] == "/offline/"
    assert all(path.endswith(".css") for path in kept[1:])
    assert "cache.put" not in worker


@pytest.mark.parametrize("name", ["embed_live", "embed_credit"])
def test_embeds_may_be_framed_anywhere_say_nothing_of_the_reader_and_other_pages_may_not(
    client, swift_agency, auction, waterworks_user, name
):
    path = reverse(name, args=[swift_agency.uscc] if name == "embed_credit" else [])
    answer = client.get(path)
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert "Set-Cookie" not in answer
    client.force_login(waterworks_user)
    assert client.get(path).content == answer.content
    around = client.get(reverse("embed") + f"?agency={swift_agency.uscc}")
    assert "frame-ancestors 'none'" in around["Content-Security-Policy"]
    assert f"{SITE}{path}" in text(around)


def test_an_award_may_be_embedded_once_there_is_one(client, auction):
    assert client.get(reverse("embed_award", args=[auction.request.number])).status_code == 404


def test_other_sites_show_a_page_under_its_own_title(client):
    page = " ".join(client.get(reverse("help")).content.decode().split())
    assert "<title>帮助 · 中介服务网上交易平台</title>" in page
    assert '<meta property="og:title" content="帮助 · 中介服务网上交易平台" />' in page
