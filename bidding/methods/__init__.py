"""Selection methods (R3): one strategy object each, with one face, found by the enum."""

from typing import Protocol, assert_never

from bidding.methods.average import Average
from bidding.methods.credit_draw import CreditDraw
from bidding.methods.direct import Direct
from bidding.methods.draw import Draw
from bidding.methods.live import Live
from bidding.methods.merit import Merit
from bidding.methods.sealed import Sealed
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.models import Method
from marketplace.rulesets import RuleSet


class Strategy(Protocol):
    """What every selection method can do. All of it is pure: rule set and case file in, verdict out (I8)."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Raise Refused unless R3 lets this buyer use the method for this ceiling (fen)."""

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The outcome that follows from the entries of the case file."""

    def explain(self, outcome: Outcome) -> list[str]:
        """The outcome in the reader's words, rule by rule."""

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        """`(at, label, fen)` of every price in order, for the replay."""


def strategy_for(method: Method) -> Strategy:
    """The strategy of a method."""
    match method:
        case Method.LIVE:
            return Live()
        case Method.SEALED:
            return Sealed()
        case Method.DRAW:
            return Draw()
        case Method.CREDIT_DRAW:
            return CreditDraw()
        case Method.DIRECT:
            return Direct()
        case Method.AVERAGE:
            return Average()
        case Method.MERIT:
            return Merit()
        case _:
            assert_never(method)
