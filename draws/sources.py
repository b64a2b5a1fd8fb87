"""What trustees are asked to open: contributions to draws, and whatever the packages above have sealed for them.

A package above registers a `Source` when it is ready; the trustees' page and the demo's trustees serve all of them alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from draws import rules
from draws.queries import shut_for, waiting_for
from draws.trusteeship import open_by_force
from journal.envelopes import EnvelopeUnfit, open_share
from journal.stages import REVEAL_FOR


@dataclass(frozen=True)
class Waiting:
    """Envelopes that belong together and wait for a trustee. `shut`: `{"identity","commitment","envelope"}` each, as JSON.

    They may be opened from `from_at`; later than `due_at` it is late.
    """

    source: str
    name: str
    title: str
    what: Any
    from_at: datetime
    due_at: datetime
    keys: tuple[str, ...]
    threshold: int
    shut: tuple[dict[str, Any], ...]
    page: str = ""

    @property
    def ref(self) -> str:
        """What pages and answers call it."""
        return f"{self.source}:{self.name}"

    def as_terms(self) -> dict[str, Any]:
        """What the trustee's browser needs."""
        return {"ref": self.ref, "keys": self.keys, "threshold": self.threshold, "shut": self.shut}

    def shares(self, private: bytes) -> dict[str, bytes | None]:
        """What a trustee's own device computes of it: None where nothing can be decrypted."""
        return {one["identity"]: self._share(one, private) for one in self.shut}

    def _share(self, one: Mapping[str, Any], private: bytes) -> bytes | None:
        committed = bytes.fromhex(one["commitment"])
        envelope = rules.as_contribution(one["identity"], committed, one["envelope"]).envelope
        try:
            keys = [bytes.fromhex(key) for key in self.keys]
            return open_share(envelope, private, keys, self.threshold, context=committed)[1]
        except EnvelopeUnfit:
            return None


class Source(Protocol):
    """Something that seals for trustees."""

    name: str

    def waiting_for(self, key: bytes) -> Iterable[Waiting]:
        """What waits for the trustee with this public key, also what may not be opened yet."""

    def give(self, key: bytes, name: str, shares: Mapping[str, bytes | None]) -> int:
        """Take the trustee's shares by identity; returns how many counted. Raises Http404 or Refused."""


class Contributions:
    """What contributors to draws kept back (R4)."""

    name = "draws"

    def waiting_for(self, key: bytes) -> Iterable[Waiting]:
        """Sealed draws opened with this trustee's key, from ten minutes after the seal."""
        for draw in waiting_for(key):
            assert draw.sealed_at is not None
            yield Waiting(
                source=self.name,
                name=draw.name,
                title=draw.title,
                what=_("保管人开启随机数"),
                from_at=draw.sealed_at + REVEAL_FOR,
                due_at=draw.sealed_at + 2 * REVEAL_FOR,
                keys=tuple(draw.trustees["keys"]),
                threshold=draw.threshold,
                shut=tuple(shut_for(draw, key)),
            )

    def give(self, key: bytes, name: str, shares: Mapping[str, bytes | None]) -> int:
        """A trustee's shares of the contributions to the draw `name`."""
        return open_by_force(key, name, shares)


_SOURCES: dict[str, Source] = {}


def asked_by(source: Source) -> None:
    """From now on trustees are asked by this source too."""
    _SOURCES[source.name] = source


def everything_for(key: bytes) -> list[Waiting]:
    """Whatever waits for this trustee, what is due first ahead."""
    return sorted((one for source in _SOURCES.values() for one in source.waiting_for(key)), key=lambda one: one.from_at)


def give(key: bytes, ref: str, shares: Mapping[str, bytes | None]) -> int:
    """Hand a trustee's shares to whoever asked for them; raises Http404, or what the source raises."""
    source, _colon, name = ref.partition(":")
    if source not in _SOURCES:
        raise Http404(ref)
    return _SOURCES[source].give(key, name, shares)


asked_by(Contributions())
