"""A real socket to a real server: what it shows, whom it believes, and what it survives (DESIGN §4, docs/protocol.md)."""

import asyncio
import contextlib
import json
import uuid

import pytest
import websockets

from tests.plumbing.live import LiveServer
from tests.plumbing.world import World, browser, served

pytestmark = pytest.mark.slow

_AUCTIONS = 30


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server without a clock, and a fresh live auction of three bidders for every test."""
    with served(tmp_path_factory.mktemp("sockets"), agencies=5, auctions=_AUCTIONS) as (world, server):
        yield world, server, iter(world.numbers)


@pytest.fixture
def server(running) -> LiveServer:
    return running[1]


@pytest.fixture
def world(running) -> World:
    world, _server, numbers = running
    return World(world.database, [next(numbers)], world.bidders)


async def test_anyone_may_watch_and_hears_every_entry_in_order(world, server):
    async with world.socket(server) as watcher, world.socket(server, world.bidders[0]) as bidder:
        assert watcher.state["you"] is None
        assert bidder.state["you"]["blockers"] == []
        accepted = await bidder.bid("99000.00")
        await watcher.until(lambda s: s.seq == accepted["seq"])
        assert watcher.log[-1]["data"]["amount"] == "99000.00"
        assert watcher.log == [_as_sent(e) for e in world.journal() if e["seq"] > watcher.state["seq"]]
        assert not watcher.answers


async def test_a_stranger_may_watch_but_not_bid(world, server):
    async with world.socket(server) as watcher:
        refused = await watcher.bid("99000.00")
        assert (refused["type"], refused["code"]) == ("refused", "E_NOT_AN_AGENCY")


async def test_a_request_that_does_not_exist_has_no_room(world, server):
    async with websockets.connect(f"{server.ws_url}/ws/requests/GS-2026-000000/", origin=server.url) as link:
        with pytest.raises(websockets.ConnectionClosed):
            await link.recv()
        assert link.close_code == 4404


async def test_before_the_close_nobody_is_shown_who_bids(world, server):
    async with world.socket(server) as watcher, world.socket(server, world.bidders[0]) as bidder:
        await bidder.bid("99000.00")
        await watcher.until(lambda s: s.log)
        async with world.socket(server) as late:
            seen = json.dumps([watcher.state, watcher.log, watcher.other, late.state], ensure_ascii=False)
    assert not any(b.uscc in seen for b in world.bidders)
    assert "咨询有限公司" not in seen


async def test_i7_a_key_sent_again_over_any_door_gets_the_same_answer(world, server):
    key = str(uuid.uuid4())
    async with world.socket(server, world.bidders[0]) as first, world.socket(server, world.bidders[1]) as rival:
        accepted = await first.bid("99000.00", key=key)
        await rival.bid("98000.00")
        assert await first.bid("99000.00", key=key) == accepted
        assert await first.bid("90000.00", key=key) == accepted
        async with world.socket(server, world.bidders[0]) as second:
            assert await second.bid("99000.00", key=key) == accepted
    with browser(server, world.bidders[0]) as page:
        assert page.bid(world.number, "99000.00", key=key) == (200, accepted)
    assert sum(e["kind"] == "bid.placed" for e in world.journal()) == 2


async def test_i7_a_refused_key_stays_refused_over_any_door(world, server):
    key = str(uuid.uuid4())
    with browser(server, world.bidders[1]) as page:
        async with world.socket(server, world.bidders[0]) as leader, world.socket(server, world.bidders[1]) as second:
            await leader.bid("99000.00")
            refused = await second.bid("99000.00", key=key)
            assert refused["code"] == "E_TOO_HIGH"
            assert await second.bid("98000.00", key=key) == refused
            assert page.bid(world.number, "98000.00", key=key) == (409, refused)


async def test_one_key_belongs_to_one_agency(world, server):
    key = str(uuid.uuid4())
    async with world.socket(server, world.bidders[0]) as first, world.socket(server, world.bidders[1]) as second:
        mine = await first.bid("99000.00", key=key)
        theirs = await second.bid("98000.00", key=key)
    assert (mine["type"], theirs["type"]) == ("accepted", "accepted")
    assert mine["seq"] != theirs["seq"]


_KEY = "6f7c2a9e-0000-4000-8000-000000000001"
_MALFORMED = {
    "no JSON": ("x", "E_NOT_JSON"),
    "empty": ("", "E_NOT_JSON"),
    "a list": ("[]", "E_NOT_JSON"),
    "null": ("null", "E_NOT_JSON"),
    "two objects": ("{}{}", "E_NOT_JSON"),
    "deeply nested": ("[" * 4000, "E_NOT_JSON"),
    "nested and closed": ('{"type":' + "[" * 1900 + "]" * 1900 + "}", "E_UNKNOWN_TYPE|E_NOT_JSON"),
    "no type": ("{}", "E_UNKNOWN_TYPE"),
    "a type that is a list": ('{"type":["bid"]}', "E_UNKNOWN_TYPE"),
    "a lone surrogate as type": ('{"type":"\\ud800"}', "E_UNKNOWN_TYPE"),
    "a bid without fields": ('{"type":"bid"}', "E_BAD_FIELD"),
    "a key that is no uuid": ('{"type":"bid","key":"1","amount":"1.00"}', "E_BAD_FIELD"),
    "a lone surrogate as key": ('{"type":"bid","key":"\\udfff","amount":"1.00"}', "E_BAD_FIELD"),
    "a number as amount": (f'{{"type":"bid","key":"{_KEY}","amount":99000}}', "E_BAD_FIELD"),
    "a negative amount": (f'{{"type":"bid","key":"{_KEY}","amount":"-1.00"}}', "E_BAD_FIELD"),
    "NaN as amount": (f'{{"type":"bid","key":"{_KEY}","amount":NaN}}', "E_BAD_FIELD"),
    "a power of ten": (f'{{"type":"bid","key":"{_KEY}","amount":"1e5"}}', "E_BAD_FIELD"),
    "a huge amount": (f'{{"type":"bid","key":"{_KEY}","amount":"{"9" * 300}"}}', "E_BAD_FIELD"),
    "finer than a fen": (f'{{"type":"bid","key":"{_KEY}","amount":"99000.001"}}', "E_BAD_FIELD"),
    "Arabic digits": (f'{{"type":"bid","key":"{_KEY}","amount":"٩٩٠٠٠"}}', "E_BAD_FIELD"),
    "confirmed by a word": (f'{{"type":"bid","key":"{_KEY}","amount":"1.00","confirmed":"yes"}}', "E_BAD_FIELD"),
    "a ping without time": ('{"type":"ping","seq":1}', "E_BAD_FIELD"),
    "a ping at NaN": ('{"type":"ping","seq":1,"t":NaN}', "E_BAD_FIELD"),
    "a ping at infinity": ('{"type":"ping","seq":1,"t":1e999}', "E_BAD_FIELD"),
    "a ping at a huge whole number": ('{"type":"ping","seq":1,"t":1' + "0" * 400 + "}", "E_BAD_FIELD"),
    "too many digits": ('{"type":"ping","seq":1,"t":' + "9" * 4040 + "}", "E_BAD_FIELD|E_NOT_JSON"),
    "a negative number": ('{"type":"resume","seq":-1}', "E_BAD_FIELD"),
    "a number beyond all": ('{"type":"resume","seq":9223372036854775808}', "E_BAD_FIELD"),
    "true as a number": ('{"type":"resume","seq":true}', "E_BAD_FIELD"),
    "half a number": ('{"type":"resume","seq":1.5}', "E_BAD_FIELD"),
    "binary": (b"\x00\x01", "E_NOT_TEXT"),
    "binary that is JSON": (b'{"type":"ping","seq":1,"t":1}', "E_NOT_TEXT"),
    "over 4 KB": ('{"type":"ping","seq":1,"t":1}' + " " * 4096, "E_TOO_LARGE"),
    "over 4 KB of Chinese": ('"' + "竞" * 1400 + '"', "E_TOO_LARGE"),
    "just within 64 KB": ("x" * 65000, "E_TOO_LARGE"),
}


async def test_malformed_frames_are_told_what_is_wrong_and_harm_nobody(world, server):
    async with world.socket(server) as watcher, world.socket(server, world.bidders[0]) as hostile:
        for name, (frame, codes) in _MALFORMED.items():
            await hostile.send(frame)
            assert (await hostile.error())["code"] in codes.split("|"), name
            # Between two of them something well-formed: only ten in a row end the socket.
            await hostile.send({"type": "ping", "seq": 0, "t": 0})
            await asyncio.sleep(0.16)
        assert (await hostile.bid("99000.00"))["type"] == "accepted"
        await watcher.until(lambda s: s.log)
        assert not any(m["type"] == "error" for m in watcher.other)


@pytest.mark.parametrize(
    ("frame", "text", "code"),
    [("x" * 70_000, None, 1009), (b"y" * 5_000_000, None, 1009), (b'{"type":"\xff\xfe"}', True, 1007)],
    ids=["over 64 KB", "5 MB of binary", "not UTF-8"],
)
async def test_frames_that_nobody_reads_end_their_own_socket_alone(world, server, frame, text, code):
    async with world.socket(server) as watcher, world.socket(server, world.bidders[0]) as hostile:
        with contextlib.suppress(websockets.ConnectionClosed):
            await hostile.link.send(frame, text=text)
        await hostile.until(lambda s: s.closed)
        assert hostile.link.close_code == code
        async with world.socket(server, world.bidders[0]) as again:
            assert (await again.bid("99000.00"))["type"] == "accepted"
        await watcher.until(lambda s: s.log)


async def test_ten_malformed_frames_in_a_row_close_the_socket_and_nine_do_not(world, server):
    async with world.socket(server) as hostile:
        for _ in range(9):
            await hostile.send("x")
        await hostile.send({"type": "ping", "seq": 0, "t": 7})
        await hostile.until(lambda s: any(m["type"] == "pong" for m in s.other))
        for _ in range(10):
            await hostile.send("x")
        await hostile.until(lambda s: s.closed)
        assert hostile.closed == 1008


async def test_a_socket_has_a_budget_of_messages_which_refills(world, server):
    async with world.socket(server) as eager:
        for turn in range(44):
            await eager.send({"type": "ping", "seq": 0, "t": turn})
        assert (await eager.error())["code"] == "E_TOO_FAST"
        await asyncio.sleep(0.5)
        await eager.send({"type": "ping", "seq": 0, "t": 99})
        await eager.until(lambda s: any(m.get("t") == 99 for m in s.other))


_FOREIGN = [
    None,
    "null",
    "http://evil.example",
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1.evil.example:{port}",
    "http://evil@127.0.0.1:{port}",
    "http://127.0.0.1:{port}/path",
    "http://127.0.0.1:{port}?",
    "http://127.0.0.1:99999999",
    "http://[",
    "//127.0.0.1:{port}",
    "file://",
]


async def test_a_foreign_missing_or_malformed_origin_is_refused(world, server):
    for origin in _FOREIGN:
        given = origin and origin.format(port=server.port)
        headers = {**world.bidders[0].cookies, **({"Origin": given} if given else {})}
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with websockets.connect(f"{server.ws_url}/ws/requests/{world.number}/", additional_headers=headers):
                raise AssertionError(f"{given} was let in")
        assert refused.value.response.status_code == 403


async def test_a_suspended_agency_is_refused_on_its_next_bid_without_reconnecting(world, server):
    bidder = world.bidders[2]
    async with world.socket(server, world.bidders[0]) as rival, world.socket(server, bidder) as socket:
        assert (await socket.bid("99000.00"))["type"] == "accepted"
        await rival.bid("98000.00")
        world.database.rows("UPDATE agencies_agency SET standing = 'suspended' WHERE id = %s", bidder.agency)
        try:
            assert (await socket.bid("97000.00"))["code"] == "E_STANDING"
        finally:
            world.database.rows("UPDATE agencies_agency SET standing = 'active' WHERE id = %s", bidder.agency)
        assert (await socket.bid("97000.00"))["type"] == "accepted"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM django_session WHERE session_key = %(session)s",
        "UPDATE django_session SET expire_date = now() - interval '1 second' WHERE session_key = %(session)s",
        "DELETE FROM accounts_membership WHERE user_id = %(user)s",
        "UPDATE accounts_user SET is_active = false WHERE id = %(user)s",
    ],
    ids=["logged out", "session expired", "no longer a member", "deactivated"],
)
async def test_who_lost_the_authority_is_refused_on_the_open_socket(world, server, statement):
    bidder = world.bidders[3]
    kept = _keep(world, bidder)
    async with world.socket(server, world.bidders[0]) as rival, world.socket(server, bidder) as socket:
        assert (await socket.bid("99000.00"))["type"] == "accepted"
        await rival.bid("98000.00")
        try:
            world.database.rows(
                statement.replace("%(session)s", "%s").replace("%(user)s", "%s"), _which(statement, bidder)
            )
            assert (await socket.bid("97000.00"))["code"] == "E_SIGNED_OUT"
        finally:
            _restore(world, bidder, kept)


async def test_a_session_from_before_a_change_of_password_opens_no_bidders_socket(world, server):
    bidder = world.bidders[4]
    world.database.rows("UPDATE accounts_user SET password = 'md5$changed$changed' WHERE id = %s", bidder.user)
    async with world.socket(server, bidder) as socket:
        assert socket.state["you"] is None
        assert (await socket.bid("99000.00"))["code"] == "E_NOT_AN_AGENCY"


async def test_resume_brings_what_came_after_and_a_number_from_the_future_brings_the_state(world, server):
    async with world.socket(server, world.bidders[0]) as socket:
        await socket.bid("99000.00")
        await socket.until(lambda s: s.log)
        socket.log, socket.seq = [], 2
        await socket.send({"type": "resume", "seq": 2})
        await socket.until(lambda s: s.log and s.log[-1]["kind"] == "bid.placed")
        assert socket.log == [_as_sent(e) for e in world.journal() if e["seq"] > 2]
        assert not socket.gaps
        socket.state = {}
        await socket.send({"type": "resume", "seq": 999})
        await socket.until(lambda s: s.state)


async def test_a_ping_that_lags_behind_what_was_sent_is_healed(world, server):
    async with world.socket(server, world.bidders[0]) as socket:
        before = socket.seq
        await socket.bid("99000.00")
        await socket.until(lambda s: s.seq > before)
        await socket.send({"type": "ping", "seq": socket.seq, "t": 1})
        await socket.until(lambda s: any(m.get("t") == 1 for m in s.other))
        socket.log, socket.seq = [], before
        await socket.send({"type": "ping", "seq": before, "t": 2})
        await socket.until(lambda s: s.log)
        assert socket.log[-1]["kind"] == "bid.placed"


async def test_a_room_that_everybody_left_is_there_for_the_next(world, server):
    for price in ("99000.00", "98000.00"):
        bidder = world.bidders[price == "98000.00"]
        async with world.socket(server, bidder) as socket:
            assert (await socket.bid(price))["type"] == "accepted"
    async with world.socket(server) as watcher:
        assert [b["amount"] for b in watcher.state["bids"]] == ["99000.00", "98000.00"]


async def test_sockets_that_come_and_go_at_once_never_leave_a_watcher_deaf(world, server):
    async def come_and_go(turns: int) -> None:
        for _ in range(turns):
            async with world.socket(server):
                pass

    async with world.socket(server, world.bidders[0]) as bidder:
        await asyncio.gather(*[come_and_go(6) for _ in range(5)])
    async with asyncio.TaskGroup() as group:
        group.create_task(come_and_go(3))
        async with world.socket(server) as watcher, world.socket(server, world.bidders[0]) as bidder:
            accepted = await bidder.bid("99000.00")
            await watcher.until(lambda s: s.seq >= accepted["seq"], within=1.0)


async def test_i6_a_bid_that_arrives_after_the_close_is_told_the_servers_time_although_no_clock_runs(world, server):
    async with world.socket(server, world.bidders[0]) as leader, world.socket(server, world.bidders[1]) as late:
        await leader.bid("99000.00")
        # Behind the room's back: its alarm is set to the old time.
        world.closes_in(-0.001)
        refused = await late.bid("90000.00")
        assert refused["code"] == "E_CLOSED"
        assert refused["facts"]["now"] > refused["facts"]["closed_at"]
        await leader.until(lambda s: any(e["kind"] == "auction.closed" for e in s.log))
    assert world.auction()["status"] == "closed"
    assert world.auction()["best"] == 9900000


async def test_a_room_closes_its_auction_in_time_although_no_clock_runs_and_nobody_bids(world, server):
    with browser(server, world.bidders[0]) as page:
        assert page.bid(world.number, "99000.00")[0] == 200
    world.closes_in(1.2)
    async with world.socket(server) as watcher:
        await watcher.until(lambda s: any(e["kind"] == "auction.closed" for e in s.log), within=4)
        [closed] = [e for e in watcher.log if e["kind"] == "auction.closed"]
    auction = world.auction()
    assert 0 <= (_moment(closed["at"]) - auction["closes_at"]).total_seconds() < 0.5
    assert {r["uscc"] for r in closed["data"]["reveals"]} == {b.uscc for b in world.bidders}
    assert [e["kind"] for e in world.journal()][-2:] == ["auction.closed", "award.published"]


def _as_sent(entry):
    return {k: v for k, v in entry.items() if k != "case"}


def _moment(text):
    from core.clock import from_rfc3339

    return from_rfc3339(text)


def _which(statement, bidder):
    return bidder.session if "session" in statement.split("WHERE")[1] else bidder.user


def _keep(world, bidder):
    [session] = world.database.rows(
        "SELECT session_data, expire_date FROM django_session WHERE session_key = %s", bidder.session
    )
    [member] = world.database.rows(
        "SELECT organisation_id, role FROM accounts_membership WHERE user_id = %s", bidder.user
    )
    return session, member


def _restore(world, bidder, kept):
    (data, expires), (organisation, role) = kept
    world.database.rows(
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)"
        " ON CONFLICT (session_key) DO UPDATE SET expire_date = excluded.expire_date",
        bidder.session,
        data,
        expires,
    )
    world.database.rows("DELETE FROM accounts_membership WHERE user_id = %s", bidder.user)
    world.database.rows(
        "INSERT INTO accounts_membership (user_id, organisation_id, role) VALUES (%s, %s, %s)",
        bidder.user,
        organisation,
        role,
    )
    world.database.rows("UPDATE accounts_user SET is_active = true WHERE id = %s", bidder.user)
