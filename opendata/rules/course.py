"""What the entries so far have left behind that a later release needs: who stands behind labels, roles, numbers of awards. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from opendata.rules.shapes import Facts, organisation, party_id, reference

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One entry of a case file."""

    seq: int
    at: datetime
    kind: str
    data: Data


@dataclass(frozen=True)
class Part:
    """What an entry changes: the tags of its release, and the sections with what is new in them."""

    tags: tuple[str, ...]
    body: dict[str, Any]


@dataclass
class Milestone:
    """A milestone of the contract as it stands; `delivered` is when its newest delivery was made, `status` as OCDS's milestoneStatus."""

    delivered: str = ""
    status: str = "scheduled"


@dataclass
class Course:
    """The state of one case file while its entries are read in order.

    `at` and `release` are the date and the id of the release that is being made.
    """

    facts: Facts
    at: str = ""
    release: str = ""
    notice: str = ""
    method: str = ""
    ceiling: str = ""
    buyer: dict[str, str] = field(default_factory=dict)
    payer: dict[str, str] = field(default_factory=dict)
    item: dict[str, Any] = field(default_factory=dict)
    entrants: set[str] = field(default_factory=set)
    bidders: set[str] = field(default_factory=set)
    priced: set[str] = field(default_factory=set)
    out: set[str] = field(default_factory=set)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=dict)
    awards: int = 0
    winner: dict[str, str] = field(default_factory=dict)
    contract: str = ""
    signed: bool = False
    carried_out: bool = False
    price: str = ""
    milestones: dict[int, Milestone] = field(default_factory=dict)

    @property
    def award(self) -> str:
        """The id of the newest award; "" before the first."""
        return f"{self.facts.number}-A{self.awards}" if self.awards else ""

    @property
    def fixed_price(self) -> bool:
        """Is nothing bid in this selection: is whoever enters a tenderer?"""
        return self.method in ("draw", "credit_draw", "direct")

    def party(self, said: Mapping[str, str], *roles: str) -> dict[str, Any]:
        """The organisation with all the roles it has had so far and these."""
        known = self.roles.setdefault(party_id(said["uscc"]), [])
        known.extend(role for role in roles if role not in known)
        return organisation(said, list(known))

    def parties(self, said: Iterable[tuple[Mapping[str, str], tuple[str, ...]]]) -> list[dict[str, Any]]:
        """Several, each once, in the order in which they were said."""
        found: dict[str, dict[str, Any]] = {}
        for one, roles in said:
            made = self.party(one, *roles)
            found[made["id"]] = made
        return list(found.values())

    def bid(self, label: str, **fields: Any) -> dict[str, Any]:
        """A bid under its label; whose it is stands there once that is public."""
        known = {"tenderers": [reference(self.names[label])]} if label in self.names else {}
        return {"id": label, **known, **fields}

    def implementation(self) -> tuple[str, ...]:
        """The tag of what happens in carrying out the contract: the first time, and later."""
        again, self.carried_out = self.carried_out, True
        return ("implementationUpdate",) if again else ("implementation",)
