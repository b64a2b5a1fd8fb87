"""`python -m bench.credit_attacks`: quality Q under attack, beside what others make of the same ratings (docs/credit.md)."""

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.credit_measures import MEASURES, Measure, Order, plain_quality
from bench.credit_scenarios import NOW, ORDER_CASES, SCENARIOS, Facts, Scenario, scenario
from ratings.rules.quality import quality
from ratings.rules.score import judge
from ratings.rulesets import CreditRules, QualityRules, credit_rules

_RULES = credit_rules()
# The formula without one of its factors, said in its own numbers.
_LEFT_OUT: dict[str, dict[str, Decimal]] = {
    "age": {"half_life_days": Decimal(10**9)},
    "value": {"value_least": Decimal(1), "value_most": Decimal(1)},
    "rank": {"rank_window_days": Decimal(0)},
    "cap": {"group_share": Decimal(10**9)},
}
_TELLING = (
    "one friend: 50 tiny contracts",
    "ring of ten: 9 × 5 tiny contracts",
    "rival: 10 tiny one-star jobs",
    "… with one friend, 50 large jobs",
    "old glory, 8 bad jobs since",
)


@dataclass(frozen=True)
class Outcome:
    """Means over all runs, pairs without the attack and with it. The grades are the most frequent ones; K is None for N."""

    others: dict[str, tuple[float, float]]
    q: tuple[float, float]
    weight: float
    conduct: Decimal
    credit: float | None
    grades: tuple[str, str]


@dataclass(frozen=True)
class Judged:
    """Q and Σw of one history."""

    q: float
    weight: float

    def grade(self, conduct: Decimal) -> str:
        """The grade's letter with that conduct."""
        return self._score(conduct)[0]

    def credit(self, conduct: Decimal) -> float | None:
        """K with that conduct; None while new."""
        k = self._score(conduct)[1]
        return None if k is None else float(k)

    def _score(self, conduct: Decimal) -> tuple[str, Decimal | None]:
        q, weight = Decimal(str(self.q)), Decimal(str(self.weight))
        return judge(conduct, q, weight, _RULES.credit, _RULES.quality.least_weight)


def judged(facts: Facts, numbers: QualityRules = _RULES.quality) -> Judged:
    """Q as the platform computes it."""
    found = quality(facts, NOW, numbers.prior_mean, numbers)
    return Judged(float(found.value), float(found.weight))


def conduct(acts: Sequence[str], rules: CreditRules = _RULES) -> Decimal:
    """C after these acts within a year: the second of a kind costs 1.5 times, the third and later ones twice."""
    lost, seen = Decimal(0), dict.fromkeys(acts, 0)
    for code in acts:
        seen[code] += 1
        times = min(seen[code], len(rules.conduct.multipliers))
        lost += rules.conduct.acts[code].points * rules.conduct.multipliers[times - 1]
    return max(100 - lost, Decimal(0))


def outcome(attack: Scenario, runs: int) -> Outcome:
    """The scenario, drawn `runs` times."""
    drawn = [attack.draw(seed) for seed in range(runs)]
    before, after = [judged(honest) for honest, _ in drawn], [judged(attacked) for _, attacked in drawn]
    c = conduct(attack.acts)
    credits = [k for one in after if (k := one.credit(c)) is not None]
    return Outcome(
        others={name: _both(drawn, of) for name, of in MEASURES.items()},
        q=(statistics.fmean(one.q for one in before), statistics.fmean(one.q for one in after)),
        weight=statistics.fmean(one.weight for one in after),
        conduct=c,
        credit=statistics.fmean(credits) if len(credits) > runs / 2 else None,
        grades=(_usual(before, Decimal(100)), _usual(after, c)),
    )


def _usual(drawn: Sequence[Judged], conduct: Decimal) -> str:
    return statistics.mode(one.grade(conduct) for one in drawn)


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.credit_attacks", description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    runs = parser.parse_args().runs
    print("\n".join([*attacks(runs), "", *orders(runs), "", *factors(min(runs, 100))]))


def attacks(runs: int) -> list[str]:
    """Every scenario: each measure without the attack and with it; then weight, conduct, credit and grade with it."""
    heads = "".join(f"{name:>13}" for name in (*MEASURES, "Q"))
    return [f"{'':36}{heads}{'Σw':>7}{'C':>6}{'K':>6}  grade", *(_line(one, outcome(one, runs)) for one in SCENARIOS)]


def orders(runs: int) -> list[str]:
    """What an attack changes when ratings of one group are ranked from another end."""
    lines = [f"{'change of Q, ranked':36}" + "".join(f"{order:>16}" for order in Order)]
    for one in (scenario("one friend: 50 tiny contracts"), *ORDER_CASES):
        drawn = [one.draw(seed) for seed in range(runs)]
        changes = [statistics.fmean(_shift(*pair, order) for pair in drawn) for order in Order]
        lines.append(f"{one.name:36}" + "".join(f"{change:>+16.3f}" for change in changes))
    return lines


def factors(runs: int) -> list[str]:
    """What an attack changes when one factor of the formula is left out."""
    kinds = {"all": _RULES.quality} | {
        f"no {name}": replace(_RULES.quality, **left) for name, left in _LEFT_OUT.items()
    }
    lines = [f"{'change of Q, with':36}" + "".join(f"{name:>11}" for name in kinds)]
    for one in map(scenario, _TELLING):
        drawn = [one.draw(seed) for seed in range(runs)]
        changes = [statistics.fmean(_gain(*pair, numbers) for pair in drawn) for numbers in kinds.values()]
        lines.append(f"{one.name:36}" + "".join(f"{change:>+11.3f}" for change in changes))
    return lines


def _gain(before: Facts, after: Facts, numbers: QualityRules) -> float:
    return judged(after, numbers).q - judged(before, numbers).q


def _shift(before: Facts, after: Facts, order: Order) -> float:
    return plain_quality(after, NOW, order) - plain_quality(before, NOW, order)


def _line(one: Scenario, found: Outcome) -> str:
    pairs = (*found.others.values(), found.q)
    cells = "".join(f"{_cell(pair, one.compares):>13}" for pair in pairs)
    credit = "–" if found.credit is None else f"{found.credit:.1f}"
    grade = " → ".join(found.grades) if one.compares else found.grades[1]
    return f"{one.name:36}{cells}{found.weight:>7.1f}{found.conduct:>6}{credit:>6}  {grade}"


def _cell(pair: tuple[float, float], compares: bool) -> str:
    before, after = (f"{value:.2f}" for value in pair)
    return f"{before} → {after}" if compares else after


def _both(drawn: Sequence[tuple[Facts, Facts]], of: Measure) -> tuple[float, float]:
    return statistics.fmean(of(before, NOW) for before, _ in drawn), statistics.fmean(
        of(after, NOW) for _, after in drawn
    )


if __name__ == "__main__":
    main()
