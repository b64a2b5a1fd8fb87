"""I5 from outside: what a server sends over its sockets, writes into its log and leaves in a dump while bidders act."""

import asyncio
import json
import subprocess
import uuid
from contextlib import AsyncExitStack
from typing import Any

import pytest

from config import places
from config.processes import Account
from tests.plumbing.hidden import LOWER_FLOORS, prices_in
from tests.plumbing.live import StartServer
from tests.plumbing.prices import HiddenWorld, hidden
from tests.plumbing.world import Bidder, Socket, World, browser

pytestmark = [pytest.mark.slow, pytest.mark.clause("I5")]

ROOMS = ("running", "live")


@pytest.fixture
def market(live_database) -> HiddenWorld:
    return hidden(live_database())


def seat(session: str) -> Bidder:
    return Bidder(0, 0, "", session)


def heard(socket: Socket) -> str:
    """Everything that a socket was sent."""
    return json.dumps([socket.state, socket.log, socket.other, socket.answers], ensure_ascii=False)


def told(text: str, market: HiddenWorld) -> list[str]:
    return [one for one in market.identities if one in text] + prices_in(text, market.prices)


async def test_no_frame_log_line_or_dump_tells_who_bids_or_what_for(
    market: HiddenWorld, start_server: StartServer
) -> None:
    server = start_server(market.database, clock=False, demo=False)
    number = market.numbers["running"]
    world = World(market.database, [number], [])
    readers = {**market.sessions, "public": None}
    third, fourth, fifth = (seat(one["session"]) for one in market.bidders[2:5])
    async with AsyncExitStack() as stack:
        listening = {
            (name, room): await stack.enter_async_context(
                world.socket(server, seat(session) if session else None, market.numbers[room])
            )
            for name, session in readers.items()
            for room in ROOMS
        }
        acting = await stack.enter_async_context(world.socket(server, third))
        floor = {"type": "floor", "key": str(uuid.uuid4()), "amount": LOWER_FLOORS[0], "confirmed": True}
        await acting.send(floor)
        await acting.until(lambda s: s.answers)
        assert [one["type"] for found in acting.answers.values() for one in found] == ["accepted"]
        # A control: what is searched for is found with its owner.
        assert LOWER_FLOORS[0] in json.dumps(await _state(world, server, third))
        await asyncio.to_thread(act, server, market, fourth, fifth)
        for reader, socket in listening.items():
            if "running" in reader:
                await socket.until(lambda s: len([e for e in s.log if e["kind"] == "proxy.set"]) == len(LOWER_FLOORS))
            assert told(heard(socket), market) == [], reader

    log = server.log.read_text()
    assert f"/r/{number}/room/floor/" in log, "what bidders did stands in it"
    assert told(log, market) == []
    dumped = dump(market)
    assert "bidding_floor" in dumped
    assert prices_in(dumped, market.prices) == []


def act(server: Any, market: HiddenWorld, fourth: Bidder, fifth: Bidder) -> None:
    """Over plain forms: a floor that is taken, one that is refused, a price sealed anew and one withdrawn."""
    with browser(server, fourth) as page:
        path = f"/r/{market.numbers['running']}/room/floor/"
        status, _said = page.post(path, amount=LOWER_FLOORS[1], confirmed="on")
        assert status == 200
        assert page.post(path, amount=LOWER_FLOORS[1], confirmed="on")[0] == 409
    for who, path, fields in (
        (fifth, "offer/", {"offer": market.bidders[4]["sealed"]}),
        (fourth, "offer/withdraw/", {}),
        (fourth, "leave/", {}),
    ):
        with browser(server, who) as page:
            assert page.send(f"/r/{market.numbers['live']}/{path}", **fields)[0] == 302


async def _state(world: World, server: Any, who: Bidder) -> dict[str, Any]:
    async with world.socket(server, who) as socket:
        return socket.state


def dump(market: HiddenWorld) -> str:
    command = [str(places.binaries(Account.for_database()) / "pg_dump"), market.database.owner_url]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout
