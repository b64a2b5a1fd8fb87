"""Sockets' shared manners: exact origins and a budget for each."""

from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def same_origin(given: str | None, allowed: list[str]) -> bool:
    """Is the Origin header exactly one of `allowed` (scheme, host and port)? Malformed or missing ones are not."""
    origin = _origin(given or "")
    return origin is not None and origin in [_origin(one) for one in allowed]


def _origin(text: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(text)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    plain = not any(sign in text for sign in "@?#\\") and parts.path in ("", "/")
    if parts.scheme not in _PORTS or not parts.hostname or port is None or not plain:
        return None
    return parts.scheme, parts.hostname, port


class TokenBucket:
    """Allows `burst` at once and `rate` per second after that. Times are seconds of one monotonic clock."""

    __slots__ = ("_at", "_left", "burst", "rate")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self.rate, self.burst = rate, burst
        self._left, self._at = float(burst), now

    def take(self, now: float) -> bool:
        """Spend one; False when there is none."""
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
