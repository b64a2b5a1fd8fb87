"""Tell this process, and the others, what has just been appended. A hint only: who misses it reads the case file.

Whoever streams a case file (`bidding.rooms`) listens here. `announce` runs after the commit in whatever thread did the
work. With REDIS_URL set, the same bytes travel to the other processes through the channel layer; this module is the only
one that touches it.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

Listener = Callable[[str, int, list[bytes]], None]

_GROUP = "journal"
_lock = threading.Lock()
_listeners: list[tuple[asyncio.AbstractEventLoop, Listener]] = []
_bridge: "Bridge | None" = None


def listen(listener: Listener) -> Callable[[], None]:
    """Call `listener(case, first_seq, lines)` in the running loop for each announcement; returns how to stop."""
    entry = (asyncio.get_running_loop(), listener)
    with _lock:
        _listeners.append(entry)

    def stop() -> None:
        with _lock, contextlib.suppress(ValueError):
            _listeners.remove(entry)

    return stop


def announce(case: str, first_seq: int, lines: list[bytes]) -> None:
    """Tell the listeners of this process, and the other processes, of new entries as they go over the wire."""
    tell_here(case, first_seq, lines)
    layer = get_channel_layer()
    if layer is None:
        return
    message = {"type": "journal.entries", "case": case, "seq": first_seq, "lines": lines}
    if _bridge is not None:
        _bridge.send(message)
    else:
        async_to_sync(layer.group_send)(_GROUP, message)


def tell_here(case: str, first_seq: int, lines: list[bytes]) -> None:
    """Tell the listeners of this process only."""
    with _lock:
        listeners = list(_listeners)
    for loop, listener in listeners:
        with contextlib.suppress(RuntimeError):  # that loop has closed
            loop.call_soon_threadsafe(listener, case, first_seq, lines)


class Bridge:
    """One subscription per process to what the other processes announce."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Receive for as long as the process lives; a lost connection is tried again."""
        global _bridge  # noqa: PLW0603 (one per process, by design)
        if self._layer is None:
            return
        _bridge = self
        while True:
            try:
                self._channel = await self._layer.new_channel()
                await self._layer.group_add(_GROUP, self._channel)
                while True:
                    message = await self._layer.receive(self._channel)
                    if message.get("from") != self._channel:
                        tell_here(message["case"], message["seq"], message["lines"])
            except asyncio.CancelledError:
                raise
            except Exception:
                log.warning("the channel layer is away; rooms read the case file until it is back", exc_info=True)
                await asyncio.sleep(1)

    def send(self, message: dict[str, Any]) -> None:
        """Send from any thread without waiting."""
        self._loop.call_soon_threadsafe(self._start, {**message, "from": self._channel})

    def _start(self, message: dict[str, Any]) -> None:
        task = self._loop.create_task(self._send(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            await self._layer.group_send(_GROUP, message)
        except Exception:
            log.warning("could not tell the other processes of %s#%s", message["case"], message["seq"], exc_info=True)
