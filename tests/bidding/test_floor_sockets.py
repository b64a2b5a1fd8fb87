"""Floors over real sockets: who drops out wins if its floor is lowest, and no frame to anybody else says it (R5.6)."""

import json

import pytest

from tests.plumbing.world import World, browser, served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server without a clock, and a fresh live auction of three bidders for every test."""
    with served(tmp_path_factory.mktemp("floors"), agencies=3, auctions=6) as (world, server):
        yield world, server, iter(world.numbers)


@pytest.fixture
def server(running):
    return running[1]


@pytest.fixture
def world(running) -> World:
    world, _server, numbers = running
    return World(world.database, [next(numbers)], world.bidders)


async def floor(socket, amount, *, confirmed=True, key="11111111-1111-4111-8111-111111111111"):
    await socket.send({"type": "floor", "key": key, "amount": amount, "confirmed": confirmed})
    await socket.until(lambda s: key in s.answers)
    return socket.answers[key][-1]


async def test_a_bidder_whose_line_drops_for_the_whole_auction_wins_if_its_floor_is_lowest(world, server):
    gone, second, third = world.bidders
    async with world.socket(server, gone) as socket:
        assert (await floor(socket, "80000.00"))["type"] == "accepted"
        label = socket.state["you"]["label"]
    # From here on it has no line. The others fight on, each as far as it goes.
    async with world.socket(server, second) as one, world.socket(server, third) as two:
        price = 99000
        for turn in range(12):
            bidder = (one, two)[turn % 2]
            said = await bidder.bid(f"{price}.00", confirmed=True)
            assert said["type"] == "accepted"
            await bidder.until(lambda s, p=price: any(e["data"].get("amount") == f"{p - 500}.00" for e in s.log))
            price -= 1500
        world.closes_in(0)
        assert (await one.bid("70000.00", confirmed=True))["code"] == "E_CLOSED"
        await one.until(lambda s: any(e["kind"] == "auction.closed" for e in s.log))
        closed = next(e for e in one.log if e["kind"] == "auction.closed")["data"]
    assert closed["winner"] == label
    assert closed["amount"] == f"{price + 1500 - 500}.00"
    assert "floors" not in closed  # only the winner had one, and it stays hidden
    assert "80000" not in json.dumps([one.log, two.log, one.other, two.other, one.state, two.state])


async def test_a_floor_is_confirmed_set_lowered_and_withdrawn_over_the_socket(world, server):
    bidder, rival, _third = world.bidders
    keys = [f"22222222-2222-4222-8222-22222222222{n}" for n in range(5)]
    async with world.socket(server, bidder) as socket, world.socket(server, rival) as other:
        asked = await floor(socket, "90000.00", confirmed=False, key=keys[0])
        assert (asked["code"], asked["facts"]["words"]) == ("E_CONFIRM_FLOOR", "玖万元整")
        assert (await floor(socket, "90000.00", key=keys[1]))["type"] == "accepted"
        assert (await floor(socket, "91000.00", key=keys[2]))["code"] == "E_FLOOR_NOT_LOWER"
        assert (await floor(socket, "85000.00", key=keys[3]))["type"] == "accepted"
        async with world.socket(server, bidder) as again:
            assert again.state["you"]["floor"] == "85000.00"
        assert (await floor(socket, None, key=keys[4]))["type"] == "accepted"
        await other.until(lambda s: [e["kind"] for e in s.log].count("proxy.withdrawn") == 1)
        assert "floor" not in json.dumps(other.state["you"]) or other.state["you"]["floor"] is None
        assert "85000" not in json.dumps([other.log, other.other])


async def test_a_floor_by_plain_post_is_the_same_floor(world, server):
    bidder = world.bidders[0]
    with browser(server, bidder) as page:
        status, said = page.post(f"/r/{world.number}/room/floor/", amount="88000.00", confirmed="on")
        assert (status, said["type"]) == (200, "accepted")
        status, said = page.post(f"/r/{world.number}/room/floor/", amount="87000.00")
        assert (status, said["code"]) == (409, "E_CONFIRM_FLOOR")
        _status, shown = page.get(f"/r/{world.number}/room/state.json")
        assert json.loads(shown)["you"]["floor"] == "88000.00"
        status, said = page.post(f"/r/{world.number}/room/floor/", withdraw="1")
        assert (status, said["type"]) == (200, "accepted")


async def test_a_stranger_sets_no_floor_and_a_malformed_one_harms_nothing(world, server):
    async with world.socket(server) as watcher:
        assert (await floor(watcher, "80000.00"))["code"] == "E_NOT_AN_AGENCY"
        await watcher.send({"type": "floor", "key": "no", "amount": "1.00"})
        assert (await watcher.error())["code"] == "E_BAD_FIELD"
        await watcher.send({"type": "sealed", "key": "33333333-3333-4333-8333-333333333333"})
        assert (await watcher.error())["code"] == "E_BAD_FIELD"


async def test_no_log_line_of_the_server_says_a_floor(world, server):
    async with world.socket(server, world.bidders[0]) as socket:
        await floor(socket, "81234.56")
    with browser(server, world.bidders[1]) as page:
        page.post(f"/r/{world.number}/room/floor/", amount="82345.67", confirmed="on")
    log = server.log.read_text()
    assert "81234" not in log
    assert "82345" not in log
