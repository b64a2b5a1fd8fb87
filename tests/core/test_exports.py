"""Lists to take away: what a cell says, that nothing in it is worked out, and that they stream from either kind of server."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from django.utils.translation import gettext_lazy, override

import pytest
from asgiref.sync import async_to_sync

from core.exports import Column, Kind, exported, harmless, tables
from core.models import Region

pytestmark = pytest.mark.django_db

NAMES = (Column[Region]("code", "代码", lambda one: one.code), Column[Region]("name", "名称", lambda one: one.name_zh))


def of_gansu() -> Any:
    return Region.objects.filter(code__startswith="62").order_by("code")


def read(response: StreamingHttpResponse) -> str:
    return response.getvalue().decode()


def table(response: StreamingHttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(read(response).removeprefix("\ufeff"))))


def asked() -> HttpRequest:
    return RequestFactory().get("/")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", " =1", "\t=1", "\rx", "\nx", "＝1+1", "\u3000＠x"])
def test_what_a_spreadsheet_could_work_out_is_put_behind_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "兰州", "a=b", "1-2", "'x", "100.00"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("value", "in_csv", "in_json"),
    [
        (None, "", None),
        (True, "是", True),
        (False, "否", False),
        (-5, "-5", -5),
        (Decimal("-100.50"), "-100.50", "-100.50"),
        (date(2026, 11, 26), "2026-11-26", "2026-11-26"),
        (datetime(2026, 11, 26, 17, 30, tzinfo=UTC), "2026-11-27 01:30", "2026-11-26T17:30:00.000Z"),
        ("=1", "'=1", "=1"),
        (["-a", "b"], "'-a、b", ["-a", "b"]),
        ([], "", []),
        (gettext_lazy("警示"), "警示", "警示"),
        ('a "b", c\nd', 'a "b", c\nd', 'a "b", c\nd'),
    ],
)
def test_what_a_cell_says(value: Any, in_csv: str, in_json: Any) -> None:
    columns = [Column[Region]("x", "列", lambda _one: value)]
    one = Region.objects.filter(code="620100")
    assert table(exported(asked(), "csv", one, columns, name="x")) == [["列"], [in_csv]]
    assert json.loads(read(exported(asked(), "json", one, columns, name="x")))["rows"] == [{"x": in_json}]


def test_programs_may_be_told_something_plainer() -> None:
    columns = [Column[Region]("x", "列", lambda one: one.name_zh, plain=lambda one: one.code)]
    one = Region.objects.filter(code="620100")
    assert table(exported(asked(), "csv", one, columns, name="x"))[1] == ["兰州市"]
    assert json.loads(read(exported(asked(), "json", one, columns, name="x")))["rows"] == [{"x": "620100"}]


@pytest.mark.parametrize("chunk", [1, 3, 500])
def test_chunks_join_without_a_seam(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CHUNK", chunk)
    expected = [[one.code, one.name_zh] for one in of_gansu()]
    assert table(exported(asked(), "csv", of_gansu(), NAMES, name="regions"))[1:] == expected
    rows = json.loads(read(exported(asked(), "json", of_gansu(), NAMES, name="regions")))["rows"]
    assert [[row["code"], row["name"]] for row in rows] == expected


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_empty_list_is_whole(kind: Kind) -> None:
    response = exported(asked(), kind, Region.objects.none(), NAMES, name="regions")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="regions-')
    said = read(response)
    assert said == "\ufeff代码,名称\r\n" if kind == "csv" else json.loads(said)["rows"] == []


def test_it_is_read_in_the_language_it_was_asked_in() -> None:
    columns = [Column[Region]("x", gettext_lazy("机构"), lambda _one: gettext_lazy("警示"))]
    with override("en"):
        response = exported(asked(), "csv", Region.objects.filter(code="620100"), columns, name="x")
    with override("zh-hans"):
        assert table(response) == [["Agencies"], ["Warned"]]


def test_an_asynchronous_server_gets_it_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CHUNK", 2)
    response = exported(AsyncRequestFactory().get("/"), "csv", of_gansu(), NAMES, name="regions")
    assert isinstance(response.streaming_content, AsyncIterator)

    async def pieces() -> list[bytes]:
        return [piece async for piece in response.streaming_content]  # type: ignore[union-attr]

    found = async_to_sync(pieces)()
    assert len(found) == 1 + (of_gansu().count() + 1) // 2
    assert len(b"".join(found).decode().splitlines()) == 1 + of_gansu().count()
