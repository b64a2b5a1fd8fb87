"""What was acknowledged survives: kill -9 of the server and of the database in the middle of bidding (DESIGN §10).

The bidders keep their own histories. After the crash: acked ⊆ journal exactly once, journal ⊆ acked ∪ unknown, and whoever
sends an unknown press again is told what became of it.
"""

import asyncio
import contextlib
import itertools
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
import websockets

from tests.journal.checks import assert_chain_holds
from tests.plumbing.live import LiveServer
from tests.plumbing.world import Bidder, World, build

pytestmark = pytest.mark.crash

_SOCKETS = 20
_BIDS = 2000


@dataclass
class History:
    """What one bidder sent, and what it was told, by key."""

    bidder: Bidder
    sent: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def accepted(self) -> dict[str, dict[str, Any]]:
        return {key: a for key, a in self.answers.items() if a["type"] == "accepted"}

    @property
    def unknown(self) -> list[str]:
        return [key for key in self.sent if key not in self.answers]


def faults(histories: list[History], placed: list[tuple[str, int, str]]) -> list[str]:
    """What is wrong with accepted bids `(key, seq, label)` of the database, seen from the bidders' histories."""
    found = []
    keys = Counter(key for key, _seq, _label in placed)
    seqs = {key: seq for key, seq, _label in placed}
    found += [f"{key} is there {count} times" for key, count in keys.items() if count > 1]
    may_be = set()
    for history in histories:
        found += [
            f"{key} was accepted as #{a['seq']} and is lost" for key, a in history.accepted.items() if key not in keys
        ]
        found += [
            f"{key} was accepted as #{a['seq']} and stands as #{seqs[key]}"
            for key, a in history.accepted.items()
            if key in seqs and seqs[key] != a["seq"]
        ]
        may_be |= {*history.accepted, *history.unknown}
    return found + [f"{key} is in the journal, but was refused or never sent" for key in keys if key not in may_be]


def placed_in(world: World) -> list[tuple[str, int, str]]:
    """The accepted presses as table and journal agree on them."""
    rows = world.database.rows(
        "SELECT b.key::text, b.seq, e.label, b.amount FROM bidding_bid b"
        " JOIN bidding_enrolment e ON e.id = b.enrolment_id WHERE b.seq IS NOT NULL ORDER BY b.seq"
    )
    journal = [e for e in world.journal() if e["kind"] == "bid.placed"]
    said = [(e["seq"], e["data"]["label"], e["data"]["amount"]) for e in journal]
    assert [(seq, label, f"{amount // 100}.{amount % 100:02d}") for _key, seq, label, amount in rows] == said
    return [(key, seq, label) for key, seq, label, _amount in rows]


async def _bid_until(
    world: World, server: LiveServer, history: History, stop: asyncio.Event, prices: Iterator[int]
) -> None:
    """Bid as fast as answers come, all from one falling price, so that most are accepted, until told to stop or cut off."""
    with contextlib.suppress(websockets.WebSocketException, OSError, AssertionError):
        async with world.socket(server, history.bidder) as socket:
            for _ in range(_BIDS // _SOCKETS):
                if stop.is_set():
                    return
                await _press_once(socket, history, next(prices))
            stop.set()


async def _press_once(socket: Any, history: History, price: int) -> None:
    key, amount = str(uuid.uuid4()), f"{price}.00"
    history.sent[key] = amount
    try:
        await socket.press(amount, key=key, confirmed=True)
        await socket.until(lambda s: key in s.answers or s.closed is not None, within=6)
    finally:
        history.answers.update({key: told[0] for key, told in socket.answers.items()})
    if key not in socket.answers:
        raise ConnectionError


async def _bid_and_crash(world: World, server: LiveServer, crash: Callable[[], None], after: int) -> list[History]:
    histories = [History(bidder) for bidder in world.bidders]
    stop = asyncio.Event()
    best = world.auction()["best"]
    prices = itertools.count(best // 100 - 1 if best else 900_000, -1)
    bidding = asyncio.gather(*[_bid_until(world, server, history, stop, prices) for history in histories])
    async with asyncio.timeout(60):
        while sum(len(h.answers) for h in histories) < after:
            assert not bidding.done(), "bidding ended before the crash"
            await asyncio.sleep(0.01)
        await asyncio.to_thread(crash)
        stop.set()
        await bidding
    return histories


async def _ask_again(world: World, server: LiveServer, histories: list[History]) -> int:
    """Send every unknown press again under its key; returns how many there were."""
    asked = 0
    for history in histories:
        if not history.unknown:
            continue
        async with world.socket(server, history.bidder) as socket:
            for key in history.unknown:
                history.answers[key] = await socket.bid(history.sent[key], key=key, confirmed=True)
                asked += 1
    return asked


@pytest.fixture
def durable_world(durable_database, monkeypatch):
    """Twenty bidders in an auction of one-yuan steps, on a cluster that keeps what it acknowledged."""
    monkeypatch.setenv("SOCKET_RATE", "2000")
    cluster, database = durable_database
    world = build(database, agencies=_SOCKETS, ceiling="900000.00")
    database.rows("UPDATE bidding_auction SET step = 100")
    return cluster, world


async def test_kill_9_of_the_server_during_two_thousand_bids_loses_and_doubles_nothing(durable_world, start_server):
    _cluster, world = durable_world
    server = start_server(world.database, clock=False)
    histories = await _bid_and_crash(world, server, server.kill, after=700)
    assert faults(histories, placed_in(world)) == []
    server.restart()
    assert await _ask_again(world, server, histories) > 0
    assert not any(h.unknown for h in histories)
    _everything_adds_up(world, histories)


async def test_kill_9_of_the_database_during_bidding_loses_nothing_and_the_server_goes_on(durable_world, start_server):
    cluster, world = durable_world
    server = start_server(world.database, clock=False)
    histories = await _bid_and_crash(world, server, cluster.kill, after=500)
    cluster.start()
    await _until_it_answers(world, server)
    await _ask_again(world, server, histories)
    _everything_adds_up(world, histories)


async def test_without_synchronous_commit_the_same_check_finds_the_loss(durable_world, start_server):
    """The control: a checker that cannot fail proves nothing."""
    cluster, world = durable_world
    world.database.rows("ALTER DATABASE market SET synchronous_commit = off")
    cluster.settings = {
        "wal_writer_delay": "10s",
        "wal_writer_flush_after": "1GB",
        "wal_buffers": "64MB",
        "checkpoint_timeout": "1h",
    }
    cluster.stop()
    cluster.start()
    server = start_server(world.database, clock=False)
    lost: list[str] = []
    rounds = 3
    for _ in range(rounds):
        _as_if_no_restart(world)
        histories = await _bid_and_crash(world, server, cluster.kill, after=200)
        cluster.start()
        lost = [fault for fault in faults(histories, placed_in(world)) if "is lost" in fault]
        if lost:
            break
        await _until_it_answers(world, server)
    assert lost, f"nothing was lost in {rounds} rounds"
    assert_chain_holds(world.journal())  # and the chain alone does not tell


def test_the_check_finds_what_is_lost_doubled_moved_or_made_up():
    bidder = Bidder(1, 1, "", "")
    history = History(bidder, {"a": "1", "b": "1", "c": "1"}, {"a": {"type": "accepted", "seq": 5}})
    assert faults([history], [("a", 5, "")]) == []
    assert faults([history], [("a", 5, ""), ("b", 6, "")]) == []
    assert faults([history], []) == ["a was accepted as #5 and is lost"]
    assert faults([history], [("a", 5, ""), ("a", 5, "")]) == ["a is there 2 times"]
    assert faults([history], [("a", 7, "")]) == ["a was accepted as #5 and stands as #7"]
    assert faults([history], [("a", 5, ""), ("x", 6, "")]) == ["x is in the journal, but was refused or never sent"]
    refused = History(bidder, {"b": "1"}, {"b": {"type": "refused"}})
    assert faults([refused], [("b", 6, "")]) == ["b is in the journal, but was refused or never sent"]


def _everything_adds_up(world: World, histories: list[History]) -> None:
    assert faults(histories, placed_in(world)) == []
    assert sum(len(h.accepted) for h in histories) == len(placed_in(world))
    journal = world.journal()
    assert_chain_holds(journal)
    prices = [float(e["data"]["amount"]) for e in journal if e["kind"] == "bid.placed"]
    assert len(prices) > 100
    assert all(later <= earlier - 1 for earlier, later in pairwise(prices))


def _as_if_no_restart(world: World) -> None:
    """A restart pauses the auction (R5.7); here bidding is to go on at once."""
    world.database.rows("UPDATE bidding_pause SET resumed_at = clock_timestamp() WHERE resumed_at IS NULL")
    world.database.rows(
        "UPDATE bidding_auction SET status = 'live', paused_because = '', opens_again_at = NULL,"
        " live_since = clock_timestamp(), due_at = closes_at"
    )


async def _until_it_answers(world: World, server: LiveServer) -> None:
    """The server finds its database again by itself."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(websockets.WebSocketException, AssertionError, OSError):
                async with world.socket(server, world.bidders[0]) as socket:
                    await socket.bid("999999.00")
                    return
            await asyncio.sleep(0.2)
