"""Where the doors of the API are: one address a row of the tables, and the pages about tokens and webhooks."""

from collections import defaultdict

from django.urls import URLPattern, path, re_path

from api.door import Door, Nowhere
from api.reads import Read, ReadDoor
from api.schema import RowSchema
from api.table import READS, VERBS
from api.verbs import Verb, VerbDoor
from api.views import docs, hooks, tokens

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
    re_path(f"^{PREFIX}.*$", Nowhere.as_view(), name="api_nowhere"),
    path("api/schema/", docs.schema, name="api_schema"),
    path("api/docs/", docs.swagger, name="api_docs"),
    path("desk/api/", tokens.desk_api, name="desk_api"),
    path("desk/api/<int:pk>/revoke/", tokens.desk_api_revoke, name="desk_api_revoke"),
    path("desk/webhooks/", hooks.desk_webhooks, name="desk_webhooks"),
    path("desk/webhooks/<int:pk>/", hooks.desk_webhook, name="desk_webhook"),
    path("desk/webhooks/<int:pk>/<str:step>/", hooks.desk_webhook_step, name="desk_webhook_step"),
    path("desk/webhooks/messages/<int:pk>/resend/", hooks.desk_webhook_resend, name="desk_webhook_resend"),
]
