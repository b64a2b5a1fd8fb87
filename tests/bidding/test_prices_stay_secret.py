"""I5 for prices: before the opening no role, query, page, log or dump shows one; and a killed clock changes nothing."""

import itertools
import os
import re
import subprocess
import time
from collections.abc import Iterator

import psycopg2
import pytest

from config import places
from config.processes import Account
from tests.plumbing.cluster import Database
from tests.plumbing.live import StartProcess, StartServer
from tests.plumbing.prices import PriceWorld, build
from tests.plumbing.world import Bidder, browser

pytestmark = [pytest.mark.slow, pytest.mark.clause("R6", "I5")]

PRICES = ["87654.32", "76543.21"]
_GIVE_UP = 60.0


@pytest.fixture
def world(live_database) -> PriceWorld:
    return build(live_database(), PRICES)


def tell_tales(world: PriceWorld) -> list[bytes]:
    """What would give a price away: as people write it, as a number, in hex, and the keys."""
    texts = [
        text
        for price in PRICES
        for text in (price, price.replace(".", ""), f"{price[:2]},{price[2:]}", price.encode().hex())
    ]
    keys = [one["key"] for one in world.bidders]
    return [text.encode() for text in (*texts, *keys)]


def dump(database: Database) -> bytes:
    folder = places.binaries(Account.for_database())
    done = subprocess.run([str(folder / "pg_dump"), database.owner_url], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask(url: str, *statements: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()


def until(condition, what: str) -> None:
    give_up = time.monotonic() + _GIVE_UP
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def found_in(content: bytes, world: PriceWorld) -> list[bytes]:
    return [tale for tale in tell_tales(world) if tale in content]


def pages_of(world: PriceWorld) -> Iterator[str]:
    yield from (
        "/",
        "/requests/",
        f"/r/{world.number}/",
        f"/r/{world.number}/record.json",
        f"/r/{world.number}/offers.json",
    )
    yield from (
        "/desk/",
        "/trustee/",
        "/live/",
        "/awards/",
        f"/awards/{world.number}/",
        "/operate/",
        "/operate/trustees/",
    )
    yield from ("/regulator/", "/admin/", f"/r/{world.number}/room/state.json", f"/r/{world.number}/room/")
    yield from (f"/a/{one['uscc']}/" for one in world.bidders)


def test_no_page_record_log_or_dump_shows_a_price_before_the_opening(world, start_server: StartServer):
    server = start_server(world.database, clock=False)
    people = {**world.sessions, "another bidder": world.bidders[1]["session"], "nobody": ""}
    for name, page in itertools.product(people, pages_of(world)):
        seat = Bidder(0, 0, "", people[name]) if people[name] else None
        with browser(server, seat) as reader:
            status, content = reader.get(page)
        assert status < 500, (name, page)
        assert found_in(content, world) == [], (name, page)
    content = dump(world.database)
    assert b"bidding_sealedoffer" in content
    assert found_in(content, world) == []
    assert found_in(server.log.read_bytes(), world) == []


def test_after_the_opening_the_same_dump_shows_them(world, start_process: StartProcess):
    """The control: a search that can find nothing proves nothing."""
    world.pass_deadline()
    start_process(world.database, "clock")
    until(lambda: world.stage() == "opening", "the clock closes the prices")
    assert found_in(dump(world.database), world) == []
    world.share(0, 2)
    until(lambda: world.entries("offers.opened"), "the clock opens the prices")
    found = found_in(dump(world.database), world)
    assert {one["key"].encode() for one in world.bidders} <= set(found)


def test_only_the_clock_reads_shares_and_only_as_the_opener(world, start_process: StartProcess):
    world.pass_deadline()
    clock = start_process(world.database, "clock")
    until(lambda: world.stage() == "opening", "the clock closes the prices")
    clock.kill()
    world.share(0)
    shares = "SELECT share FROM bidding_offershare"
    for url in (world.database.url, world.database.clock_url):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(url, shares)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(url, "SELECT * FROM bidding_offershare")
        assert len(ask(url, "SELECT number, readable, at FROM bidding_offershare")) == 2
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(world.database.url, "SET ROLE market_opener", shares)
    assert len(ask(world.database.clock_url, "SET ROLE market_opener", shares)) == 2
    for forbidden in ("SELECT * FROM bidding_sealedoffer", "DELETE FROM bidding_offershare RETURNING 1"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(world.database.clock_url, "SET ROLE market_opener", forbidden)


def test_killing_clocks_between_closing_and_opening_changes_nothing(world, start_process: StartProcess):
    world.pass_deadline()
    first = start_process(world.database, "clock")
    until(lambda: world.stage() == "opening", "the clock closes the prices")
    first.kill()
    closed = world.entries("offers.closed")
    world.share(1)
    for wait in (0.9, 1.1, 1.3):
        started = start_process(world.database, "clock")
        time.sleep(wait)
        started.kill()
    assert not world.entries("offers.opened")
    world.share(2)
    give_up = time.monotonic() + 120
    for wait in itertools.cycle((0.8, 1.0, 1.2, 1.5, 2.5, 5.0)):
        clocks = [start_process(world.database, "clock") for _ in range(2)]
        time.sleep(wait)
        for one in clocks:
            one.kill()
        if world.entries("offers.opened"):
            break
        assert time.monotonic() < give_up
    last = start_process(world.database, "clock")
    until(lambda: world.entries("award.published"), "the award follows")
    last.stop()
    [opened] = world.entries("offers.opened")
    assert sorted(one["amount"] for one in opened["offers"]) == sorted(PRICES)
    assert world.entries("offers.closed") == closed
    assert world.entries("award.published")[0]["amount"] == "76543.21"
    assert len(world.entries("selection.closed")) == 1


def test_the_serving_role_is_told_apart_by_the_check(world):
    command = [".venv/bin/python", "manage.py", "check", "--database", "default"]
    for url, told in ((world.database.url, False), (world.database.owner_url, True)):
        done = subprocess.run(
            command,
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(re.search(r"config\.W005", done.stdout + done.stderr)) is told
