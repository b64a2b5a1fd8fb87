"""Selection methods (R3): one strategy object each, with one face, found by the enum."""

from typing import Protocol, assert_never

from django.utils.translation import gettext_lazy as _

from bidding.methods.credit_draw import CreditDraw
from bidding.methods.direct import Direct
from bidding.methods.draw import Draw
from bidding.methods.live import Live
from bidding.methods.sealed import Sealed
from core.errors import Refused
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


class MethodNotOffered(Refused):
    """This release cannot run the method yet."""

    code = "E_METHOD_NOT_OFFERED"
    message = _("“%(method)s”尚未开放")
    basis = ("R3",)
    fix = _("选择网上竞价或密封报价")
    field = "method"


def strategy_for(method: Method) -> Strategy:
    """The strategy of a method; raises MethodNotOffered for those that come later."""
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
        case Method.AVERAGE | Method.MERIT:
            raise MethodNotOffered(method=str(method.label))
        case _:
            assert_never(method)
