"""A shape says once what is shown of a thing: it makes the JSON and the schema of it.

Moments are RFC 3339 in UTC with milliseconds, amounts are strings of yuan with two decimals, days are ISO dates.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from core.clock import rfc3339
from core.money import wire

Schema = dict[str, Any]
Reader = Callable[[Any], Any]

MONEY: Schema = {"type": "string", "pattern": r"^-?\d+\.\d{2}$"}


@dataclass(frozen=True)
class Field:
    """One member: its schema, and how it is read off the thing."""

    schema: Schema
    read: Reader


@dataclass(frozen=True)
class Shape:
    """A named object of the API."""

    name: str
    fields: Mapping[str, Field]

    def show(self, thing: Any) -> dict[str, Any]:
        """The thing as JSON values."""
        return {name: field.read(thing) for name, field in self.fields.items()}

    @property
    def ref(self) -> Schema:
        """How other schemas name it."""
        return {"$ref": f"#/components/schemas/{self.name}"}

    @property
    def schema(self) -> Schema:
        """All members are always there."""
        return {
            "type": "object",
            "properties": {name: field.schema for name, field in self.fields.items()},
            "required": list(self.fields),
            "additionalProperties": False,
        }


known: dict[str, Shape] = {}


def shape(name: str, /, **fields: Field) -> Shape:
    """Define a shape; the schema lists all of them."""
    made = Shape(name, fields)
    assert name not in known, name
    known[name] = made
    return made


def text(source: str | Reader) -> Field:
    """A string, in the reader's language where it is ours."""
    read = _reader(source)
    return Field({"type": "string"}, lambda thing: str(read(thing)))


def number(source: str | Reader) -> Field:
    """A whole number."""
    return Field({"type": "integer"}, _reader(source))


def flag(source: str | Reader) -> Field:
    """Yes or no."""
    read = _reader(source)
    return Field({"type": "boolean"}, lambda thing: bool(read(thing)))


def moment(source: str | Reader) -> Field:
    """A moment, or null where there is none (yet)."""
    read = _reader(source)
    return Field({"type": "string", "format": "date-time", "nullable": True}, lambda thing: _moment(read(thing)))


def day(source: str | Reader) -> Field:
    """A date, or null."""
    read = _reader(source)
    schema: Schema = {"type": "string", "format": "date", "nullable": True}
    return Field(schema, lambda thing: found.isoformat() if (found := read(thing)) else None)


def money(source: str | Reader) -> Field:
    """An amount kept in fen, or null."""
    read = _reader(source)
    schema = {**MONEY, "nullable": True}
    return Field(schema, lambda thing: None if (found := read(thing)) is None else wire(found))


def maybe(source: str | Reader) -> Field:
    """A string, or null where there is none or it is empty."""
    read = _reader(source)
    return Field({"type": "string", "nullable": True}, lambda thing: str(found) if (found := read(thing)) else None)


def count(source: str | Reader) -> Field:
    """A whole number, or null."""
    return Field({"type": "integer", "nullable": True}, _reader(source))


def texts(source: str | Reader) -> Field:
    """Several strings."""
    read = _reader(source)
    return Field({"type": "array", "items": {"type": "string"}}, lambda thing: [str(one) for one in read(thing)])


def one(of: Shape, source: str | Reader) -> Field:
    """Another thing, or null."""
    read = _reader(source)
    schema: Schema = {"allOf": [of.ref], "nullable": True}
    return Field(schema, lambda thing: None if (found := read(thing)) is None else of.show(found))


def many(of: Shape, source: str | Reader) -> Field:
    """Several of another thing."""
    read = _reader(source)
    return Field({"type": "array", "items": of.ref}, lambda thing: [of.show(one) for one in _all(read(thing))])


def anything(source: str | Reader, about: str = "") -> Field:
    """JSON as it is; `about` says where its form is written down."""
    schema: Schema = {"description": about} if about else {}
    return Field(schema, _reader(source))


def _reader(source: str | Reader) -> Reader:
    if not isinstance(source, str):
        return source
    names = source.split(".")

    def read(thing: Any) -> Any:
        for name in names:
            if thing is None:
                return None
            thing = getattr(thing, name)
            if callable(thing) and not isinstance(thing, Promise) and not hasattr(thing, "all"):
                thing = thing()
        return thing

    return read


def _all(found: Any) -> Iterable[Any]:
    rows: Iterable[Any] = found.all() if hasattr(found, "all") else found
    return rows


def _moment(found: Any) -> str | None:
    return rfc3339(found) if found else None
