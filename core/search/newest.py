"""The newest of what is searched, by the way that costs least, whatever the planner expects.

It cannot know how many rows hold a phrase, or a word that it has never met: for one that nothing holds it would test a million
rows one by one. So the newest are looked at first, and how many of them fit says how to go on, all in one statement:

- enough fit: done;
- some fit: walk on from the newest, as the planner would;
- hardly any fits: ask the index of words for all of them, and sort these.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

# So many are looked at first, and so many of them must fit for walking on; where several tables are searched, as much less.
NEAR = 2_000
SOME = 20

_ASK = """
WITH near AS MATERIALIZED (
    SELECT "pk", row_number() OVER () AS place FROM ({near}) AS newest WHERE "fits" LIMIT {most}
), held AS MATERIALIZED (
    SELECT count(*) AS many FROM near
)
SELECT "pk", place FROM near WHERE (SELECT many FROM held) >= {most}
UNION ALL
SELECT "pk", row_number() OVER () FROM ({walked}) AS walked
    WHERE (SELECT many FROM held) BETWEEN {some} AND {most} - 1
UNION ALL
SELECT "pk", row_number() OVER () FROM (SELECT "pk" FROM ({every}) AS every ORDER BY {order} LIMIT {most}) AS sorted
    WHERE (SELECT many FROM held) < least({some}, {most})
"""


def finding(paths: Sequence[str], asked: str) -> Q:
    """Whatever the `tsquery` finds by one of the paths, text fields of tables with a column `search`."""
    found = Q()
    for path in paths:
        found |= Q(**{f"{path}__finds": asked})
    return found


def newest_keys(around: QuerySet[Any], paths: Sequence[str], asked: str, most: int) -> list[Any]:
    """The keys of the first `most` of `around` that the `tsquery` finds by one of the paths, in the order of `around`."""
    order = [str(name) for name in around.query.order_by]
    names = list(dict.fromkeys(["pk", *(name.lstrip("-") for name in order)]))
    fits, looked = finding(paths, asked), NEAR // len(paths)
    near = around.annotate(fits=ExpressionWrapper(fits, BooleanField())).values_list("pk", "fits")[:looked]
    every = [around.filter(finding([path], asked)).order_by().values_list(*names) for path in paths]
    try:
        statements = [_sql(rows) for rows in (near, around.filter(fits).values_list("pk")[:most], *every)]
    except EmptyResultSet:
        return []
    texts, values = zip(*statements, strict=True)
    sql = _ASK.format(
        near=texts[0],
        walked=texts[1],
        # Without a limit of its own, and closed to the one around it: so the index of words is read.
        every=" UNION ".join(f"({text} OFFSET 0)" for text in texts[2:]),
        order=", ".join(f'"{name.lstrip("-")}"{" DESC" if name.startswith("-") else ""}' for name in order),
        most=most,
        some=SOME // len(paths),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for some in values for value in some])
        return [key for key, _place in sorted(cursor.fetchall(), key=lambda row: row[1])]


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    text, values = rows.query.sql_with_params()
    return text, tuple(values)
