"""One watcher's socket in a room: knows its number, never makes the room wait."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from types import CoroutineType
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]

PATIENCE = 10.0  # seconds a socket may take no byte before it is closed
LONGEST_QUEUE = 64  # personal answers waiting on a blocked socket


class Seat:
    """A socket and the number of the last entry sent to it.

    A send is started at once and gets a task of its own only if the transport blocks. While one is blocked nothing more
    is queued but personal answers: what the seat misses it is sent later, from its own number on.
    """

    __slots__ = (
        "_blocked",
        "_send",
        "_waiting",
        "blocked_since",
        "gone",
        "language",
        "refilling",
        "seq",
        "stalled",
        "who",
    )

    def __init__(self, send: Send, who: Any = None, language: str = "zh-hans") -> None:
        self._send = send
        self._blocked: asyncio.Task[None] | None = None
        self._waiting: deque[str] = deque()
        self.who = who
        self.language = language
        self.seq = 0
        self.blocked_since: float | None = None
        self.gone = False
        self.refilling = False
        self.stalled: Callable[[Seat], None] | None = None

    @property
    def free(self) -> bool:
        """Can it take a frame now?"""
        return self._blocked is None and not self.gone

    def post(self, text: str) -> None:
        """Send a personal message now, or after the one that is stuck; too many waiting mark the seat as gone."""
        if self.gone:
            return
        if self._blocked is None:
            self.start(text)
        elif len(self._waiting) < LONGEST_QUEUE:
            self._waiting.append(text)
        else:
            self.give_up()

    def start(self, text: str) -> None:
        """Start sending `text`; only for a seat that is free."""
        sending = self._send({"type": "websocket.send", "text": text})
        # By its exact type: asking the abstract class costs more than the rest of this method.
        step: Any = sending if type(sending) is CoroutineType else _awaited(sending)
        try:
            wait = step.send(None)
        except StopIteration:
            return
        except Exception:
            self.gone = True
            return
        loop = asyncio.get_running_loop()
        self.blocked_since = loop.time()
        self._blocked = loop.create_task(self._finish(_Rest(step, wait)))

    def give_up(self) -> None:
        """Stop waiting for a socket that takes nothing; its consumer closes it."""
        self.gone = True
        if self._blocked is not None:
            self._blocked.cancel()
        if self.stalled is not None:
            self.stalled(self)

    def impatient(self, now: float) -> bool:
        """Has it been blocked for longer than patience lasts?"""
        return self.blocked_since is not None and now - self.blocked_since > PATIENCE

    async def _finish(self, rest: "_Rest") -> None:
        try:
            await rest
            while self._waiting:
                await self._send({"type": "websocket.send", "text": self._waiting.popleft()})
                self.blocked_since = asyncio.get_running_loop().time()
        except asyncio.CancelledError:
            self.gone = True
        except Exception:
            self.gone = True
        finally:
            self._blocked = None
            self.blocked_since = None


async def _awaited(sending: Awaitable[None]) -> None:
    """Some servers hand out awaitables of their own, which cannot be started by hand."""
    await sending


class _Rest:
    """What is left of a coroutine that was started by hand and has yielded its first future."""

    __slots__ = ("_first", "_step")

    def __init__(self, step: Any, first: Any) -> None:
        self._step, self._first = step, first

    def __await__(self) -> Generator[Any, Any, None]:
        wait = self._first
        try:
            while True:
                try:
                    sent = yield wait
                except BaseException as error:
                    wait = self._step.throw(error)
                else:
                    wait = self._step.send(sent)
        except StopIteration:
            return
