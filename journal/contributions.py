"""Contributions to a draw: committed to and put into an envelope before the close, opened after it (R4).

Imports nothing of Django. Whoever opens a contribution, its contributor or the trustees, the same bytes count: with a
choice between two seeds one of five entrants would win .37 of the draws.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import rfc8785

from journal.envelopes import SECRET_BYTES, Envelope, join_fitting, made_of, seal_envelope
from journal.lots import DrawList, commitment, seed, substitute
from journal.unfit import BeaconWrong, ContributorLeftOut, RevealUnfit, StrangerRevealed, VoidUnproven


@dataclass(frozen=True)
class Trustees:
    """Who can open what a silent contributor keeps back, `threshold` of them together: 3 of 5, 2 of 3."""

    keys: tuple[bytes, ...]
    threshold: int


@dataclass(frozen=True)
class Contribution:
    """What the case file has of a contributor before the close."""

    identity: str
    committed: bytes
    envelope: Envelope

    @classmethod
    def of(cls, identity: str, r: bytes, trustees: Trustees) -> Self:
        """An honest contribution of 32 random bytes."""
        committed = commitment(identity, r)
        return cls(identity, committed, seal_envelope(r, trustees.keys, trustees.threshold, context=committed))

    def as_json(self) -> dict[str, Any]:
        """Commitment and envelope in hex."""
        return {
            "commitment": self.committed.hex(),
            "envelope": {
                "ephemeral": self.envelope.ephemeral.hex(),
                "shares": [share.hex() for share in self.envelope.sealed],
            },
        }

    def fits(self, r: bytes) -> bool:
        """Whether these are the bytes committed to."""
        return len(r) == SECRET_BYTES and commitment(self.identity, r) == self.committed

    def counts(self, r: bytes | None, trustees: Trustees) -> bytes:
        """What goes into the seed: the bytes of an honest contribution, and for any other what stands in for them.

        It is the same whoever opens it, so speaking or keeping silent is no choice.
        """
        if r is None or not made_of(self.envelope, r, trustees.keys, trustees.threshold, context=self.committed):
            return substitute(self.identity, self.committed)
        return r


@dataclass(frozen=True)
class Opened:
    """A contribution opened; `r` is None when all trustees' shares together give nothing that fits (None: undecryptable)."""

    r: bytes | None
    forced: bool = False
    shares: Mapping[int, bytes | None] = field(default_factory=dict)

    @classmethod
    def by_force(
        cls, contribution: Contribution, shares: Mapping[int, bytes | None], trustees: Trustees
    ) -> Self | None:
        """What the trustees' shares give, false ones among them or not; None while more of them are needed."""
        have = {number: share for number, share in shares.items() if share is not None}
        r = join_fitting(have, trustees.threshold, contribution.fits)
        if r is None and set(shares) != set(range(1, len(trustees.keys) + 1)):
            return None
        return cls(r, forced=True, shares={} if r else dict(shares))


@dataclass(frozen=True)
class Sealed:
    """What stands before anything is opened: `seal` goes into the case file. `beacon` names a public one of after the close."""

    drawn: DrawList
    trustees: Trustees
    contributions: tuple[Contribution, ...]
    beacon: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "list": self.drawn.as_json(),
            "trustees": {"keys": [one.hex() for one in self.trustees.keys], "threshold": self.trustees.threshold},
            "contributions": [{"id": one.identity, **one.as_json()} for one in self.contributions],
            "beacon_source": self.beacon,
        }

    @property
    def seal(self) -> str:
        """SHA-256 of the canonical form, in hex."""
        return hashlib.sha256(rfc8785.dumps(self.as_json())).hexdigest()

    def seed(self, opened: Mapping[str, Opened], beacon: bytes | None = None) -> bytes:
        """The seed of everything opened; raises DrawBroken unless each contribution is, rightly, and the beacon as promised."""
        known = {one.identity: one for one in self.contributions}
        for name in sorted(set(opened) - set(known)):
            raise StrangerRevealed(f"{name} did not contribute before the close")
        for name in sorted(set(known) - set(opened)):
            raise ContributorLeftOut(f"{name} contributed, but is not among the opened")
        for name, one in sorted(opened.items()):
            self._check_opened(known[name], one)
        if (beacon is None) != (self.beacon is None):
            raise BeaconWrong("the beacon was promised and is missing, or was not promised")
        return seed(
            self.drawn, {name: one.counts(opened[name].r, self.trustees) for name, one in known.items()}, beacon
        )

    def _check_opened(self, contribution: Contribution, opened: Opened) -> None:
        if opened.r is not None:
            if not contribution.fits(opened.r):
                raise RevealUnfit(f"what is opened for {contribution.identity} does not fit its commitment")
            return
        shown = Opened.by_force(contribution, opened.shares, self.trustees)
        if not opened.forced or shown is None or shown.r is not None:
            raise VoidUnproven(f"{contribution.identity} is called void, but the trustees' shares do not say so")
