"""A socket that stops reading is closed, bounded in memory, and slows nobody (DESIGN §4.5, §10)."""

import asyncio
import base64
import contextlib
import json
import os
import socket
import struct
import time

import psutil
import pytest

from tests.plumbing.live import LiveServer
from tests.plumbing.world import World, build

pytestmark = pytest.mark.slow

_HISTORY = 900


def _deaf(world: World, server: LiveServer) -> socket.socket:
    """A socket of a watcher that shakes hands and never reads again."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /ws/requests/{world.number}/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: {server.url}\r\n\r\n".encode()
    )
    assert line.recv(12) == b"HTTP/1.1 101"
    return line


def _frame(message: dict) -> bytes:
    text = json.dumps(message).encode()
    assert len(text) < 126
    return struct.pack("!BB", 0x81, 0x80 | len(text)) + bytes(4) + text


def _is_open(server: LiveServer, line: socket.socket) -> bool:
    port = line.getsockname()[1]
    links = psutil.Process(server.pid).net_connections("tcp")
    return any(link.raddr and link.raddr.port == port for link in links)


async def test_a_socket_that_stops_reading_is_closed_and_slows_nobody(live_database, start_server, monkeypatch):
    monkeypatch.setenv("SOCKET_RATE", "2000")
    world = build(live_database(), agencies=2, ceiling="900000.00")
    world.database.rows("UPDATE bidding_auction SET step = 100")
    server = start_server(world.database, clock=False)
    price = 900_000
    async with (
        world.socket(server, world.bidders[0]) as one,
        world.socket(server, world.bidders[1]) as two,
        world.socket(server) as watcher,
    ):
        for turn in range(_HISTORY):
            price -= 1
            await (one, two)[turn % 2].bid(f"{price}.00")
        before = psutil.Process(server.pid).memory_info().rss
        deaf = [_deaf(world, server) for _ in range(4)]
        began = time.monotonic()
        for line in deaf:
            line.setblocking(False)
            for _ in range(400):
                # Each asks for the whole log again: more than any kernel's buffer holds.
                with contextlib.suppress(OSError):
                    line.send(_frame({"type": "ping", "seq": 0, "t": 1}))
        slowest, turn = 0.0, _HISTORY - 1
        while any(_is_open(server, line) for line in deaf):
            assert time.monotonic() - began < 22, "a socket that reads nothing is still open"
            price, turn = price - 1, turn + 1
            sent = time.monotonic()
            answer = await (one, two)[turn % 2].bid(f"{price}.00")
            await watcher.until(lambda s, seq=answer["seq"]: s.seq >= seq)
            if sent - began > 3:  # until then it is busy writing the history they asked for
                slowest = max(slowest, time.monotonic() - sent)
            await asyncio.sleep(0.05)
        lasted = time.monotonic() - began
        after = psutil.Process(server.pid).memory_info().rss
        for line in deaf:
            line.close()
        assert lasted > 5, "they were closed before anybody's patience had ended"
        assert slowest < 0.5
        assert after - before < 60e6
        assert not watcher.gaps
        assert watcher.closed is None
        async with world.socket(server) as late:
            assert late.state["seq"] == watcher.seq
