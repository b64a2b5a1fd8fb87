"""A register of certificates over real HTTP, for tests: what it answers is set by the test."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Register:
    """`answers[(kind, number, holder)]` is a JSON object, or a status and raw bytes; `asked` is what it was asked."""

    url: str = ""
    key: str = "a key"
    answers: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def register() -> Iterator[Register]:
    """One that listens on a port of its own."""
    told = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            _, what, kind, number = (unquote(part) for part in address.path.split("/"))
            holder = parse_qs(address.query).get("holder", [""])[0]
            if self.headers["Authorization"] != f"Bearer {told.key}" or what != "certificates":
                return self.answer(401, b"{}")
            told.asked.append((kind, number, holder))
            given = told.answers.get((kind, number, holder), {"status": "unknown", "source": "测试登记系统"})
            if isinstance(given, tuple):
                return self.answer(*given)
            return self.answer(200, json.dumps(given).encode())

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{told.url}/certificates/a/b")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
