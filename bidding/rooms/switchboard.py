"""The rooms of this process: who watches what, what the database says, and when time moves an auction.

One query a second for all rooms together heals whatever a lost hint left open, and makes the moves that are due even if
no clock process runs (DESIGN §5: correctness never depends on the clock).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from bidding.actions import advance
from bidding.rooms import wire
from bidding.rooms.presence import Register
from bidding.rooms.room import Room
from bidding.rooms.seat import Seat
from bidding.rooms.snapshots import Snapshot
from bidding.rooms.state import due_at, public_state, your_state
from core.threads import in_database_thread
from journal import feed

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
SNAPSHOT_LASTS = 1.0
_MOVES_THE_CLOCK = (
    b'"kind":"auction.',
    b'"kind":"request.',
    b'"kind":"bidder.barred"',
    b'"kind":"tie_out.',
    b'"kind":"low.',
)
MOST_WRITERS = 3  # rooms writing at once; more only make smaller batches, and readers need threads too


class Switchboard:
    """All rooms of one process and one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rooms: dict[str, Room] = {}
        self._writers = asyncio.Semaphore(MOST_WRITERS)
        self._reading: dict[str, asyncio.Task[Snapshot]] = {}
        self._due: dict[str, asyncio.TimerHandle] = {}
        self._advancing: set[str] = set()
        self._behind = timedelta(0)  # the database's clock minus this machine's
        self._tasks: set[asyncio.Task[None]] = set()
        self._register = Register()
        self._bridge = feed.Bridge()
        self._stop_listening = feed.listen(self._hear)
        for work in (self._bridge.run(), self._look_for_ever()):
            self._start(work)

    # -- seats ----------------------------------------------------------------------------------------------------

    async def join(self, number: str, seat: Seat) -> Room:
        """Seat a socket: subscribe first, then read, so nothing falls between. Raises Request.DoesNotExist."""
        room = self._rooms.get(number)
        if room is None:
            snapshot = await self._snapshot(number)
            room = self._rooms.setdefault(number, Room(number, snapshot.seq, self._writers))
            room.snapshot = room.snapshot or snapshot
            self._watch_clock(number, snapshot)
        await self.refresh(room, seat)
        # Meanwhile the room's last seat may have left, and the room with it: take it back, or the one that followed.
        if self._rooms.setdefault(number, room) is room and number not in self._due and room.snapshot is not None:
            self._watch_clock(number, room.snapshot)
        room = self._rooms[number]
        room.seats.add(seat)
        room.hear_again()
        self._tell_watchers(room)
        return room

    def leave(self, room: Room, seat: Seat) -> None:
        """Unseat a socket; the last one takes the room with it."""
        room.seats.discard(seat)
        seat.gone = True
        if not room.seats and room.idle:
            self._close(room)
        else:
            self._tell_watchers(room)

    def _close(self, room: Room) -> None:
        self._rooms.pop(room.number, None)
        if handle := self._due.pop(room.number, None):
            handle.cancel()

    async def refresh(self, room: Room, seat: Seat) -> None:
        """Send a seat the whole state, with what is its own."""
        snapshot = room.snapshot
        if snapshot is None or snapshot.seq + 400 < room.seq or self._loop.time() - snapshot.read_at > SNAPSHOT_LASTS:
            snapshot = await self._snapshot(room.number)
            room.snapshot = snapshot
        you = None
        if seat.who is not None and seat.who.agency is not None:
            you = await in_database_thread(your_state, room.number, seat.who.agency, seat.language)
        seat.seq = snapshot.seq
        seat.post(wire.state(snapshot.public, you, self.now(), len(room.seats) + 1))

    def now(self) -> datetime:
        """The database's clock, as well as this process knows it: for showing, never for judging."""
        return datetime.now(UTC) + self._behind

    # -- the case files -------------------------------------------------------------------------------------------

    def _hear(self, case: str, first_seq: int, lines: list[bytes]) -> None:
        room = self._rooms.get(case)
        if room is not None:
            room.hear(first_seq, lines)
            if any(kind in line for line in lines for kind in _MOVES_THE_CLOCK):
                room.snapshot = None
                self._start(self._reread_clock(case))

    async def _snapshot(self, number: str) -> Snapshot:
        reading = self._reading.get(number)
        if reading is None:
            reading = self._loop.create_task(self._read_snapshot(number))
            self._reading[number] = reading
            reading.add_done_callback(lambda _done: self._reading.pop(number, None))
        return await asyncio.shield(reading)

    async def _read_snapshot(self, number: str) -> Snapshot:
        read_at = self._loop.time()
        public, due = await in_database_thread(_public_and_due, number)
        return Snapshot(public["seq"], read_at, public, due)

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for room in list(self._rooms.values()):
                room.look_after_seats()
            try:
                await self._look()
            except DatabaseError:
                log.warning("the database does not answer; rooms wait", exc_info=True)
            except Exception:
                log.exception("looking after the rooms failed")

    async def _look(self) -> None:
        before = time.time()
        heads, now = await in_database_thread(_heads, list(self._rooms))
        self._behind = now - datetime.fromtimestamp((before + time.time()) / 2, UTC)
        for number, seq in heads.items():
            room = self._rooms.get(number)
            if room is not None and seq > room.seq:
                room.catch_up()
                await self._reread_clock(number)
        await in_database_thread(self._register.write, self._bidders())
        for room in list(self._rooms.values()):
            await self._look_after(room)

    def _bidders(self) -> set[tuple[str, int]]:
        """The agencies whose sockets are here, by room."""
        who = [(room.number, seat.who) for room in self._rooms.values() for seat in room.seats if not seat.gone]
        return {(number, one.agency) for number, one in who if one is not None and one.agency is not None}

    async def _look_after(self, room: Room) -> None:
        """Close a room that nobody left in order, and set an alarm that trouble with the database has lost."""
        if not room.seats and room.idle:
            self._close(room)
            return
        waits = room.number in self._due or room.number in self._advancing
        if not waits and (room.snapshot is None or room.snapshot.due_at is not None):
            await self._reread_clock(room.number)

    # -- time -----------------------------------------------------------------------------------------------------

    async def _reread_clock(self, number: str) -> None:
        with contextlib.suppress(DatabaseError):
            snapshot = await self._snapshot(number)
            if number in self._rooms:
                self._rooms[number].snapshot = snapshot
                self._watch_clock(number, snapshot)

    def _watch_clock(self, number: str, snapshot: Snapshot) -> None:
        if handle := self._due.pop(number, None):
            handle.cancel()
        if snapshot.due_at is not None:
            wait = max(0.0, (snapshot.due_at - self.now()).total_seconds())
            self._due[number] = self._loop.call_later(min(wait + 0.002, 3600), self._fall_due, number)

    def _fall_due(self, number: str) -> None:
        self._due.pop(number, None)
        if number in self._rooms and number not in self._advancing:
            self._advancing.add(number)
            self._start(self._advance(number))

    async def _advance(self, number: str) -> None:
        try:
            await in_database_thread(advance, number)
        except DatabaseError:
            log.warning("could not move %s on; the next look tries again", number)
        except Exception:
            log.exception("%s cannot be moved on", number)
        finally:
            self._advancing.discard(number)
        await self._reread_clock(number)

    # -- odds and ends --------------------------------------------------------------------------------------------

    def _tell_watchers(self, room: Room) -> None:
        """At most one count a second, however many come and go."""
        if room.counting is None:
            room.counting = self._loop.call_later(1.0, self._send_watchers, room)

    def _send_watchers(self, room: Room) -> None:
        room.counting = None
        room.tell_all(wire.watchers(len(room.seats)))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop listening and looking; for tests, which have many loops."""
        self._stop_listening()
        for task in self._tasks:
            task.cancel()


_boards: dict[int, Switchboard] = {}


def switchboard() -> Switchboard:
    """The switchboard of the running loop, made the first time."""
    key = id(asyncio.get_running_loop())
    if key not in _boards:
        _boards[key] = Switchboard()
    return _boards[key]


def _public_and_due(number: str) -> tuple[dict[str, Any], datetime | None]:
    return public_state(number), due_at(number)


def _heads(numbers: list[str]) -> tuple[dict[str, int], datetime]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM journal_case WHERE name = ANY(%s)", [numbers])
        heads = dict(cursor.fetchall())
        cursor.execute("SELECT clock_timestamp()")
        return heads, cursor.fetchone()[0]
