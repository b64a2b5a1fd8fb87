"""Every rule of R10, by its code. Pure: rows in, findings out."""

from collections.abc import Iterator, Mapping

from flags.rows import Window
from flags.rules.base import COLUMNS, About, Found, Rule, Scope, Text, Value
from flags.rules.buyers import Concentrated, Loyalty, OftenExcludes, Splitting
from flags.rules.contracts import ManyChanges, NoCompetition, RaisedTwice, TooQuick
from flags.rules.departments import PassesOne, Steering
from flags.rules.marks import Burst, OneNote, Pressed, Ring
from flags.rules.meetings import Companions, NeverPriced, RarelyWins, Rotation
from flags.rules.requests import (
    AllOthersExcluded,
    HighCeiling,
    LateWinner,
    LowestExcluded,
    ShortNotice,
    SingleBidder,
    Tailored,
)
from flags.rules.screens import Apart, Coalition, Gap, Lopsided, LowVariation, SamePrice
from flags.rules.traces import OnlyEachOther, SameHand, Signals
from flags.rulesets import FlagRules

__all__ = ["COLUMNS", "RULES", "About", "Found", "Rule", "Scope", "Text", "Value", "look"]

_ALL: tuple[type[Rule], ...] = (
    LowVariation,
    Apart,
    Lopsided,
    Gap,
    SamePrice,
    Companions,
    Rotation,
    RarelyWins,
    NeverPriced,
    Coalition,
    SameHand,
    Signals,
    OnlyEachOther,
    SingleBidder,
    ShortNotice,
    AllOthersExcluded,
    LowestExcluded,
    OftenExcludes,
    LateWinner,
    Splitting,
    Tailored,
    Loyalty,
    Concentrated,
    HighCeiling,
    Steering,
    PassesOne,
    ManyChanges,
    RaisedTwice,
    TooQuick,
    NoCompetition,
    Ring,
    Burst,
    OneNote,
    Pressed,
)
RULES: Mapping[str, Rule] = {kind.code: kind() for kind in _ALL}


def look(window: Window, scope: Scope, numbers: FlagRules) -> Iterator[tuple[Rule, Found]]:
    """What all rules of that scope find in the window."""
    for rule in RULES.values():
        if rule.scope == scope:
            for found in rule.find(window, numbers.of(rule.row)):
                yield rule, found
