"""The one place that speaks HTTP to a chat platform: a POST with timeouts, no redirects, a short answer."""

import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.channels.payloads import Post

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
_LONGEST_ANSWER = 64 * 1024


class NobodyThere(Exception):
    """No connection was made: surely nothing was sent."""


class NoAnswer(Exception):
    """It was sent, or in part, and no answer came: nobody knows whether it arrived."""


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    body: bytes


def send(post: Post) -> Answer:
    """POST it. Raises NobodyThere or NoAnswer. May take fifteen seconds: never inside a transaction."""
    parts = urlsplit(post.address)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.connect()
    except (OSError, ValueError) as trouble:
        connection.close()
        raise NobodyThere(type(trouble).__name__) from None
    try:
        assert connection.sock is not None
        connection.sock.settimeout(ANSWER_SECONDS)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, post.body, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(_LONGEST_ANSWER))
    except (OSError, http.client.HTTPException) as trouble:
        raise NoAnswer(type(trouble).__name__) from None
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
