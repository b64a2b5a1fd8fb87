"""Quality Q from sums of what ratings weigh, so that one more rating costs no more after ten thousand than after ten.

Time shrinks all weights alike, so it can be taken out of the sums: they are kept as of a fixed day, 2^((at - EPOCH) / half-life)
for the decay. A rating changes the rank of none but its own group's, and the cap can bind no more than four groups, the
largest. Q of the sums is Q of `quality`, but for digits far behind those that are published; tests hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from ratings.rules.quality import RatingFact, believed, days, in_time, lower_bound, ranks, value_factor
from ratings.rulesets import QualityRules

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
# Of a sum: what is beyond can be seen in no published number, however long ago the epoch is.
PLACES = 30
_LAST = Decimal(1).scaleb(-PLACES)
_DIGITS = Context(prec=60, rounding=ROUND_HALF_EVEN)
_ZERO, _ONE, _TWO = Decimal(0), Decimal(1), Decimal(2)


@dataclass(frozen=True)
class Sums:
    """Σw before the cap and Σwx, as of EPOCH; and how many ratings that count there are of each item."""

    raw: Decimal = _ZERO
    praised: Decimal = _ZERO
    items: Mapping[str, int] = field(default_factory=dict)

    def changed(self, before: "Sums", after: "Sums") -> "Sums":
        """With the sums of one part replaced; exact, as all have the same places."""
        with localcontext(_DIGITS):
            items = {
                item: self.items.get(item, 0) - before.items.get(item, 0) + after.items.get(item, 0)
                for item in {*self.items, *after.items}
            }
            return Sums(
                self.raw - before.raw + after.raw,
                self.praised - before.praised + after.praised,
                {item: times for item, times in sorted(items.items()) if times},
            )


def sums_of_group(facts: Iterable[RatingFact], numbers: QualityRules) -> Sums:
    """What the ratings of one group of buyers weigh together."""
    with localcontext(_DIGITS):
        ordered = in_time(facts)
        factors = [value_factor(fact, numbers) for fact in ordered]
        raw, praised, items = _ZERO, _ZERO, dict[str, int]()
        for fact, factor, rank in zip(ordered, factors, ranks(ordered, factors, numbers), strict=True):
            if fact.relation <= 0:
                continue
            decay = _TWO ** (days(fact.at - EPOCH) / numbers.half_life_days)
            weight = decay * factor * fact.relation / rank
            raw += weight
            praised += weight * fact.x
            items[fact.item] = items.get(fact.item, 0) + 1
        return Sums(raw.quantize(_LAST), praised.quantize(_LAST), items)


def groups_capped_at_most(numbers: QualityRules) -> int:
    """More groups than this cannot be above the cap at once: their shares of Σw would be more than all of it."""
    return int(_ONE / numbers.group_share)


def quality_of_sums(
    whole: Sums, largest: Sequence[Sums], now: datetime, prior: Decimal, numbers: QualityRules
) -> tuple[Decimal, Decimal]:
    """Q and Σw after the cap at `now`, of all ratings' sums and those of the largest groups, `groups_capped_at_most` of them."""
    with localcontext(_DIGITS):
        shrunk = _ONE / _TWO ** (days(now - EPOCH) / numbers.half_life_days)
        weight, praised = whole.raw * shrunk, whole.praised * shrunk
        most = numbers.group_share * (numbers.prior + weight)
        for group in largest:
            raw = group.raw * shrunk
            if raw > most:
                weight -= raw - most
                praised -= group.praised * shrunk * (_ONE - most / raw)
        p0 = believed(prior, numbers)
        alpha = numbers.prior * p0 + praised
        beta = numbers.prior * (_ONE - p0) + weight - praised
        mean, doubt = lower_bound(alpha, beta)
        return mean - doubt, weight


def effects(
    facts: Sequence[RatingFact], of: Iterable[str], now: datetime, prior: Decimal, numbers: QualityRules
) -> dict[str, Decimal]:
    """What some of the ratings, by their keys, do to Q: Q with it less Q without it, only its own group summed anew."""
    members: dict[str, list[RatingFact]] = {}
    for fact in facts:
        members.setdefault(fact.group, []).append(fact)
    groups = {name: sums_of_group(ratings, numbers) for name, ratings in members.items()}
    whole = Sums()
    for sums in groups.values():
        whole = whole.changed(Sums(), sums)
    most = groups_capped_at_most(numbers)
    largest = sorted(groups, key=lambda name: groups[name].raw, reverse=True)[: most + 1]
    q, _weight = quality_of_sums(whole, [groups[name] for name in largest], now, prior, numbers)
    wanted, found = set(of), {}
    for fact in facts:
        if fact.key in wanted:
            left = sums_of_group((one for one in members[fact.group] if one.key != fact.key), numbers)
            others = [groups[name] for name in largest if name != fact.group]
            rest = whole.changed(groups[fact.group], left)
            found[fact.key] = q - quality_of_sums(rest, [left, *others], now, prior, numbers)[0]
    return found
