"""Who meets whom: pairs and groups that named a price in the same processes often enough."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from flags.rows import Process

Pair = tuple[str, str]
Group = tuple[str, ...]


def pairs_met(processes: Iterable[Process], joint: int) -> Mapping[Pair, list[Process]]:
    """The processes in which both of a pair named a price, for pairs with at least `joint` of them."""
    met: dict[Pair, list[Process]] = defaultdict(list)
    for process in processes:
        for pair in combinations(sorted(process.priced), 2):
            met[pair].append(process)
    return {pair: there for pair, there in met.items() if len(there) >= joint}


def groups_met(found: Iterable[Process], joint: int, smallest: int, largest: int) -> Mapping[Group, list[Process]]:
    """The same for groups of these sizes. A group is made of pairs that met often enough, so few are ever looked at."""
    processes = list(found)
    often = pairs_met(processes, joint)
    met: dict[Group, list[Process]] = defaultdict(list)
    for process in processes:
        here = sorted(process.priced)
        for group in _grown([(one,) for one in here], here, often, largest):
            if len(group) >= smallest:
                met[group].append(process)
    return {group: there for group, there in met.items() if len(there) >= joint}


def larger_first(groups: Mapping[Group, list[Process]]) -> list[Group]:
    """So that a group is looked at before its parts."""
    return sorted(groups, key=lambda one: (-len(one), one))


def _grown(groups: list[Group], here: list[str], often: Mapping[Pair, object], largest: int) -> Iterator[Group]:
    while groups:
        yield from groups
        groups = [
            (*group, one)
            for group in groups
            if len(group) < largest
            for one in here
            if one > group[-1] and all((member, one) in often for member in group)
        ]
