"""Database work from the event loop, in a pool of our own threads.

Channels' own helper puts all such work of a process on one thread; here each thread keeps its own connection.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")

_POOL = ThreadPoolExecutor(max_workers=6, thread_name_prefix="database")


async def in_database_thread(work: Callable[..., Result], *args: object) -> Result:
    """Run `work(*args)` in the pool and return its result; a connection that broke is replaced for the next call."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, _with_connection, work, args)


def _with_connection(work: Callable[..., Result], args: tuple[object, ...]) -> Result:
    if connection.errors_occurred:
        connection.errors_occurred = False
        if not connection.is_usable():
            connection.close()
    return work(*args)
