"""The socket's door to a live room: parse, hand over, answer. Anyone may watch; origin is checked."""

import asyncio
import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import translation

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from agencies.policies import NotAnAgency
from bidding.actions import Answer, Press, send_sealed_price, set_floor, withdraw_floor
from bidding.rooms import wire
from bidding.rooms.room import Room, RoomBusy
from bidding.rooms.seat import Seat
from bidding.rooms.switchboard import switchboard
from bidding.rooms.visitors import Visitor, visitor
from core.clock import to_milliseconds
from core.sockets import TokenBucket, same_origin
from core.threads import in_database_thread
from marketplace.models import Request

log = logging.getLogger(__name__)

MOST_ERRORS = 10  # malformed frames in a row before the socket is closed with 1008
POLICY, TRY_LATER, NOT_FOUND = 1008, 1013, 4404


class RoomConsumer(AsyncConsumer):
    """One socket of a live room."""

    # No channel of its own: the room talks to the sockets, one subscription serves the process.
    channel_layer_alias = "none"

    room: Room | None = None
    seat: Seat
    who: Visitor

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without Channels' detour through a thread for each message: this consumer holds no database connection."""
        match message["type"]:
            case "websocket.receive":
                await self.receive(message)
            case "websocket.connect":
                await self.connect()
            case _:
                self.disconnect()

    async def connect(self) -> None:
        headers = {name: value.decode("latin-1") for name, value in self.scope["headers"]}
        if not same_origin(headers.get(b"origin"), settings.SOCKET_ORIGINS):
            await self.base_send({"type": "websocket.close", "code": POLICY, "reason": "origin"})
            return
        number = self.scope["url_route"]["kwargs"]["number"]
        rate, burst = settings.SOCKET_BUDGET
        self.budget = TokenBucket(rate, burst, asyncio.get_running_loop().time())
        self.errors = self.sent_before = 0
        self.who = await in_database_thread(visitor, headers.get(b"cookie", ""))
        self.seat = Seat(self.base_send, self.who, self.who.language)
        self.seat.stalled = self._stalled
        await self.base_send({"type": "websocket.accept"})
        try:
            self.room = await switchboard().join(number, self.seat)
        except Request.DoesNotExist:
            await self.base_send({"type": "websocket.close", "code": NOT_FOUND, "reason": "no such request"})

    async def receive(self, frame: dict[str, Any]) -> None:
        if self.room is None:
            return
        with translation.override(self.who.language):
            try:
                if not self.budget.take(asyncio.get_running_loop().time()):
                    raise wire.Malformed("E_TOO_FAST")
                message = wire.read(frame)
            except wire.Malformed as problem:
                await self._complain(problem)
                return
        self.errors = 0
        match message:
            case wire.BidMessage():
                self._bid(self.room, message)
            case wire.FloorMessage() | wire.SealedMessage():
                await self._hidden(self.room, message)
            case wire.PingMessage():
                self._pong(self.room, message)
            case wire.ResumeMessage():
                await self._resume(self.room, message.seq)

    def disconnect(self) -> None:
        if self.room is not None:
            switchboard().leave(self.room, self.seat)
        raise StopConsumer

    def _press(self, message: wire.BidMessage | wire.FloorMessage | wire.SealedMessage) -> Press | None:
        """The message as a press of the one who is here; a stranger is refused at once."""
        if self.who.user is None or self.who.agency is None:
            self._refuse_stranger(message.key)
            return None
        return Press(
            message.key,
            self.who.agency,
            self.who.user,
            message.amount or 0,
            message.confirmed,
            self.who.session,
            self.who.password,
            self.who.language,
        )

    async def _hidden(self, room: Room, message: wire.FloorMessage | wire.SealedMessage) -> None:
        """A hidden price: a transaction of its own, for there is no rush of them."""
        press = self._press(message)
        if press is None:
            return
        verb = send_sealed_price
        if isinstance(message, wire.FloorMessage):
            verb = set_floor if message.amount is not None else withdraw_floor
        try:
            answer = await in_database_thread(verb, room.number, press)
        except Exception as error:
            if not isinstance(error, DatabaseError):
                log.exception("a hidden price for %s failed", room.number)
            with translation.override(self.who.language):
                self.seat.post(wire.error(wire.Malformed("E_BUSY")))
            return
        self.seat.post(wire.answer(answer))

    def _bid(self, room: Room, message: wire.BidMessage) -> None:
        press = self._press(message)
        if press is None:
            return
        try:
            room.submit(press).add_done_callback(self._answer)
        except RoomBusy:
            self.seat.post(wire.error(wire.Malformed("E_BUSY")))

    def _answer(self, future: "asyncio.Future[Answer]") -> None:
        if future.cancelled():
            return
        if future.exception() is None:
            self.seat.post(wire.answer(future.result()))
            return
        # Nobody knows what became of it: the browser sends the same key again, and learns.
        with translation.override(self.who.language):
            self.seat.post(wire.error(wire.Malformed("E_BUSY")))

    def _refuse_stranger(self, key: UUID) -> None:
        with translation.override(self.who.language):
            refusal = NotAnAgency().as_wire()
        now = to_milliseconds(switchboard().now())
        self.seat.post(wire.answer(Answer(key, None, now, refusal)))

    def _pong(self, room: Room, message: wire.PingMessage) -> None:
        self.seat.post(wire.pong(message.t, switchboard().now(), room.seq))
        if message.seq < self.sent_before and self.seat.free:
            # The browser has not even what was sent before its last ping: send again from where it stands.
            self.seat.seq = message.seq
            room.hear_again()
        self.sent_before = self.seat.seq

    async def _resume(self, room: Room, seq: int) -> None:
        if seq > room.seq or seq < room.seq - 2000:
            await switchboard().refresh(room, self.seat)
            return
        self.seat.seq = seq
        room.hear_again()

    async def _complain(self, problem: wire.Malformed) -> None:
        self.errors += 1
        self.seat.post(wire.error(problem))
        if self.errors >= MOST_ERRORS:
            self.seat.gone = True
            await self.base_send({"type": "websocket.close", "code": POLICY, "reason": "malformed messages"})

    def _stalled(self, _seat: Seat) -> None:
        closing = asyncio.ensure_future(self._close_stalled())
        closing.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _close_stalled(self) -> None:
        await asyncio.wait_for(
            self.base_send({"type": "websocket.close", "code": TRY_LATER, "reason": "too slow"}), timeout=5
        )


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A socket to an address that does not exist is refused, quietly."""
    await receive()
    await send({"type": "websocket.close", "code": NOT_FOUND})
