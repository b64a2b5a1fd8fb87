"""What an indicator is, and what those of all kinds read alike."""

from collections.abc import Iterable
from datetime import datetime

from flags.cardinal import reading
from flags.cardinal.reading import Release
from flags.cardinal.settings import Settings

# (group, id, value): group is OCID, Buyer, ProcuringEntity or Tenderer.
Said = tuple[str, str, float]


class Indicator:
    """One indicator over one file. `see` may say something at once; `conclude` when all has been seen."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def see(self, ocid: str, release: Release) -> Iterable[Said]:
        """Look at one process; nothing by default."""
        del ocid, release
        return ()

    def conclude(self) -> Iterable[Said]:
        """What only the whole file tells; nothing by default."""
        return ()

    def prices_compete(self, release: Release) -> bool:
        """May prices of this process be compared?"""
        return reading.text(release, "tender", "procurementMethodDetails") not in self.settings.without_prices


def moment(said: str | None) -> datetime | None:
    """The moment that a date tells; None for one that is wrong or without its zone."""
    try:
        found = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
