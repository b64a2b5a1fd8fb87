"""How a FilterSet's state is told back: chips that drop one filter each, and for an empty page which one to drop."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

import django_filters

_NOT_NARROWING = ("sort",)


@dataclass(frozen=True)
class Chip:
    """One filter in force: what it is, what it says, the address without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True)
class Loosened:
    """What dropping one filter would find."""

    chip: Chip
    count: int


def chips(found: django_filters.FilterSet) -> list[Chip]:
    """The filters in force, in the form's order."""
    return [
        Chip(str(field.label), _shown(field, found.form.cleaned_data[name]), _without(found.data, name))
        for name, field in _narrowing(found)
    ]


def loosened(found: django_filters.FilterSet, again: Callable[[QueryDict], django_filters.FilterSet]) -> list[Loosened]:
    """Each filter whose removal would find something, the richest first; `again` applies a query string anew."""
    tries = []
    for (name, _field), chip in zip(_narrowing(found), chips(found), strict=True):
        data = found.data.copy()
        data.pop(name, None)
        tries.append(Loosened(chip, again(data).qs.order_by().count()))
    return sorted((one for one in tries if one.count), key=lambda one: -one.count)


def _narrowing(found: django_filters.FilterSet) -> list[tuple[str, Any]]:
    given = found.form.cleaned_data if found.form.is_valid() or found.is_bound else {}
    return [
        (name, field) for name, field in found.form.fields.items() if name not in _NOT_NARROWING and given.get(name)
    ]


def _shown(field: Any, value: object) -> str:
    choices: Iterable[tuple[Any, Any]] = getattr(field, "choices", [])
    return str(dict(choices).get(value, value))


def _without(data: QueryDict, name: str) -> str:
    rest = data.copy()
    rest.pop(name, None)
    rest.pop("page", None)
    return "?" + rest.urlencode()
