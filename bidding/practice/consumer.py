"""The socket's door to a practice session: the same messages as in a live room, and nobody needs to sign in."""

import asyncio
import contextlib
from typing import Any

from django.conf import settings
from django.utils import translation

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from bidding.consumers import MOST_ERRORS, POLICY, TRY_LATER
from bidding.practice.hall import HallFull, hall, now
from bidding.practice.session import Session
from bidding.rooms import wire
from bidding.rooms.visitors import language_of
from core.sockets import TokenBucket, same_origin


class PracticeConsumer(AsyncConsumer):
    """One visitor and three bots."""

    channel_layer_alias = "none"
    session: Session | None = None
    clock: "asyncio.Task[None] | None" = None
    sent = 0
    errors = 0

    async def dispatch(self, message: dict[str, Any]) -> None:
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
        rate, burst = settings.SOCKET_BUDGET
        self.budget = TokenBucket(rate, burst, asyncio.get_running_loop().time())
        self.language = language_of(headers.get(b"cookie", ""))
        await self.base_send({"type": "websocket.accept"})
        try:
            self.session = hall.enter(self.scope["url_route"]["kwargs"]["name"])
        except HallFull:
            await self.base_send({"type": "websocket.close", "code": TRY_LATER, "reason": "full"})
            return
        await self._tell_state(self.session)
        self.clock = asyncio.get_running_loop().create_task(self._run(self.session))

    async def receive(self, frame: dict[str, Any]) -> None:
        if self.session is None:
            return
        with translation.override(self.language):
            try:
                if not self.budget.take(asyncio.get_running_loop().time()):
                    raise wire.Malformed("E_TOO_FAST")
                await self._take(self.session, wire.read(frame))
            except wire.Malformed as problem:
                await self._complain(problem)
            else:
                self.errors = 0

    def disconnect(self) -> None:
        if self.clock is not None:
            self.clock.cancel()
        raise StopConsumer

    async def _take(self, session: Session, message: wire.Message) -> None:
        match message:
            case wire.BidMessage():
                answer = session.press(message, now())
                await self._text(wire.answer(answer))
            case wire.ResumeMessage():
                self.sent = min(message.seq, session.seq)
            case wire.PingMessage():
                await self._text(wire.pong(message.t, now(), session.seq))
        await self._tell_news(session)

    async def _run(self, session: Session) -> None:
        """The session's clock while somebody is there. It ends with the auction, or with the socket."""
        with contextlib.suppress(asyncio.CancelledError), translation.override(self.language):
            while (due := session.due_at) is not None:
                await asyncio.sleep(max(0.02, (due - now()).total_seconds()))
                session.advance(now())
                await self._tell_news(session)

    async def _tell_state(self, session: Session) -> None:
        session.advance(now())
        self.sent = session.seq
        await self._text(wire.state(session.public_state(now()), session.your_state(), now(), 1))

    async def _tell_news(self, session: Session) -> None:
        lines = session.lines_after(self.sent)
        if lines:
            self.sent = session.seq
            await self._text(wire.entries(lines))

    async def _complain(self, problem: wire.Malformed) -> None:
        self.errors += 1
        await self._text(wire.error(problem))
        if self.errors >= MOST_ERRORS:
            await self.base_send({"type": "websocket.close", "code": POLICY, "reason": "malformed messages"})

    async def _text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})
