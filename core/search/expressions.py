"""Text search put to the database: `title__finds=query` and `Match("title", query)` ask the row's column `search`.

That column is the database's own and no field of the model: it is as large as the text, and no page needs to read it.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

# How D, C, B and A weigh: a title, above the item's name, above the body.
_WEIGHTS = "{0.02, 0.05, 0.4, 1.0}"


@models.CharField.register_lookup
class Finds(models.Lookup[Any]):
    """`<any text field of a table with a column search>__finds="<tsquery>"`."""

    lookup_name = "finds"

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        assert isinstance(self.lhs, Col)
        return f"{_column(self.lhs, compiler)} @@ %s::tsquery", (self.get_prep_lookup(),)


class Match(models.Func):
    """How well a row fits a `tsquery`; `path` is any field of the table with the column `search`."""

    output_field = models.FloatField()

    def __init__(self, path: str, text: str, **extra: Any) -> None:
        super().__init__(path, **extra)
        self.text = text

    def as_sql(  # type: ignore[override]  # none of what a function is usually written with
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        [column] = self.get_source_expressions()
        assert isinstance(column, Col)
        return f"ts_rank('{_WEIGHTS}', {_column(column, compiler)}, %s::tsquery)", (self.text,)


def _column(column: Col, compiler: SQLCompiler) -> str:
    assert column.alias is not None
    return f'{compiler.quote_name_unless_alias(column.alias)}."search"'
