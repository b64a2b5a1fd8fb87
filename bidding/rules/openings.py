"""What sealed opening prices make of an auction's beginning (R5.1). Plain values in, verdict out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Opening:
    """A valid opening price, in fen."""

    label: str
    amount: int


def in_order(
    sealed: Mapping[str, int], opened: Mapping[str, int], standing: Collection[str], ceiling: int
) -> list[Opening]:
    """The openings that stand as prices, the highest first, so that the lowest leads.

    `sealed` is the entry that sealed each: of equal prices the earlier stands, the other is no price that leads or follows.
    Whoever may not take part any more is left out, and so is what the ceiling does not allow.
    """
    earliest: dict[int, str] = {}
    for label in sorted((one for one in opened if one in standing), key=lambda one: (sealed.get(one, 0), one)):
        if 0 < opened[label] <= ceiling:
            earliest.setdefault(opened[label], label)
    return [Opening(label, amount) for amount, label in sorted(earliest.items(), reverse=True)]
