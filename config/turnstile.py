"""Let only so many pages be made at once: each holds a thread and a database connection while it lasts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

AT_ONCE = 24

Application = Callable[[Any, Any, Any], Awaitable[None]]


class Turnstile:
    """ASGI middleware: the rest wait their turn, in order, instead of exhausting the database."""

    def __init__(self, application: Application, at_once: int = AT_ONCE) -> None:
        self._application = application
        self._places = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with self._places:
            await self._application(scope, receive, send)
