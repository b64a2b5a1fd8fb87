"""Several processes on one database: they agree, whoever dies (DESIGN §1, §4, §5)."""

import asyncio
import random
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import psycopg2
import pytest

from tests.plumbing.world import Socket, World, browser, build

pytestmark = pytest.mark.slow


async def _bid_in_turn(sockets: list[Socket], world: World, count: int, start: int) -> int:
    """`count` bids of one step each, by one socket after the other; returns the price reached (yuan)."""
    price = start
    for turn in range(count):
        price -= 500
        answer = await sockets[turn % len(sockets)].bid(f"{price}.00")
        assert answer["type"] == "accepted", answer
    return price


async def test_two_servers_and_one_redis_keep_all_watchers_equal_and_do_without_redis(
    live_database, start_server, redis_server
):
    world = build(live_database(), agencies=2)
    servers = [start_server(world.database, clock=False, redis_url=redis_server.url) for _ in range(2)]

    try:
        async with (
            world.socket(servers[0]) as one,
            world.socket(servers[1]) as two,
            world.socket(servers[0], world.bidders[0]) as first,
            world.socket(servers[1], world.bidders[1]) as second,
        ):
            everybody = [one, two, first, second]
            await asyncio.sleep(1.2)  # the subscriptions
            price = await _bid_in_turn([first, second], world, 20, 100_000)
            assert await _all_hear(everybody, _newest(world), 0.9) < 0.5
            redis_server.stop()
            price = await _bid_in_turn([first, second], world, 6, price)
            await _all_hear(everybody, _newest(world), 4)
            redis_server.start()
            await _hints_flow_again(world, [first, second], [one, two], price)
            await _all_hear(everybody, _newest(world), 4)
            journal = {e["seq"]: e for e in world.journal()}
            for watcher in everybody:
                assert not watcher.gaps
                assert all(journal[e["seq"]]["hash"] == e["hash"] for e in watcher.log)
                assert watcher.log == one.log
    finally:
        redis_server.stop()
        redis_server.start()


def _newest(world: World) -> int:
    return len(world.journal())


async def _all_hear(watchers: list[Socket], seq: int, within: float) -> float:
    """Wait until all have heard entry `seq`; returns the seconds it took."""
    began = time.monotonic()
    for watcher in watchers:
        await watcher.until(lambda s: s.seq >= seq, within=within)
    return time.monotonic() - began


async def _hints_flow_again(world: World, bidders: list[Socket], watchers: list[Socket], price: int) -> None:
    """Three bids in a row that everybody hears faster than the rooms look for themselves."""
    quick, give_up = 0, time.monotonic() + 15
    turn = len(world.journal()) % 2
    while quick < 3:
        assert time.monotonic() < give_up, "hints did not flow again"
        price -= 500
        answer = await bidders[turn].bid(f"{price}.00")
        if answer["type"] == "refused":
            assert answer["code"] == "E_LEADING"
            price += 500
        turn = 1 - turn
        quick = quick + 1 if await _all_hear(watchers, answer.get("seq", 0), 4) < 0.25 else 0
        await asyncio.sleep(0.3)


@pytest.mark.crash
def test_a_clock_killed_in_the_middle_of_a_move_leaves_it_to_another(live_database, start_process):
    world = build(live_database(), agencies=2)
    world.closes_in(-0.5)
    with closing(psycopg2.connect(world.database.owner_url)) as holding, holding.cursor() as cursor:
        cursor.execute("SELECT 1 FROM bidding_auction FOR UPDATE")
        doomed = start_process(world.database, "clock")
        _wait_until(
            world,
            "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted",
        )
        doomed.kill()
    start_process(world.database, "clock")
    start_process(world.database, "clock")
    _wait_until(world, "SELECT status = 'failed' FROM bidding_auction")
    kinds = [e["kind"] for e in world.journal()]
    assert kinds.count("auction.failed") == 1


def test_two_clock_processes_close_forty_auctions_once_each(live_database, start_process):
    world = build(live_database(), agencies=2, auctions=40)
    world.database.rows(
        "UPDATE bidding_auction SET closes_at = t.at, due_at = t.at, opens_at = t.at - interval '1 minute',"
        " ready_at = t.at - interval '1 minute' FROM (SELECT clock_timestamp() + interval '2 seconds' AS at) t"
    )
    for _ in range(2):
        start_process(world.database, "clock")
    _wait_until(world, "SELECT count(*) = 40 FROM bidding_auction WHERE status = 'failed'")
    assert world.database.value("SELECT count(*) FROM journal_entry WHERE kind = 'auction.failed'") == 40
    early = "SELECT min(e.at - a.closes_at) FROM journal_entry e JOIN marketplace_request r ON r.case_id = e.case_id"
    earliest = world.database.value(
        f"{early} JOIN bidding_auction a ON a.request_id = r.id WHERE e.kind = 'auction.failed'"
    )
    assert earliest.total_seconds() >= 0, "none before its time"


def test_bids_within_fifty_milliseconds_of_the_close_from_four_doors_are_all_judged_by_the_databases_clock(
    live_database, start_server
):
    """Two servers, each with sockets and forms; every client aims at the close, some a little before, some after."""
    world = build(live_database(), agencies=8)
    servers = [start_server(world.database, clock=False) for _ in range(2)]
    number = world.number
    heard: list[dict] = []
    closes_at = _close_without_soft_end(world, 4.0)
    ahead = (world.database.value("SELECT clock_timestamp()") - datetime.now(UTC)).total_seconds()
    aim = time.monotonic() + (closes_at - datetime.now(UTC)).total_seconds() - ahead

    def by_form(server, bidder, seed):
        dice = random.Random(seed)
        with browser(server, bidder) as page:
            page.get("/healthz")
            for offset in sorted(dice.uniform(-0.05, 0.05) for _ in range(6)):
                time.sleep(max(0.0, aim + offset - time.monotonic()))
                price = f"{dice.randrange(200, 99_000)}.{dice.randrange(100):02d}"
                heard.append(page.bid(number, price)[1])

    async def by_socket(server, bidder, seed):
        dice = random.Random(seed)
        async with world.socket(server, bidder) as socket:
            keys = []
            for offset in sorted(dice.uniform(-0.05, 0.05) for _ in range(12)):
                await asyncio.sleep(max(0.0, aim + offset - time.monotonic()))
                price = f"{dice.randrange(200, 99_000)}.{dice.randrange(100):02d}"
                keys.append(await socket.press(price, confirmed=True))
            await socket.until(lambda s: len(s.answers) == len(keys))
            heard.extend(answer for answers in socket.answers.values() for answer in answers)
            await socket.until(lambda s: any(e["kind"] in ("auction.closed", "auction.failed") for e in s.log))

    async def all_sockets():
        await asyncio.gather(*[by_socket(servers[n % 2], world.bidders[n], n) for n in range(4)])

    threads = [threading.Thread(target=by_form, args=(servers[n % 2], world.bidders[n], n)) for n in range(4, 8)]
    for thread in threads:
        thread.start()
    asyncio.run(all_sockets())
    for thread in threads:
        thread.join()

    journal = world.journal()
    placed = [e for e in journal if e["kind"] == "bid.placed"]
    accepted = [a for a in heard if a["type"] == "accepted"]
    refused = {a["code"] for a in heard if a["type"] == "refused"}
    assert len(heard) == 4 * 6 + 4 * 12
    assert sorted(a["seq"] for a in accepted) == [e["seq"] for e in placed]
    assert placed
    assert "E_CLOSED" in refused
    assert all(datetime.fromisoformat(e["at"]) < closes_at for e in placed)
    assert all(datetime.fromisoformat(e["at"]) >= closes_at for e in journal if e["kind"] == "auction.closed")
    assert [e["kind"] for e in journal].count("auction.closed") == 1
    prices = [float(e["data"]["amount"]) for e in placed]
    assert prices == sorted(prices, reverse=True)


def _close_without_soft_end(world: World, seconds: float) -> datetime:
    """The close is the hard end: no late bid moves it."""
    world.closes_in(seconds, hard_end=0)
    closes_at = world.auction()["closes_at"]
    assert isinstance(closes_at, datetime)
    return closes_at


def _wait_until(world: World, question: str, within: float = 15.0) -> None:
    give_up = time.monotonic() + within
    while not world.database.value(question):
        assert time.monotonic() < give_up, f"in vain: {question}"
        time.sleep(0.05)
