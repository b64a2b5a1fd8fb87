"""Every door of the platform, from the resolver itself, so that a new one cannot be forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# A converter's place in a route, such as `<str:number>`, or a named group of a regular expression.
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\^?\(\?P<(\w+)>[^()]*\)")


@dataclass(frozen=True)
class Door:
    """One URL pattern: its name, its route as written, and what has to be filled in."""

    name: str
    route: str
    places: tuple[str, ...]

    def address(self, values: dict[str, object]) -> str:
        """The path with its places filled; raises KeyError for one that is not given."""
        filled = _PLACE.sub(lambda found: str(values[found[1] or found[2]]), self.route)
        return "/" + filled.replace("^", "").rstrip("$")


def all_doors() -> list[Door]:
    """In the order in which the resolver asks them."""
    return [
        Door(pattern.name or route, route, tuple(first or second for first, second in _PLACE.findall(route)))
        for route, pattern in _walk(get_resolver().url_patterns, "")
    ]


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield route, one
