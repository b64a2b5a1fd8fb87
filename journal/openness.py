"""Which case files everybody may know of. A package that keeps some of its own from the public says so here."""

from collections.abc import Callable

_judges: dict[str, Callable[[str], bool]] = {}


def open_only_if(prefix: str, judge: Callable[[str], bool]) -> None:
    """Cases whose names begin with `prefix` are public only if `judge(name)`; called once, when the package is ready."""
    _judges[prefix] = judge


def is_public(name: str) -> bool:
    """May everybody know that the case exists, and read it?"""
    return all(judge(name) for prefix, judge in _judges.items() if name.startswith(prefix))
