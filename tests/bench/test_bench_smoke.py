"""The bench runs: each server serves a small crowd for a second. Nothing here is timed."""

import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import credit, fanout
from bench.database import Ground
from bench.line import Line
from bench.processes import Server, bare, platform, stock
from bench.table import Row, table
from tests.plumbing.cluster import Database

# Whole servers, and crowds before them.
pytestmark = pytest.mark.slow

WATCHERS = 5


@pytest.fixture
def ground(live_database: Callable[..., Database], tmp_path: Path) -> Ground:
    database = live_database()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database.url,
        "SOCKET_RATE": "65535",
        "REDIS_URL": "",
    }
    return Ground(database.owner_url, environment, tmp_path)


@pytest.mark.parametrize("start", [bare, stock])
def test_what_we_are_measured_against_reaches_every_watcher(ground: Ground, start: Callable[..., Server]) -> None:
    run = fanout.run(lambda: start(ground.environment), None, WATCHERS, 1)
    assert run.share == 1
    assert math.isfinite(run.p99)


def test_the_platform_s_watchers_have_every_bid(ground: Ground) -> None:
    [room] = ground.auctions([2])
    run = fanout.run(lambda: platform(ground.environment, "uvicorn"), room, WATCHERS, 1)
    assert run.share == 1
    assert len(run.to_last) == fanout.RATE


def test_one_more_rating_is_measured_after_few_and_after_many(ground: Ground) -> None:
    [row] = credit.measure(ground, 3, 40)
    assert row.ratio is not None
    assert row.target == 20


def test_the_table_marks_what_was_missed() -> None:
    rows = [Row("faster", "1", "2", 0.5, 1.0), Row("slower", "3", "2", 1.5, 1.0), Row("bids", "3", "2", 1.5, 1.0, True)]
    assert [row.reached for row in rows] == [True, False, True]
    assert [line[-1] for line in table(rows).splitlines()[1:]] == ["✓", "✗", "✓"]


async def test_the_client_reads_frames_however_the_stream_is_cut() -> None:
    heard: list[bytes] = []
    line = Line(b"", lambda data, begin, end: heard.append(data[begin:end]))
    texts = [b"a", b"b" * 200, b"c" * 70000, b""]
    heads = [b"\x81\x01", b"\x81\x7e\x00\xc8", b"\x81\x7f" + (70000).to_bytes(8, "big"), b"\x81\x00"]
    stream = b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + b"".join(h + t for h, t in zip(heads, texts, strict=True))
    for start in range(0, len(stream), 7):
        line.data_received(stream[start : start + 7])
    assert heard == texts
