"""Pages by cursor: what is published between two pages neither repeats a row nor hides one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

MOST_ROWS = 200


class Cursors(CursorPagination):
    """`?cursor=` as the answer before gave it, `?limit=` rows a page. The order is the door's, and ends with the key."""

    page_size = 50
    max_page_size = MOST_ROWS
    page_size_query_param = "limit"

    def __init__(self, order: tuple[str, ...]) -> None:
        self.order = order

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: object) -> tuple[str, ...]:
        return self.order

    def page(self, rows: QuerySet[Any], request: Request) -> list[Any]:
        """The rows of the page asked for; raises NotFound for a cursor that is none."""
        try:
            return list(self.paginate_queryset(rows, request) or [])
        except (ValidationError, ValueError, TypeError) as error:
            raise NotFound from error

    def around(self, found: list[Any]) -> dict[str, Any]:
        """The wire shape of a page."""
        return {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": found}
