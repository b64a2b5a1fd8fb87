"""`docs/openapi.yaml` and `docs/api.md`, made from the tables; tests find them stale."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from api.exceptions import WITHOUT
from api.reads import Read
from api.table import READS, VERBS
from api.verbs import Verb

OPENAPI = settings.BASE_DIR / "docs" / "openapi.yaml"
GUIDE = settings.BASE_DIR / "docs" / "api.md"
_MARK = "<!-- from here on made by `manage.py api_docs` -->"


def openapi() -> bytes:
    """The document as it is checked in, in Chinese; raises where it is no valid OpenAPI."""
    with translation.override(settings.LANGUAGE_CODE):
        found = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    validate_schema(found)  # type: ignore[no-untyped-call]
    text: bytes = OpenApiYamlRenderer().render(found, renderer_context={})  # type: ignore[no-untyped-call]
    return text


def guide() -> str:
    """The words that were written by hand, then every read and verb with its page's doors, and what has none."""
    written = GUIDE.read_text().partition(_MARK)[0] if GUIDE.exists() else ""
    lines = [_MARK, "", *_table("Reads", READS), "", *_table("Verbs", VERBS), "", "## Doors without an endpoint", ""]
    for why, names in WITHOUT.items():
        lines += [f"- {why}: {', '.join(f'`{name}`' for name in names.split())}"]
    return written + "\n".join(lines) + "\n"


def _table(title: str, rows: Iterable[Read | Verb]) -> list[str]:
    found = [f"## {title}", "", "| endpoint | what | for | page doors | clauses |", "|---|---|---|---|---|"]
    with translation.override(settings.LANGUAGE_CODE):
        for row in rows:
            doors = " ".join(f"`{door}`" for door in row.doors)
            where = f"`{row.method} /api/v1/{row.path}`"
            found.append(f"| {where} | {row.summary} `{row.name}` | {row.who} | {doors} | {' '.join(row.clauses)} |")
    return found
