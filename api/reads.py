"""Reads: one row of a table each. A row finds something with a page's own query and shows it in a shape."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise

from rest_framework.request import Request
from rest_framework.response import Response

from api.answers import WrongFields
from api.callers import Caller, Who, admit
from api.door import Door
from api.paging import Cursors
from api.shapes.base import Schema, Shape
from core.errors import Refused

Text = str | Promise


@dataclass(frozen=True)
class Read:
    """`find` takes the caller and the places of the path and gives a thing, or rows where `many`.

    A list has its `order` and perhaps the FilterSet of its page. Without a `shape`, what is found is JSON by itself, whose
    form stands where `about` says. `doors` are the names of the page's doors that show the same. `refuses` is what a read may be
    told no by: most are never.
    """

    name: str
    path: str
    summary: Text
    find: Callable[..., Any]
    shape: Shape | None = None
    doors: tuple[str, ...] = ()
    who: Who = Who.ANYBODY
    many: bool = False
    order: Callable[[Caller], tuple[str, ...]] | tuple[str, ...] = ()
    filters: Any = None
    clauses: tuple[str, ...] = ()
    about: str = ""
    query: dict[str, Schema] = field(default_factory=dict)
    refuses: tuple[type[Refused], ...] = ()

    method = "GET"

    @property
    def paged(self) -> bool:
        """Does it come in pages?"""
        return bool(self.order)


class ReadDoor(Door):
    """The door of one read."""

    row: ClassVar[Read]
    rows: ClassVar[dict[str, Any]] = {}

    def get(self, request: Request, **places: Any) -> Response:
        """Find and show."""
        row = self.row
        caller = admit(request, row.who, writes=False)
        found = row.find(caller, **places)
        if not row.many:
            return Response(row.shape.show(found) if row.shape else found)
        assert row.shape is not None
        if row.filters is not None:
            found = _narrowed(row.filters, caller, found)
        if not row.paged:
            return Response({"results": [row.shape.show(one) for one in found]})
        pages = Cursors(row.order(caller) if callable(row.order) else row.order)
        return Response(pages.around([row.shape.show(one) for one in pages.page(found, request)]))


def _narrowed(filters: Any, caller: Caller, rows: Any) -> Any:
    found = filters(caller.query, queryset=rows)
    if not found.is_valid():
        raise WrongFields.of(found.form)
    return found.qs
