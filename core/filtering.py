"""What the FilterSets of lists share: text that is searched for, pages, and how their state is told back.

Chips drop one filter each; an empty page says which one to drop.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

import django_filters

from core.pages import Fit, Pages, count_of, shown
from core.search.newest import finding

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

    @property
    def shown(self) -> str:
        """The count as a reader is told."""
        return shown(self.count)


class Searching(django_filters.FilterSet):
    """The FilterSet of a list with a field `q` for text and `sort` for order.

    `qs` is everything found, the newest first unless the reader chose otherwise. `pages` are for reading: searched text comes
    sorted by how well it fits.
    """

    # Text fields of tables that have a column `search`; what is found by the first of them is weighed.
    searched: ClassVar[tuple[str, ...]] = ()
    asked = ""
    _around: QuerySet[Any]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As the library's, but text after all that is tested faster, and order at last."""
        rows = queryset
        for name in sorted(self.form.cleaned_data, key=("q", "sort").__contains__):
            if name == "q":
                self._around = rows
            rows = self.filters[name].filter(rows, self.form.cleaned_data[name])
        return rows

    def finding(self, rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
        """The rows that the `tsquery` finds; none if there was nothing to find in the text."""
        self.asked = asked
        return rows.filter(finding(self.searched, asked)) if asked else rows.none()

    @property
    def pages(self) -> Pages:
        """What was found, page by page."""
        rows = self.qs
        chosen = self.form.is_bound and self.form.is_valid() and self.form.cleaned_data.get("sort")
        return Pages(rows, Fit(self._around, self.searched, self.asked) if self.asked and not chosen else None)


def told(found: django_filters.FilterSet) -> str:
    """The filters in force as the beginning of a sentence: `甘肃省、水土保持方案编制、7 天内截止`."""
    return _("、").join(chip.value for chip in chips(found))


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
        tries.append(Loosened(chip, count_of(again(data).qs)))
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
