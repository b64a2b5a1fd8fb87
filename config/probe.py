"""Asks a server whether it is ready to serve."""

import http.client

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (asked, not bound)


def reachable(host: str) -> str:
    """The address at which a server bound to `host` answers on this machine."""
    return _EVERYWHERE.get(host, host)


def is_ready(host: str, port: int) -> bool:
    """Does `/readyz` answer 200?"""
    asked = http.client.HTTPConnection(reachable(host), port, timeout=2)
    try:
        # Behind https the platform would send us there instead of answering.
        asked.request("GET", "/readyz", headers={"X-Forwarded-Proto": "https"})
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
