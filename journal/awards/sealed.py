"""密封报价 (R3, R6): the lowest price within the ceiling; equal ones are drawn. Imports nothing of Django."""

from collections.abc import Mapping
from typing import Any

from journal.awards.outcome import CaseEntry, Outcome
from journal.awards.prices import outcome, valid_prices, void_offers


def decide(entries: list[CaseEntry], _numbers: Mapping[str, Any]) -> Outcome:
    """The lowest valid price wins at itself; void and barred offers count for nothing.

    Where several are the lowest, `tied` names them until `draw.drawn` of a draw `<number>-T…` puts them in order.
    """
    prices = valid_prices(entries)
    return outcome(entries, prices, {label: (amount,) for label, amount in prices.items()}, void=void_offers(entries))
