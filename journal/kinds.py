"""What kinds of entry are called on pages. A package that appends to the case files of one below it says so here."""

from collections.abc import Mapping

from django.utils.functional import Promise

_names: dict[str, str | Promise] = {}


def name_kinds(names: Mapping[str, str | Promise]) -> None:
    """Let a package name its kinds; called once, when the package is ready."""
    _names.update({str(kind): name for kind, name in names.items()})


def name_of(kind: str) -> str:
    """In the reader's language; one of a later release keeps its bare kind."""
    return str(_names.get(kind, kind))
