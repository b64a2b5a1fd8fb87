"""Where the story of a request begins."""

from dataclasses import dataclass
from datetime import datetime

from demo.agencies import Player
from demo.dossier import Step
from demo.people import Buyer
from demo.projects import Wanted
from marketplace.models import Request, ServiceItem


@dataclass(frozen=True, slots=True)
class Rigged:
    """An auction agreed on beforehand: each bids once, in the order of the candidates, and the last is to win.

    `first` is the share of the ceiling that the first asks, `gap` how much lower each next one goes.
    """

    first: float
    gap: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a story begins: who asks for what, and who might come. `turnout` is how many are inclined to."""

    number: str
    buyer: Buyer
    wanted: Wanted
    item: ServiceItem
    published_at: datetime
    candidates: list[Player]
    turnout: int
    forerunner: Request | None = None
    # A story for a visitor: this agency wins, and nobody takes this step of the contract.
    favourite: Player | None = None
    stop: Step | None = None
    rigged: Rigged | None = None
