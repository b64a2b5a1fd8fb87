"""Case files made up for tests of awards: entries numbered, draws held as they should be."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from journal.awards.outcome import CaseEntry
from journal.contributions import Contribution, Opened, Sealed, Trustees
from journal.envelopes import public_key
from journal.lots import DrawList, Entry, order

Kind = tuple[str, dict[str, Any]]
TRUSTEES = Trustees(tuple(public_key(bytes([n]) * 32) for n in (1, 2, 3)), 2)


def case(*drafts: Kind) -> list[CaseEntry]:
    """The entries of a case file, numbered from one."""
    return [CaseEntry(n, "2026-12-01T00:00:00.000Z", kind, data) for n, (kind, data) in enumerate(drafts, 1)]


class HeldDraw:
    """A draw by buyer, platform and regulator: what stands in the case file at its opening, its seal and its end."""

    def __init__(self, name: str, tickets: Mapping[str, int], luck: int = 0, compulsory: Sequence[str] = ()) -> None:
        self.name = name
        parties = ("buyer", "platform", "regulator")
        self._nonces = {one: hashlib.sha256(f"{one} {luck}".encode()).digest() for one in parties}
        self._made = {one: Contribution.of(one, r, TRUSTEES) for one, r in self._nonces.items()}
        self._list = DrawList.of([Entry(one, n) for one, n in tickets.items()], {}, f"2026-12; {name}")
        self._sealed = Sealed(self._list, TRUSTEES, tuple(self._made[one] for one in sorted(self._made)))
        self._compulsory = sorted(compulsory or parties)

    @property
    def seed(self) -> bytes:
        return self._sealed.seed({one: Opened(r) for one, r in self._nonces.items()})

    @property
    def order(self) -> list[str]:
        return order(self.seed, self._list.entries)

    def opening(self) -> list[Kind]:
        trustees = {"keys": [key.hex() for key in TRUSTEES.keys], "threshold": TRUSTEES.threshold}
        given = [
            ("draw.contributed", {"draw": self.name, "by": one, **made.as_json()}) for one, made in self._made.items()
        ]
        return [("draw.opened", {"draw": self.name, "trustees": trustees, "compulsory": self._compulsory}), *given]

    def sealing(self) -> list[Kind]:
        return [("draw.sealed", {"draw": self.name, "list": self._list.as_json(), "seal": self._sealed.seal})]

    def making(self) -> list[Kind]:
        opened = [
            ("draw.revealed", {"draw": self.name, "of": one, "nonce": r.hex(), "by": "contributor"})
            for one, r in self._nonces.items()
        ]
        return [*opened, ("draw.drawn", {"draw": self.name, "seed": self.seed.hex(), "order": self.order})]


def notice(**changes: Any) -> Kind:
    buyer = {"name": "陇中供水有限公司", "uscc": "x", "kind": "enterprise"}
    return "request.published", {"ceiling": "100000.00", "public_funds": False, "buyer": buyer, **changes}


def opened(prices: Mapping[str, int]) -> Kind:
    """Prices in fen, all of them valid."""
    said = [
        {"label": label, "amount": f"{fen // 100}.{fen % 100:02d}", "nonce": None, "by": "bidder", "void": None}
        for label, fen in sorted(prices.items())
    ]
    return "offers.opened", {"offers": said}
