"""How the OpenAPI document tells what the tables say."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api.bodies import schema_of, wants_files
from api.callers import Who
from api.codes import codes_of
from api.paging import MOST_ROWS
from api.reads import Read
from api.shapes.base import Schema, known
from api.table import READS, VERBS
from api.verbs import Verb

_REFUSAL: Schema = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": "^E_[A-Z0-9_]+$"},
        "message": {"type": "string"},
        "basis": {"type": "array", "items": {"type": "string"}},
        "facts": {"type": "object", "additionalProperties": True},
        "fix": {"type": "string"},
    },
    "required": ["code", "message", "basis", "facts", "fix"],
}
_WRONG: Schema = {
    "allOf": [
        {"$ref": "#/components/schemas/Problem"},
        {
            "type": "object",
            "properties": {
                "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
            },
        },
    ]
}
COMPONENTS: dict[str, Schema] = {"Problem": _REFUSAL, "WrongFields": _WRONG}
_ALWAYS = {405: "E_METHOD", 406: "E_ACCEPT", 429: "E_TOO_MANY"}


class RowSchema(AutoSchema):
    """An operation as its row tells it, in the language that the document is asked for."""

    @property
    def row(self) -> Read | Verb:
        return self.view.rows.get(self.method) or self.view.row  # type: ignore[no-any-return]

    def get_operation_id(self) -> str:
        return self.row.name

    def get_summary(self) -> str:
        return str(self.row.summary)

    def get_description(self) -> str:
        return _about(self.row.clauses, self.row.doors, self.row.who)

    def get_tags(self) -> list[str]:
        return [self.row.path.split("/")[0]]

    def get_override_parameters(self) -> list[Any]:
        if isinstance(self.row, Read):
            return [*_asked(self.row), _LANGUAGE]
        return [_KEY, _LANGUAGE, *([_MATCH] if self.row.method == "PUT" else [])]

    def get_request_serializer(self) -> Any:
        return _bodies(self.row) if isinstance(self.row, Verb) else None

    def get_response_serializers(self) -> dict[int, OpenApiResponse]:
        return _of_read(self.row) if isinstance(self.row, Read) else _of_verb(self.row)


def add_components(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """What many operations share stands once: shapes, answers to what went wrong, headers."""
    found = {**COMPONENTS, **{name: shape.schema for name, shape in known.items()}}
    shared: dict[str, dict[str, Schema]] = {"parameters": {}, "responses": {}}
    every: list[Read | Verb] = [*READS, *VERBS]
    rows = {row.name: row for row in every}
    for operation in (one for path in result["paths"].values() for one in path.values()):
        if codes := codes_of(rows[operation["operationId"]]):
            operation["x-refusals"] = list(codes)
        answers, headers = operation["responses"], operation.get("parameters", [])
        for status in (status for status in answers if status >= "300"):
            answers[status] = _once(shared, "responses", f"Answer{status}", answers[status])
        for place, header in enumerate(headers):
            if header["in"] == "header":
                headers[place] = _once(shared, "parameters", header["name"], header)
    result["components"] |= {"schemas": dict(sorted(found.items())), **shared}
    return result


def _once(shared: dict[str, dict[str, Schema]], what: str, name: str, said: Schema) -> Schema:
    assert shared[what].setdefault(name, said) == said, name
    return {"$ref": f"#/components/{what}/{name}"}


def _of_read(row: Read) -> dict[int, OpenApiResponse]:
    found = {200: OpenApiResponse(_shown(row), _("内容")), 304: OpenApiResponse(description=_("与 If-None-Match 相同"))}
    codes = {401: "E_NOT_SIGNED_IN", **_ALWAYS}
    if row.refuses:
        codes[409] = _("规则不允许，理由见 code")
    if row.filters is not None:
        found[400] = _problem("WrongFields", "E_INVALID")
    if row.who is not Who.ANYBODY:
        codes[403] = _("E_READ_ONLY_TOKEN、E_SECOND_FACTOR 或 E_NOT_ALLOWED")
    if "<" in row.path or row.who is not Who.ANYBODY or row.paged or row.refuses:
        codes[404] = "E_NOT_FOUND"
    return found | {status: _problem("Problem", code) for status, code in sorted(codes.items())}


def _of_verb(row: Verb) -> dict[int, OpenApiResponse]:
    codes = {
        401: "E_NOT_SIGNED_IN",
        403: _("E_READ_ONLY_TOKEN、E_SECOND_FACTOR 或 E_NOT_ALLOWED"),
        404: "E_NOT_FOUND",
        409: _("规则不允许，理由见 code"),
        412: "E_CHANGED_MEANWHILE",
        415: "E_CONTENT_TYPE",
        422: "E_KEY_REUSED",
        **_ALWAYS,
    }
    found = {row.status: OpenApiResponse(row.shape.ref, _("已办理")), 400: _problem("WrongFields", "E_INVALID")}
    return found | {status: _problem("Problem", code) for status, code in sorted(codes.items())}


def _shown(row: Read) -> Schema:
    if row.shape is None:
        return {"type": "object", "additionalProperties": True, "description": row.about}
    if not row.many:
        return row.shape.ref
    rows = {"results": {"type": "array", "items": row.shape.ref}}
    links = {name: {"type": "string", "format": "uri", "nullable": True} for name in ("next", "previous")}
    members = {**links, **rows} if row.paged else rows
    return {"type": "object", "properties": members, "required": list(members)}


def _asked(row: Read) -> list[OpenApiParameter]:
    found = [OpenApiParameter(name, schema, OpenApiParameter.QUERY) for name, schema in row.query.items()]
    if row.filters is not None:
        for name, one in row.filters.base_filters.items():
            found.append(OpenApiParameter(name, str, OpenApiParameter.QUERY, description=str(one.label)))
    if row.paged:
        limit: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}
        found += [
            OpenApiParameter(
                "cursor", str, OpenApiParameter.QUERY, description=_("上一答复中 next 或 previous 的游标")
            ),
            OpenApiParameter("limit", limit, OpenApiParameter.QUERY),
        ]
    return found


def _bodies(row: Verb) -> Any:
    fields = row.fields
    plain = schema_of(fields, files=False)
    if row.spread is not None and row.extra is not None:
        plain["properties"] = {**{name: s for name, s in plain["properties"].items() if name != "plan"}, **row.extra()}
    if not plain["properties"] and not wants_files(fields):
        return None
    if not wants_files(fields):
        return {"application/json": plain}
    parts = {"multipart/form-data": schema_of(fields, files=True)}
    needed = any(field.required for field in fields.values() if isinstance(field, forms.FileField))
    return parts if needed else {"application/json": plain, **parts}


def _problem(name: str, said: str) -> OpenApiResponse:
    return OpenApiResponse({"$ref": f"#/components/schemas/{name}"}, said)


def _about(clauses: tuple[str, ...], doors: tuple[str, ...], who: Who) -> str:
    lines = [_("限：%(who)s") % {"who": _who(who)}]
    if clauses:
        lines.insert(0, _("依据 %(clauses)s") % {"clauses": "、".join(clauses)})
    if doors:
        lines.append(_("与页面相同：%(doors)s") % {"doors": "、".join(f"`{door}`" for door in doors)})
    return "。".join(lines)


def _who(who: Who) -> str:
    return {
        Who.ANYBODY: _("任何人"),
        Who.PERSON: _("已登录的用户"),
        Who.MEMBER: _("单位成员"),
        Who.BUYER: _("采购人"),
        Who.DEPARTMENT: _("政府部门"),
        Who.AGENCY: _("中介服务机构"),
        Who.OFFICER: _("监管部门，须两步验证"),
        Who.OPERATOR: _("平台运营人员"),
    }[who]


def _header(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=about)


_KEY = _header(
    "Idempotency-Key", "1–200 visible ASCII characters; the same key does once and answers alike, for 2 days"
)
_LANGUAGE = _header("Accept-Language", "zh-Hans, en")
_MATCH = _header("If-Match", "the ETag of what was read")
