"""The floor of the fan-out: a bare `websockets` broadcast, no framework. `python -m bench.bare PORT`."""

import asyncio
import sys
from contextlib import suppress

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

_listeners: set[ServerConnection] = set()


async def listen(connection: ServerConnection) -> None:
    """Pass on what anybody says to everybody."""
    _listeners.add(connection)
    try:
        with suppress(ConnectionClosed):
            async for message in connection:
                broadcast(_listeners, message)
    finally:
        _listeners.discard(connection)


async def main(port: int) -> None:
    async with serve(listen, "127.0.0.1", port, compression=None, backlog=2048):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
