"""Who contributes to a draw, and as whom. Each package that has draws says so of its own; the doors are the same for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from accounts.models import Organisation
from draws.models import Draw


@dataclass(frozen=True)
class Party:
    """A contributor: `identity` in entries and in the seed, `label` as pages show it. Neither tells a name too early."""

    identity: str
    label: str


class Source(Protocol):
    """What a package knows of its draws."""

    def party(self, draw: Draw, by: Organisation) -> Party | None:
        """As whom an organisation may contribute to a draw; None for a stranger, and for draws of other packages."""

    def running(self, by: Organisation) -> Iterable[Draw]:
        """The draws not made yet that concern an organisation: those it has to, or may, contribute to or has."""


_sources: list[Source] = []


def known_by(source: Source) -> None:
    """Let a package say who contributes to its draws; called once, when the package is ready."""
    _sources.append(source)


def party_in(draw: Draw, by: Organisation) -> Party | None:
    """As whom an organisation may contribute to a draw; None for a stranger."""
    return next((found for source in _sources if (found := source.party(draw, by))), None)


def running_for(by: Organisation) -> list[Draw]:
    """The draws not made yet that concern an organisation, those that close first before others."""
    found = {draw.pk: draw for source in _sources for draw in source.running(by)}
    return sorted(found.values(), key=lambda draw: (draw.closes_at, draw.name))
