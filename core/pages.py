"""Pages of lists that may be long: counting stops at a bound, so that a page costs the same in a list of a million."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from core.search.expressions import Match
from core.search.newest import newest_keys

PAGE_SIZE = 20
# As far as anybody counts; whoever wants more narrows the list or takes it away as a file.
MOST_COUNTED = 1_000
# Of what is sorted by how well it fits, so many of the newest are weighed, and counting ends with them: whether a row holds a
# word costs more to ask than whether it is there.
MOST_WEIGHED = 100


def count_of(rows: QuerySet[Any]) -> int:
    """How many there are; one more than `MOST_COUNTED` if there are more."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


def shown(count: int, most: int | None = None) -> str:
    """`12`, or `1,000+` where counting stopped."""
    bound = most or MOST_COUNTED
    return f"{bound:,}+" if count > bound else f"{count:,}"


class Pages(Paginator[Any]):
    """Pages of twenty. Beyond the bound there is no further page; `more` says so."""

    def __init__(self, rows: QuerySet[Any], fits: "Fit | None" = None) -> None:
        super().__init__(rows, PAGE_SIZE)
        self._rows, self._fits = rows, fits

    @cached_property
    def found(self) -> int:
        """How many were found, counted no further than one beyond the bound."""
        return len(self._newest) if self._fits else count_of(self._rows)

    @cached_property
    def count(self) -> int:
        """How many the pages lead to."""
        return min(self.found, self._most)

    @cached_property
    def _newest(self) -> list[Any]:
        """The keys of the newest of what is searched: counting and weighing look at the same rows, once."""
        assert self._fits is not None
        return self._fits.newest(self._rows, MOST_WEIGHED + 1)

    @property
    def _most(self) -> int:
        return MOST_WEIGHED if self._fits else MOST_COUNTED

    @property
    def more(self) -> bool:
        """Is there more than the pages lead to?"""
        return self.found > self.count

    @property
    def shown(self) -> str:
        """How many were found, as a reader is told."""
        return shown(self.found, self._most)

    def page(self, number: int | str) -> Page[Any]:
        """As Django's; a list sorted by fit weighs the newest of what was found."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = self._fits.weighed(self._rows, self._newest[:MOST_WEIGHED]) if self._fits else self._rows
        return Page(rows[first : min(first + self.per_page, self.count)], number, self)


class KeyedPages(Pages):
    """Pages whose keys are asked for before their rows, so that the planner never joins what is not shown."""

    def page(self, number: int | str) -> Page[Any]:
        """As Django's."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.keys(first, min(first + self.per_page, self.count))
        rows: QuerySet[Any] = self._rows.model._default_manager.all()
        rows.query.select_related = self._rows.query.select_related
        found = rows.in_bulk(keys)
        return Page([found[key] for key in keys if key in found], number, self)

    def keys(self, first: int, beyond: int) -> list[Any]:
        """Those of the rows from the place `first` up to the one before `beyond`, in their order."""
        return list(self._rows.values_list("pk", flat=True)[first:beyond])


class Fit:
    """Order by how well rows fit a `tsquery` that finds them by one of the paths, text fields; what they have by the first is
    weighed. `around` are the rows with all filters but the text.
    """

    def __init__(self, around: QuerySet[Any], paths: Sequence[str], text: str) -> None:
        self._around, self._paths, self._text = around, paths, text

    def newest(self, rows: QuerySet[Any], most: int) -> list[Any]:
        """The keys of the first `most` of what was found, in the order of `rows`."""
        return newest_keys(self._around.order_by(*rows.query.order_by), self._paths, self._text, most)

    def weighed(self, rows: QuerySet[Any], newest: list[Any]) -> QuerySet[Any]:
        """Those of these keys, the best first; `rows` are in the order that decides between equals.

        Their keys were asked for first: in one statement with many joins the planner would join all rows before it keeps these.
        """
        weighed: QuerySet[Any] = rows.model._default_manager.filter(pk__in=newest)
        weighed.query.select_related = rows.query.select_related
        best: QuerySet[Any] = weighed.annotate(fit=Match(self._paths[0], self._text))
        return best.order_by("-fit", *rows.query.order_by)
