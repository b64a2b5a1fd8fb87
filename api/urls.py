"""Where the doors of the API are: one address a row of the tables, and the pages about tokens and webhooks."""

from collections import defaultdict

from django.urls import URLPattern, path

from api.door import Door
from api.reads import Read, ReadDoor
from api.schema import RowSchema
from api.table import READS, VERBS
from api.verbs import Verb, VerbDoor
from api.views import docs

PREFIX = "api/v1/"


def _doors() -> list[URLPattern]:
    """Reads and verbs of one address share its door."""
    reads = {row.path: row for row in READS}
    verbs: dict[str, dict[str, Verb]] = defaultdict(dict)
    for row in VERBS:
        assert row.method not in verbs[row.path], row.path
        verbs[row.path][row.method] = row
    return [_door(where, reads.get(where), verbs.get(where, {})) for where in dict.fromkeys([*reads, *verbs])]


def _door(where: str, read: Read | None, verbs: dict[str, Verb]) -> URLPattern:
    bases = ((ReadDoor,) if read else ()) + ((VerbDoor,) if verbs else ())
    methods = ["options", *(["get", "head"] if read else []), *(method.lower() for method in verbs)]
    members = {"row": read, "rows": verbs, "http_method_names": methods, "schema": RowSchema()}
    made: type[Door] = type("Door", bases, members)
    name = read.name if read else next(iter(verbs.values())).name
    pattern: URLPattern = path(PREFIX + where, made.as_view(), name=f"api_{name}")
    return pattern


urlpatterns: list[URLPattern] = [
    *_doors(),
    path("api/schema/", docs.schema, name="api_schema"),
    path("api/docs/", docs.swagger, name="api_docs"),
]
