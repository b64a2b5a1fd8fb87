"""kill -9 at each step of opening and closing: after the restart the result is the same (R5, DESIGN §10).

A trigger holds the transaction at the entry of one kind, where the process is killed. Nothing of the step has happened then,
and whoever comes next makes it whole.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from tests.journal.checks import assert_chain_holds
from tests.plumbing.world import World, build

pytestmark = pytest.mark.crash

_HELD = 4711


@contextmanager
def held_at(world: World, kind: str) -> Iterator[None]:
    """Whoever appends an entry of this kind waits in the middle of its transaction until the end of the block."""
    world.database.rows(
        "CREATE OR REPLACE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.kind = '{kind}' THEN PERFORM pg_advisory_xact_lock({_HELD}); END IF; RETURN NEW; END $$"
    )
    world.database.rows(
        "CREATE TRIGGER wait_here BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION wait_here()"
    )
    link = psycopg2.connect(world.database.owner_url)
    try:
        with link.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_HELD])
        yield
    finally:
        link.close()
        world.database.rows("DROP TRIGGER wait_here ON journal_entry")


def _wait(world: World, question: str, within: float = 45) -> None:
    give_up = time.monotonic() + within
    while not world.database.value(question):
        assert time.monotonic() < give_up, question
        time.sleep(0.05)


def _kill_at(world: World, kind: str, start_process) -> None:
    with held_at(world, kind):
        doomed = start_process(world.database, "clock")
        _wait(
            world, f"SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = {_HELD}"
        )
        doomed.kill()
    # What the killed clock had begun ends with its connection; the trigger could be dropped, so it has.


def _kinds(world: World) -> list[str]:
    return [e["kind"] for e in world.journal()]


async def _two_bids_and_a_floor(world: World, server) -> None:
    first, second, third = world.bidders
    async with (
        world.socket(server, first) as one,
        world.socket(server, second) as two,
        world.socket(server, third) as far,
    ):
        key = "44444444-4444-4444-8444-444444444444"
        await far.send({"type": "floor", "key": key, "amount": "97000.00", "confirmed": True})
        await far.until(lambda s: key in s.answers)
        assert (await one.bid("99000.00"))["type"] == "accepted"
        assert (await two.bid("98000.00"))["type"] == "accepted"


@pytest.fixture
def world(live_database):
    return build(live_database(), agencies=3)


@pytest.mark.parametrize("kind", ["auction.closed", "award.published"])
async def test_kill_9_in_the_middle_of_the_close(world, start_server, start_process, kind):
    server = start_server(world.database, clock=False)
    await _two_bids_and_a_floor(world, server)
    server.kill()
    world.closes_in(-0.2)
    _kill_at(world, kind, start_process)
    assert "auction.closed" not in _kinds(world)
    start_process(world.database, "clock")
    _wait(world, "SELECT status = 'closed' FROM bidding_auction")
    kinds = _kinds(world)
    assert (kinds.count("auction.closed"), kinds.count("award.published")) == (1, 1)
    assert world.auction()["best"] == 9_750_000
    assert_chain_holds(world.journal())


@pytest.mark.parametrize("kind", ["tie_out.opened", "tie_out.closed", "auction.closed"])
async def test_kill_9_in_the_middle_of_a_tie_out(live_database, start_server, start_process, kind):
    # So short an auction that the record itself says that its hard end cuts in.
    world = build(live_database(), agencies=3, stage="short")
    server = start_server(world.database, clock=False)
    await _two_bids_and_a_floor(world, server)
    server.kill()
    world.closes_in(-0.2, hard_end=0)
    if kind != "tie_out.opened":
        first = start_process(world.database, "clock")
        _wait(world, "SELECT status = 'tie_out' FROM bidding_auction")
        first.kill()
        world.database.rows("UPDATE bidding_auction SET due_at = clock_timestamp()")
    _kill_at(world, kind, start_process)
    assert kind not in _kinds(world)
    start_process(world.database, "clock")
    _wait(world, "SELECT status IN ('tie_out', 'closed') FROM bidding_auction")
    world.database.rows("UPDATE bidding_auction SET due_at = clock_timestamp() WHERE status = 'tie_out'")
    _wait(world, "SELECT status = 'closed' FROM bidding_auction")
    kinds = _kinds(world)
    assert (kinds.count("tie_out.opened"), kinds.count("tie_out.closed"), kinds.count("auction.closed")) == (1, 1, 1)
    assert world.auction()["best"] == 9_750_000


@pytest.mark.parametrize("kind", ["auction.opened", "bid.placed"])
def test_kill_9_in_the_middle_of_the_opening(live_database, start_process, kind):
    world = build(live_database(), agencies=3, stage="ready")
    _kill_at(world, kind, start_process)
    assert "auction.opened" not in _kinds(world)
    start_process(world.database, "clock")
    _wait(world, "SELECT status = 'live' FROM bidding_auction")
    placed = [e["data"]["amount"] for e in world.journal() if e["kind"] == "bid.placed"]
    assert _kinds(world).count("auction.opened") == 1
    # Openings of 96,000 and 95,000 stand, and the floor of 90,000 answers a step below.
    assert placed == ["96000.00", "95000.00", "94500.00"]
    assert_chain_holds(world.journal())


def test_kill_9_in_the_middle_of_a_pause(world, start_process):
    world.database.rows("UPDATE bidding_auction SET wal_timeline = '000000AB'")
    _kill_at(world, "auction.paused", start_process)
    assert world.auction()["status"] == "live"
    start_process(world.database, "clock")
    _wait(world, "SELECT opens_again_at IS NOT NULL FROM bidding_auction")
    assert _kinds(world)[-2:] == ["auction.paused", "auction.resumes"]
