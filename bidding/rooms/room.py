"""A room: the one writer of its auction in this process, and the fan-out to everybody who watches."""

import asyncio
import logging
from collections import deque

from django.db import Error as DatabaseError

from bidding.actions import Answer, Press, place_bids
from bidding.rooms import wire
from bidding.rooms.seat import Seat
from bidding.rooms.snapshots import Snapshot
from core.threads import in_database_thread
from journal.queries import lines_after

log = logging.getLogger(__name__)

LARGEST_BATCH = 256
LONGEST_INBOX = 4096
TICK = 0.05  # seconds between frames: what comes meanwhile travels together
REMEMBERED = 1024  # entries kept for sockets that lag a little
REFILL = 500  # entries per frame for those that lag a lot


class RoomBusy(Exception):
    """More presses wait than the room will hold."""


class Room:
    """All state here is a cache of the case file; losing a room loses nothing."""

    def __init__(self, number: str, seq: int, writers: asyncio.Semaphore) -> None:
        self.number = number
        self.seq = seq
        self.seats: set[Seat] = set()
        self.snapshot: Snapshot | None = None
        self._recent: deque[bytes] = deque(maxlen=REMEMBERED)
        self._inbox: deque[tuple[Press, asyncio.Future[Answer]]] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._writers = writers
        self._refill: asyncio.Task[None] | None = None
        self._flush_due: asyncio.TimerHandle | None = None
        self._flushed_at = 0.0
        self.counting: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def idle(self) -> bool:
        """Is nobody waiting for an answer?"""
        return self._writer is None and not self._inbox

    # -- bids -----------------------------------------------------------------------------------------------------

    def submit(self, press: Press) -> "asyncio.Future[Answer]":
        """Put a press into the inbox; the future brings its answer. Raises RoomBusy when the inbox is full."""
        if len(self._inbox) >= LONGEST_INBOX:
            raise RoomBusy
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._inbox.append((press, answer))
        if self._writer is None:
            self._writer = self._loop.create_task(self._write())
        return answer

    async def _write(self) -> None:
        """Take all that waits, in one transaction, until nothing waits."""
        try:
            while self._inbox:
                async with self._writers:
                    # Taken when its turn has come: what arrived while other rooms wrote goes into the same transaction.
                    batch = [self._inbox.popleft() for _ in range(min(len(self._inbox), LARGEST_BATCH))]
                    await self._place(batch)
        finally:
            self._writer = None

    async def _place(self, batch: list[tuple[Press, "asyncio.Future[Answer]"]]) -> None:
        try:
            answers = await in_database_thread(place_bids, self.number, [press for press, _answer in batch])
        except Exception as error:
            if not isinstance(error, DatabaseError):
                log.exception("a batch of bids for %s failed", self.number)
            # Nothing was committed, or nobody knows: the bidder sends the same key again and learns which.
            for _press, future in batch:
                if not future.done():
                    future.set_exception(RoomBusy())
            return
        for (_press, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    # -- entries --------------------------------------------------------------------------------------------------

    def hear(self, first_seq: int, lines: list[bytes]) -> None:
        """New entries as they go over the wire: next in line is kept, a gap is filled from the database, old is ignored."""
        if first_seq > self.seq + 1:
            self.catch_up()
            return
        new = lines[self.seq + 1 - first_seq :]
        if new:
            self._recent.extend(new)
            self.seq += len(new)
            self._schedule_flush()

    def catch_up(self) -> None:
        """Read from the database what this room has missed."""
        if self._refill is None:
            self._refill = self._loop.create_task(self._read_missing())

    async def _read_missing(self) -> None:
        try:
            while True:
                first, lines = await in_database_thread(lines_after, self.number, self.seq, REFILL)
                if lines:
                    self.hear(first, lines)
                if len(lines) < REFILL:
                    return
        except DatabaseError:
            log.warning("could not read the case file of %s; the next look tries again", self.number)
        finally:
            self._refill = None

    # -- fan-out --------------------------------------------------------------------------------------------------

    def _schedule_flush(self) -> None:
        if self._flush_due is None:
            wait = max(0.0, self._flushed_at + TICK - self._loop.time())
            self._flush_due = self._loop.call_later(wait, self._flush) if wait else self._loop.call_at(0, self._flush)

    def _flush(self) -> None:
        """Send each free seat what it has not had; those at the same number share one encoded frame."""
        self._flush_due = None
        self._flushed_at = now = self._loop.time()
        frames: dict[int, str] = {}
        seq = self.seq
        gone: list[Seat] = []
        for seat in self.seats:
            if seat.gone:
                gone.append(seat)
            elif seat.seq < seq and seat.free:
                frame = frames.get(seat.seq)
                if frame is None:
                    frame = frames[seat.seq] = self._frame_after(seat.seq)
                if frame:
                    seat.seq = seq
                    seat.start(frame)
                else:
                    self._serve_from_database(seat)
            elif seat.impatient(now):
                gone.append(seat)
        for seat in gone:
            self.seats.discard(seat)
            seat.give_up()

    def look_after_seats(self) -> None:
        """Once in a while: seats that were blocked and are free again get what they missed, stuck ones go."""
        self._flush()

    def hear_again(self) -> None:
        """A seat's number has moved back or it is new: send it what it lacks."""
        self._schedule_flush()

    def _frame_after(self, seq: int) -> str:
        missing = self.seq - seq
        if missing > len(self._recent):
            return ""
        return wire.entries([self._recent[n] for n in range(len(self._recent) - missing, len(self._recent))])

    def _serve_from_database(self, seat: Seat) -> None:
        if not seat.refilling:
            seat.refilling = True
            _keep(self._loop.create_task(self._refill_seat(seat)))

    async def _refill_seat(self, seat: Seat) -> None:
        try:
            first, lines = await in_database_thread(lines_after, self.number, seat.seq, REFILL)
        except DatabaseError:
            log.warning("could not read the case file of %s; the next look tries again", self.number)
            return
        finally:
            seat.refilling = False
        if lines and seat.free and first == seat.seq + 1:
            seat.seq += len(lines)
            seat.start(wire.entries(lines))
            self._schedule_flush()

    def tell_all(self, text: str) -> None:
        """Send everybody the same message, if they can take it now."""
        for seat in self.seats:
            if seat.free:
                seat.start(text)


_tasks: set["asyncio.Task[None]"] = set()


def _keep(task: "asyncio.Task[None]") -> None:
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
