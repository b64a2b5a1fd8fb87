"""The way out: a POST to somebody else's server. HTTPS to public addresses only, no redirect, bounded in time and size.

The name is resolved here and the connection goes to the address that was checked, so no name can lead inside between the
check and the call. In the demo, what is addressed to the platform's own `/demo/hooks/` goes there, and nothing else.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import Refused

LONGEST_URL = 500
_CONNECT_SECONDS = 5.0
_ALL_SECONDS = 15.0
_MOST_BYTES = 64 * 1024
# Translates addresses of the other kind, and so leads anywhere.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Refused):
    """An address to send to is `https://host[:port]/path`, without a name and password, and no inner one."""

    code = "E_ADDRESS_REFUSED"
    basis = ("P12.1",)
    field = "url"
    message = _("地址须以 https:// 开头、指向公网主机，不得含用户名、密码或 # 片段")


class Unreachable(Exception):
    """Nothing was heard. `why` is one word: address, timeout, tls, connection or answer."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Heard:
    """What the server said; at most 64 KB of its body."""

    status: int
    body: bytes


def judge_url(url: str) -> None:
    """Raise AddressRefused for an address that is never called. Its host is looked up at each call."""
    if _is_local(url):
        return
    try:
        parts = urlsplit(url)
        bad_port = parts.port == 0
    except ValueError as error:
        raise AddressRefused() from error
    host = parts.hostname or ""
    named = "." in host and not host.endswith((".localhost", ".local", ".internal"))
    if parts.scheme != "https" or not named or bad_port or parts.username or parts.password or parts.fragment:
        raise AddressRefused()
    if len(url) > LONGEST_URL or not url.isascii() or any(c.isspace() for c in url) or _literal_inside(host):
        raise AddressRefused()


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Heard:
    """Send `body` and hear the answer, whatever its status. Raises AddressRefused or Unreachable. Never in a transaction."""
    judge_url(url)
    parts = urlsplit(url)
    connection = _connection(url, parts)
    timer = threading.Timer(_ALL_SECONDS, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"User-Agent": "intermediary-market", **headers})
        answer = connection.getresponse()
        return Heard(answer.status, answer.read(_MOST_BYTES))
    except ssl.SSLError as error:
        raise Unreachable("tls") from error
    except TimeoutError as error:
        raise Unreachable("timeout") from error
    except http.client.HTTPException as error:
        raise Unreachable("answer") from error
    except OSError as error:
        raise Unreachable("connection") from error
    finally:
        timer.cancel()
        connection.close()


def public_address(host: str, port: int) -> str:
    """One address of the host, all of which are public. Raises Unreachable."""
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Unreachable("address") from error
    if not found or not all(_is_public(address) for address in found):
        raise Unreachable("address")
    return min(found, key=lambda address: (":" in address, address))


class _Pinned(http.client.HTTPSConnection):
    """Speaks to `host`, whose certificate it asks for, at an address that was checked."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(host, port, timeout=_CONNECT_SECONDS, context=self.tls)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), _CONNECT_SECONDS)
        plain.settimeout(_ALL_SECONDS)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)


def _connection(url: str, parts: SplitResult) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port
    if _is_local(url):
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(host, port, timeout=_CONNECT_SECONDS)
    return _Pinned(host, port or 443, public_address(host, port or 443))


def _is_local(url: str) -> bool:
    return settings.DEMO_MODE and url.startswith(f"{settings.SITE_URL}/demo/hooks/")


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in _NAT64 or ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast


def _literal_inside(host: str) -> bool:
    try:
        return not _is_public(host.strip("[]"))
    except ValueError:
        return host.rpartition(".")[2].isdecimal()


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.close()
