"""The register over HTTP. The one in use is chosen when the platform starts: the configured one, or the demo's own."""

import json
from urllib.parse import quote

from django.conf import settings

import requests

from agencies.certificates.answers import Answer, Question, Register, Unavailable, read

_TIMEOUTS = (3.05, 5.0)  # seconds: to connect, to answer
_LARGEST = 64 * 1024
_in_use: list[Register] = []


class HttpRegister:
    """`GET {url}/certificates/{kind}/{number}?holder={uscc}`, with the key as a bearer token."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url.rstrip("/"), key

    def ask(self, question: Question) -> Answer:
        address = f"{self._url}/certificates/{quote(question.kind, safe='')}/{quote(question.number, safe='')}"
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        try:
            # Where the answer comes from is part of it: no redirect is followed.
            with requests.get(
                address,
                params={"holder": question.holder},
                headers=headers,
                timeout=_TIMEOUTS,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise Unavailable(f"status {response.status_code}")
                body = response.raw.read(_LARGEST + 1, decode_content=True)
                if len(body) > _LARGEST:
                    raise Unavailable("an answer of more than 64 KiB")
                told = json.loads(body)
        except (requests.RequestException, ValueError, OSError) as trouble:
            raise Unavailable(str(trouble)) from trouble
        if not isinstance(told, dict):
            raise Unavailable("not an object")
        return read(told)


def use(register: Register) -> None:
    """Look certificates up there from now on."""
    _in_use[:] = [register]


def in_use() -> Register | None:
    """The register; None where there is none, and then nothing is looked up or shown."""
    if settings.ENV.certificates_url:
        return HttpRegister(settings.ENV.certificates_url, settings.ENV.certificates_key)
    return _in_use[0] if _in_use else None
