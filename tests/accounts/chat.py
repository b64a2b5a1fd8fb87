"""A chat platform of the test's own: an HTTP server that keeps what bots say and answers as it is told."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG_UP = "hang up"
SILENCE = "silence"


@dataclass
class Chat:
    """What was heard, as (path, body); `answers` come first to last, each (status, JSON) or HANG_UP or SILENCE, then errcode 0."""

    url: str
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    # Set when whoever was kept waiting has gone.
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def texts(self) -> list[str]:
        return [body.get("text", body.get("content", {})).get("content", "") for _path, body in self.heard]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    chat: Chat


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        chat = self.server.chat
        chat.heard.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        answer = chat.answers.pop(0) if chat.answers else (200, {"errcode": 0, "errmsg": "ok"})
        if answer == SILENCE:
            chat.over.wait(30)
        if answer in (HANG_UP, SILENCE):
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, said = answer
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        if status in range(300, 400):
            self.send_header("Location", f"{chat.url}elsewhere/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def chatting() -> Iterator[Chat]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.chat = Chat(f"http://127.0.0.1:{server.server_port}/demo/hooks/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.chat
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
