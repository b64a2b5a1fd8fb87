"""A page's form takes what comes as JSON, and tells the schema what it wants. So both doors ask the same, in the same words."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from api.answers import WrongFields
from core.clock import BEIJING
from marketplace.forms import YuanField

Schema = dict[str, Any]
MOST_BYTES = 512 * 1024
_TAGS = re.compile(r"<[^>]+>")


class JsonObject(BaseParser):
    """A JSON object in UTF-8 without lone surrogates, which no database keeps."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ParseError
        try:
            found = json.loads(raw.decode() or "{}", parse_constant=_no_number)
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if not isinstance(found, dict):
            raise ParseError
        return found


class Parts(MultiPartParser):
    """The same fields beside files."""


def _no_number(text: str) -> Any:
    raise ValueError(text)


def typed(body: Mapping[str, Any], fields: Mapping[str, forms.Field]) -> QueryDict:
    """JSON members as a form reads them. Null is as good as left out; raises WrongFields for objects where texts belong."""
    if isinstance(body, MultiValueDict):
        return body  # type: ignore[return-value]
    data, wrong = QueryDict(mutable=True), {}
    for name, value in body.items():
        if value is None:
            continue
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str | bool | int | float) for part in values):
            wrong[name] = [_("须为文本、数字、是否，或它们的列表")]
            continue
        data.setlist(name, [_as_text(part, fields.get(name)) for part in values])
    if wrong:
        raise WrongFields(wrong)
    return data


def _as_text(value: Any, field: forms.Field | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(field, forms.DateTimeField) and isinstance(value, str):
        return _beijing(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return str(value)


def _beijing(value: str) -> str:
    """Forms read Beijing's clock; a moment that names its offset is told by that clock."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if moment.tzinfo is None else f"{moment.astimezone(BEIJING):%Y-%m-%dT%H:%M}"


def wants_files(fields: Mapping[str, forms.Field]) -> bool:
    """Does the form take files?"""
    return any(isinstance(field, forms.FileField) for field in fields.values())


def schema_of(fields: Mapping[str, forms.Field], *, files: bool) -> Schema:
    """What a form wants as a schema; files only where the body has parts."""
    shown = {name: field for name, field in fields.items() if files or not isinstance(field, forms.FileField)}
    found: Schema = {"type": "object", "properties": {name: _field(field) for name, field in shown.items()}}
    if needed := [name for name, field in shown.items() if field.required]:
        found["required"] = needed
    return found


def _field(field: forms.Field) -> Schema:
    schema = _kind(field)
    said = "：".join(_TAGS.sub("", str(text)) for text in (field.label, field.help_text) if text)
    return {**schema, "description": said} if said else schema


def _kind(field: forms.Field) -> Schema:
    match field:
        case forms.FileField():
            single: Schema = {"type": "string", "format": "binary"}
            many = getattr(field.widget, "allow_multiple_selected", False)
            return {"type": "array", "items": single} if many else single
        case forms.BooleanField():
            return {"type": "boolean"}
        case forms.MultipleChoiceField():
            return {"type": "array", "items": _choice(field)}
        case forms.ModelChoiceField():
            return {"type": "string"}
        case forms.ChoiceField():
            return _choice(field)
        case forms.IntegerField():
            return {"type": "integer", **_limits(field)}
        case forms.DecimalField():
            return {"type": "number", **_limits(field)}
        case forms.DateTimeField():
            return {"type": "string", "format": "date-time"}
        case forms.DateField():
            return {"type": "string", "format": "date"}
        case forms.UUIDField():
            return {"type": "string", "format": "uuid"}
        case YuanField():
            return {"type": "string", "pattern": r"^\d{1,11}(\.\d{1,2})?$"}
        case _:
            return _text(field)


def _choice(field: forms.ChoiceField) -> Schema:
    choices: Any = field.choices
    values = [value for value, _label in choices]
    kind = "integer" if values and all(isinstance(value, int) for value in values) else "string"
    return {"type": kind, "enum": values} if values else {"type": kind}


def _limits(field: forms.IntegerField) -> Schema:
    found = {"minimum": field.min_value, "maximum": field.max_value}
    return {name: value for name, value in found.items() if value is not None}


def _text(field: forms.Field) -> Schema:
    longest = getattr(field, "max_length", None)
    found: Schema = {"type": "string"}
    if longest:
        found["maxLength"] = longest
    if field.required:
        found["minLength"] = 1
    return found
