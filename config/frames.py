"""uvicorn's websocket protocol, but the frame of a text that goes to many sockets is made once.

Anything but a text on an open, writable socket takes uvicorn's own way, waiting and closing included. A server's frames
carry no mask, and extensions are off (`ws_per_message_deflate`), so the same bytes are right for every socket.
"""

import struct

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Opcode
from websockets.protocol import OPEN

_FINAL_TEXT = 0x80 | Opcode.TEXT


class SharedFrames(WebSocketsSansIOProtocol):
    """`ws=SharedFrames` in uvicorn's settings."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send `message`; a text equal by identity to the last one anywhere costs only the write."""
        text = message.get("text")
        # An open connection has shaken hands and not said goodbye; what it has to say goes to the transport at once.
        if text is None or self.conn.state is not OPEN or self.disconnected or not self.writable.is_set():
            await super().send(message)
        elif text is _Last.text:
            self.transport.write(_Last.frame)
        else:
            self.transport.write(_frame(str(text)))


class _Last:
    text = ""
    frame = b"\x81\x00"


def _frame(text: str) -> bytes:
    if text is not _Last.text:
        content = text.encode()
        length = len(content)
        if length < 126:
            head = struct.pack("!BB", _FINAL_TEXT, length)
        elif length < 65536:
            head = struct.pack("!BBH", _FINAL_TEXT, 126, length)
        else:
            head = struct.pack("!BBQ", _FINAL_TEXT, 127, length)
        _Last.text, _Last.frame = text, head + content
    return _Last.frame
