"""What a workbook and a feed say: nothing is worked out, sheets go on, pages of a feed are linked and stay the same."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from django.test import RequestFactory

import pytest
from python_calamine import CalamineWorkbook

from core.exports import NEVER, Column, Entry, exported, feeds, workbook
from core.models import Region

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = (Column[Region]("code", "代码", lambda one: one.code), Column[Region]("name", "名称", lambda one: one.name_zh))


def of_gansu() -> Any:
    return Region.objects.filter(code__startswith="62").order_by("code")


def book(columns: Any, rows: Any) -> CalamineWorkbook:
    response: HttpResponseBase = exported(RequestFactory().get("/"), "xlsx", rows, columns, name="regions")
    assert isinstance(response, StreamingHttpResponse)
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    return CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "=1+1"),
        ('=HYPERLINK("http://x.example","y")', '=HYPERLINK("http://x.example","y")'),
        ("http://x.example/", "http://x.example/"),
        ("0012", "0012"),
        ("＝1", "＝1"),
        (-5, -5.0),
        (Decimal("100.50"), 100.5),
        (True, "是"),
        (None, ""),
        (["a", "b"], "a、b"),
        (date(2026, 11, 26), date(2026, 11, 26)),
        (datetime(2026, 11, 26, 17, 30, tzinfo=UTC), datetime(2026, 11, 27, 1, 30)),  # noqa: DTZ001 (a cell has no zone)
        ("長" * 40_000, "長" * 32_767),
    ],
)
def test_a_cell_holds_what_is_said_and_text_stays_text(value: Any, cell: Any) -> None:
    columns = [Column[Region]("x", "列", lambda _one: value), Column[Region]("y", "尾", lambda _one: "尾")]
    rows = book(columns, Region.objects.filter(code="620100")).get_sheet_by_index(0).to_python()
    assert rows == [["列", "尾"], [cell, "尾"]]


def test_a_full_sheet_is_followed_by_another_with_the_same_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 6)
    found = book(NAMES, of_gansu())
    sheets = [found.get_sheet_by_name(name).to_python() for name in found.sheet_names]
    assert found.sheet_names[:2] == ["regions", "regions 2"]
    assert all(sheet[0] == ["代码", "名称"] and len(sheet) <= 6 for sheet in sheets)
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [one.code for one in of_gansu()]


def entries(rows: list[Region]) -> Iterator[Entry]:
    for row in rows:
        yield Entry(row.code, f"<{row.name_zh}>\x0b & 其他", NEVER, f"/{row.code}/", "]]>")


def page(query: str) -> ElementTree.Element:
    text = feeds.atom_of(
        of_gansu(),
        entries,
        name="regions",
        title="地区",
        path="/regions.atom",
        page="/regions/",
        query=QueryDict(query),
    )
    return ElementTree.fromstring(text)


def links(feed: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"].split("/", 3)[3] for link in feed.findall(f"{ATOM}link")}


def test_a_feed_goes_on_in_pages_until_all_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PAGE", 6)
    seen: list[str] = []
    following = "a=%3C1&page=1"
    while following:
        feed = page(following)
        seen += [entry.findtext(f"{ATOM}id") or "" for entry in feed.findall(f"{ATOM}entry")]
        assert links(feed)["first"] == "regions.atom?a=%3C1"
        assert links(feed)["alternate"] == "regions/?a=%3C1"
        assert (feed.findtext(f"{ATOM}id") or "").endswith("/regions.atom?a=%3C1")
        following = links(feed).get("next", "").partition("?")[2]
    assert seen == [f"tag:{feeds.urlsplit(feeds.settings.SITE_URL).hostname},2026:regions/{o.code}" for o in of_gansu()]
    assert "previous" in links(page("page=2"))


def test_a_feed_has_all_that_atom_demands_and_says_what_xml_cannot_hold_without_it() -> None:
    feed = page("")
    assert [feed.findtext(f"{ATOM}{name}") for name in ("title", "updated")] == ["地区", "1970-01-01T00:00:00.000Z"]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "中介服务网上交易平台"
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}title") or "").endswith("> & 其他")
    assert all(entry.find(f"{ATOM}{name}") is not None for name in ("id", "updated", "link", "summary"))


@pytest.mark.parametrize("given", ["0", "-1", "x", "²", "9" * 30])
def test_a_page_that_is_none_is_the_first(given: str) -> None:
    assert "previous" not in links(page(f"page={given}"))
