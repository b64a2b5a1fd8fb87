"""A provider of online payment in memory, whose answers a test chooses, and may hand on late or out of order."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from contracts.providers import Event, Forged, Opened, Order, Rejected, Stage, Standing, Unavailable


def left_of(standing: Standing) -> int:
    """What came in by a payment and did not go back, in fen."""
    kept = standing.received - standing.refunded + standing.unrefunded
    return kept - standing.withdrawn + standing.reinstated


@dataclass
class Purse:
    """`PaymentProvider`: money moves when the test says so, within what a real one would allow."""

    name: str = "stripe"
    label: str = "test"
    origin: str = ""
    orders: dict[str, Order] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    away: bool = False

    def open(self, order: Order) -> Opened:
        self._answer()
        if self.orders.setdefault(order.key, order) != order:
            raise Rejected
        self.standings.setdefault(order.key, Standing(Stage.OPEN))
        return Opened(order.key, f"https://pay.example/{order.key}")

    def find(self, order: Order) -> Opened | None:
        self._answer()
        return Opened(order.key, "https://pay.example/") if order.key in self.orders else None

    def read(self, reference: str) -> Standing:
        self._answer()
        return self.standings[reference]

    def expire(self, reference: str) -> None:
        self._answer()
        self.move(reference, lambda now: replace(now, stage=Stage.EXPIRED) if now.stage is Stage.OPEN else now)

    def refund(self, intent: str, amount: int, key: str) -> None:
        self._answer()
        now = self.standings[intent]
        if amount > left_of(now):
            raise Rejected
        self.standings[intent] = replace(now, refunded=now.refunded + amount)

    def event(self, request: HttpRequest) -> Event:
        raise Forged

    def move(self, reference: str, by: Callable[[Standing], Standing]) -> None:
        self.standings[reference] = by(self.standings[reference])

    @property
    def holds(self) -> int:
        """What came in and did not go back, over all payments."""
        return sum(map(left_of, self.standings.values()))

    def _answer(self) -> None:
        if self.away:
            raise Unavailable
