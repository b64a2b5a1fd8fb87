"""A websocket client that costs next to nothing, so that what is measured is the server.

It reads whole frames out of the stream, hands each text to `heard` as a slice, and masks with a key of zeros.
"""

import asyncio
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

# (bytes received, where the text begins, where it ends)
Heard = Callable[[bytes, int, int], None]

_TEXT, _CLOSE, _PING = 1, 8, 9


class Line(asyncio.Protocol):
    """One socket; `opened` is done when the handshake is."""

    def __init__(self, request: bytes, heard: Heard) -> None:
        self._request, self._heard = request, heard
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def say(self, text: bytes) -> None:
        """Send a text of at most 64 KB."""
        self._send(_TEXT, text)

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, _exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the server hung up during the handshake"))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at = 0 if self.opened.done() else self._read_handshake(data)
        self._rest = data[self._read_frames(data, at) :] if at >= 0 else data

    def _read_handshake(self, data: bytes) -> int:
        """Where the frames begin; -1 while the answer is incomplete."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return -1
        if data.startswith(b"HTTP/1.1 101"):
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionError(data[:end].decode("latin-1")))
        return end + 4

    def _read_frames(self, data: bytes, at: int) -> int:
        """Hand out the whole frames in `data` from `at`; returns where the incomplete one begins."""
        while len(data) - at >= 2:
            length, begin = data[at + 1] & 127, at + 2
            if length == 126:
                length, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if begin + length > len(data):
                break
            self._hear(data[at] & 15, data, begin, begin + length)
            at = begin + length
        return at

    def _hear(self, opcode: int, data: bytes, begin: int, end: int) -> None:
        if opcode == _TEXT:
            self._heard(data, begin, end)
        elif opcode == _PING:
            self._send(10, data[begin:end])
        elif opcode == _CLOSE:
            self.hang_up()

    def _send(self, opcode: int, content: bytes) -> None:
        length = len(content)
        head = (
            bytes((0x80 | opcode, 0x80 | length))
            if length < 126
            else bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2, "big")
        )
        if self._transport is not None and not self.closed:
            self._transport.write(head + b"\0\0\0\0" + content)


async def dial(url: str, heard: Heard, *, session: str = "") -> Line:
    """Open a socket to a `ws://` address, with the Origin of its own host and, if given, a session's cookie."""
    place = urlsplit(url)
    cookie = f"Cookie: sessionid={session}\r\n" if session else ""
    request = (
        f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: http://{place.netloc}\r\n{cookie}"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    _transport, line = await loop.create_connection(
        lambda: Line(request.encode(), heard), place.hostname or "", place.port or 80
    )
    await line.opened
    return line


async def dial_many(url: str, heards: list[Heard], *, at_once: int = 50) -> list[Line]:
    """Open many sockets, `at_once` at a time."""
    lines: list[Line] = []
    for start in range(0, len(heards), at_once):
        lines += await asyncio.gather(*(dial(url, heard) for heard in heards[start : start + at_once]))
    return lines
