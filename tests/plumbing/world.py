"""Live auctions in a live database, and clients that drive them from outside.

`world = build(database, agencies=5)` fills the database in a process of its own; `world.numbers` are the live requests and
`world.bidders` the agencies enrolled in all of them, each with a session. `async with world.socket(server, bidder)` is a
browser without the browser: it keeps the log that a page would show, and says what was wrong with it.
"""

import asyncio
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import websockets
from websockets.asyncio.client import ClientConnection

from config.environment import ROOT
from config.postgres import free_port
from tests.plumbing import cluster, live
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer

_CSRF = "a" * 32


@dataclass(frozen=True)
class Bidder:
    """An agency that is enrolled everywhere, and its user's session."""

    agency: int
    user: int
    uscc: str
    session: str

    @property
    def cookies(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}"}


@dataclass(frozen=True)
class World:
    """What `build` has put into the database."""

    database: Database
    numbers: list[str]
    bidders: list[Bidder]

    @property
    def number(self) -> str:
        return self.numbers[0]

    def closes_in(self, seconds: float, number: str | None = None, *, hard_end: float = 3600) -> None:
        """Let the auction close so many seconds from now by the database's clock; it opened a minute before that."""
        self.database.rows(
            "UPDATE bidding_auction SET closes_at = t.at, hard_end = t.at + %s * interval '1 second', due_at = t.at,"
            " opens_at = least(opens_at, t.at - interval '1 minute'),"
            " ready_at = least(ready_at, t.at - interval '1 minute')"
            " FROM (SELECT date_trunc('milliseconds', clock_timestamp()) + %s * interval '1 second' AS at) t"
            " WHERE request_id = (SELECT id FROM marketplace_request WHERE number = %s)",
            hard_end,
            seconds,
            number or self.number,
        )

    def journal(self, number: str | None = None) -> list[dict[str, Any]]:
        """The case file as it stands in the database, parsed from the stored bytes."""
        rows = self.database.rows(
            "SELECT e.body, e.hash FROM journal_entry e JOIN journal_case c ON c.id = e.case_id"
            " WHERE c.name = %s ORDER BY e.seq",
            number or self.number,
        )
        return [{**json.loads(bytes(body)), "hash": bytes(hashed).hex()} for body, hashed in rows]

    def auction(self, number: str | None = None) -> dict[str, Any]:
        """The auction's row."""
        columns = "status", "best", "closes_at", "opens_at", "bid_count", "id"
        [row] = self.database.rows(
            f"SELECT {', '.join('a.' + c for c in columns)} FROM bidding_auction a"
            " JOIN marketplace_request r ON r.id = a.request_id WHERE r.number = %s",
            number or self.number,
        )
        return dict(zip(columns, row, strict=True))

    @asynccontextmanager
    async def socket(
        self, server: LiveServer, bidder: Bidder | None = None, number: str | None = None
    ) -> AsyncIterator["Socket"]:
        """A socket in the live room that keeps its log; closed at the end."""
        link = await websockets.connect(
            f"{server.ws_url}/ws/requests/{number or self.number}/",
            origin=websockets.Origin(server.url),
            additional_headers=bidder.cookies if bidder else None,
            max_size=None,
            ping_interval=None,
        )
        socket = Socket(link)
        try:
            await socket.until(lambda s: s.state)
            yield socket
        finally:
            await socket.close()


@dataclass
class Socket:
    """One watcher or bidder: what it was sent, in order."""

    link: ClientConnection
    state: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    other: list[dict[str, Any]] = field(default_factory=list)
    closed: int | None = None

    def __post_init__(self) -> None:
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        await self.link.send(json.dumps(message) if isinstance(message, dict) else message)

    async def press(self, amount: str, *, key: str | None = None, confirmed: bool = False) -> str:
        """Send a bid without waiting for its answer; returns its key."""
        key = key or str(uuid.uuid4())
        await self.send({"type": "bid", "key": key, "amount": amount, **({"confirmed": True} if confirmed else {})})
        return key

    async def bid(self, amount: str, *, key: str | None = None, confirmed: bool = False) -> dict[str, Any]:
        """Send a bid and wait for its answer."""
        have = len(self.answers.get(key or "", []))
        sent = await self.press(amount, key=key, confirmed=confirmed)
        await self.until(lambda s: len(s.answers.get(sent, [])) > have)
        return self.answers[sent][-1]

    async def until(self, holds: Callable[["Socket"], Any], within: float = 8.0) -> None:
        """Wait for `holds(self)`; fails after `within` seconds with what was heard last."""
        give_up = time.monotonic() + within
        while not holds(self):
            left = give_up - time.monotonic()
            assert left > 0, f"waited {within} s in vain; at #{self.seq}, closed {self.closed}, heard {self.other[-3:]}"
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(left, 0.5))
            except TimeoutError:
                continue

    async def error(self) -> dict[str, Any]:
        """The next `error` message not read yet."""
        await self.until(lambda s: any(m["type"] == "error" for m in s.other))
        found = next(m for m in self.other if m["type"] == "error")
        self.other.remove(found)
        return found

    async def close(self) -> None:
        await self.link.close()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for text in self.link:
                self._hear(json.loads(text))
                self._news.set()
        except websockets.ConnectionClosed:
            pass
        self.closed = self.link.close_code
        self._news.set()

    def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "state":
                self.state, self.seq = message, max(self.seq, message["seq"])
            case "entries":
                for entry in message["entries"]:
                    if entry["seq"] > self.seq + 1:
                        self.gaps.append((self.seq, entry["seq"]))
                    if entry["seq"] > self.seq:
                        self.log.append(entry)
                        self.seq = entry["seq"]
            case "accepted" | "refused":
                self.answers.setdefault(message["key"], []).append(message)
            case _:
                self.other.append(message)


class Browser:
    """One keep-alive HTTP connection that posts bids as the page without scripts does, and asks for JSON."""

    def __init__(self, server: LiveServer, bidder: Bidder | None) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=15)
        session = f"; sessionid={bidder.session}" if bidder else ""
        self._headers = {
            "Cookie": f"csrftoken={_CSRF}{session}",
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def bid(self, number: str, amount: str, *, key: str | None = None) -> tuple[int, dict[str, Any]]:
        """`(status, answer)` of a bid by POST."""
        return self.post(f"/r/{number}/room/bid/", amount=amount, **({"key": key} if key else {}))

    def post(self, path: str, **fields: str) -> tuple[int, dict[str, Any]]:
        """`(status, answer)` of a form with a fresh key, unless one is given."""
        status, content = self.send(path, **fields)
        return status, json.loads(content)

    def send(self, path: str, **fields: str) -> tuple[int, bytes]:
        """The same for a door that answers with a page, or leads to one."""
        filled = {"key": str(uuid.uuid4()), "csrfmiddlewaretoken": _CSRF, **fields}
        self._link.request("POST", path, urlencode(filled), self._headers)
        response = self._link.getresponse()
        return response.status, response.read()

    def get(self, path: str) -> tuple[int, bytes]:
        self._link.request("GET", path, headers=self._headers)
        response = self._link.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        self._link.close()


@contextmanager
def browser(server: LiveServer, bidder: Bidder | None = None) -> Iterator[Browser]:
    one = Browser(server, bidder)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def served(folder: Path, **fields: Any) -> Iterator[tuple[World, LiveServer]]:
    """A world of its own with a server, and no clock, for a whole module of tests."""
    database = cluster.create(f"live_{secrets.token_hex(6)}", template=live.template(demo=False))
    world = build(database, **fields)
    port = free_port()
    server = LiveServer(port, database, live.environment_of(database, None, port), folder / "server.log")
    try:
        yield world, server
    finally:
        server.kill()
        cluster.drop(database.name)


def build(
    database: Database, *, agencies: int = 3, auctions: int = 1, ceiling: str = "100000.00", stage: str = "live"
) -> World:
    """Fill a live database with live auctions in which all `agencies` are enrolled.

    With `stage="short"` they have 90 seconds and not one more; with `"ready"` they are about to open with two opening
    offers and a floor of the third bidder.
    """
    environment = {
        **os.environ,
        "DATABASE_URL": database.owner_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.plumbing.world", str(agencies), str(auctions), ceiling, stage]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    return World(database, made["numbers"], [Bidder(**bidder) for bidder in made["bidders"]])


def _fill(agencies: int, auctions: int, ceiling: str, stage: str) -> dict[str, Any]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import Kind
    from tests import cast

    item = cast.service_item()
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@waterworks.example", buyer)
    enrolled = [cast.agency(f"第{n + 1}咨询有限公司") for n in range(agencies)]
    cast.offers(item, *enrolled)
    bidders = []
    for one in enrolled:
        user = one.user  # type: ignore[attr-defined]
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        bidders.append({"agency": one.pk, "user": user.pk, "uscc": one.uscc, "session": session.session_key})
    play = {"live": cast.live_auction, "short": cast.short_auction, "ready": cast.ready_auction}[stage]
    made = [play(buyer, item, by, *enrolled, ceiling=ceiling) for _ in range(auctions)]
    return {"numbers": [auction.request.number for auction in made], "bidders": bidders}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_fill(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])))
