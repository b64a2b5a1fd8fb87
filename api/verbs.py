"""Verbs: one row of a table each. A row reads a page's own form and calls the page's own action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from rest_framework.request import Request
from rest_framework.response import Response

from api import presses
from api.answers import WrongFields, answer_to
from api.bodies import typed
from api.callers import Caller, Who, admit
from api.door import Door, canonical
from api.shapes.base import Field, Schema, Shape, count, maybe, shape
from api.throttles import judge_rate, whose
from core.errors import Refused

Text = str | Promise


def _member(name: str) -> Field:
    return maybe(lambda thing: getattr(thing, name, None))


# What a verb says of the thing it made or moved; the rest is read where `number` or `id` leads.
RECEIPT = shape(
    "Receipt",
    id=count(lambda thing: pk if isinstance(pk := getattr(thing, "pk", None), int) else None),
    number=_member("number"),
    label=_member("label"),
    uscc=_member("uscc"),
    status=_member("status"),
    sha256=_member("sha256"),
)


class Nothing(forms.Form):
    """A press that says nothing more."""


@dataclass(frozen=True)
class Verb:
    """`act` takes the caller, the valid form and the places of the path, and gives what it made.

    `form` is the page's class; `bind(caller, data, files, **places)` makes one where the class needs more; `like()` makes
    one for the schema where its fields are not the class's own. `spread` turns members that are no texts into such, and
    `extra` describes them. `doors` are the names of the page's doors that do the same. `rate` bounds what goes out to others;
    members in `untold` are told this once; `refuses` adds to what the actions say they raise.
    """

    name: str
    path: str
    summary: Text
    act: Callable[..., Any]
    doors: tuple[str, ...] = ()
    who: Who = Who.MEMBER
    form: type[forms.Form] = Nothing
    bind: Callable[..., forms.Form] | None = None
    like: Callable[[], forms.Form] | None = None
    spread: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    extra: Callable[[], Schema] | None = None
    shape: Shape = RECEIPT
    method: str = "POST"
    status: int = 200
    clauses: tuple[str, ...] = ()
    rate: str = ""
    untold: tuple[str, ...] = ()
    refuses: tuple[type[Refused], ...] = ()

    @property
    def fields(self) -> Mapping[str, forms.Field]:
        """What the form asks, for the schema and for reading JSON."""
        if self.like is not None:
            return self.like().fields
        return self.form.base_fields


class VerbDoor(Door):
    """The door of the verbs at one address."""

    rows: ClassVar[dict[str, Verb]]

    def post(self, request: Request, **places: Any) -> Response:
        """Do what the row says."""
        return self._pressed(request, places)

    def put(self, request: Request, **places: Any) -> Response:
        """Do what the row says."""
        return self._pressed(request, places)

    def delete(self, request: Request, **places: Any) -> Response:
        """Do what the row says."""
        return self._pressed(request, places)

    def _pressed(self, request: Request, places: dict[str, Any]) -> Response:
        row = self.rows[request.method or ""]
        caller = admit(request, row.who, writes=True)
        if row.rate:
            judge_rate(request, row.name, row.rate)
        body, act = request.data, partial(self._done, row, caller, places)
        key = request.headers.get("Idempotency-Key")
        if key is None:
            status, answer = act()
            return Response(answer, status=status)
        digest = presses.digest_of(request.method or "", request.get_full_path(), _bytes_of(body, request.FILES))
        (status, answer), again = presses.once(whose(request), key, request.user.pk, digest, act, row.untold)
        return Response(answer, status=status, headers={"Idempotent-Replayed": "true"} if again else None)

    def _done(self, row: Verb, caller: Caller, places: dict[str, Any]) -> presses.Answered:
        """Status and answer; what was refused is an answer, too."""
        try:
            form = _bound(row, caller, places)
            if not form.is_valid():
                raise WrongFields.of(form)
            return row.status, row.shape.show(row.act(caller, form, **places))
        except Exception as trouble:
            refused = answer_to(trouble, {})
            if refused is None:
                raise
            return refused.status_code, _plain(refused.data)


def _bound(row: Verb, caller: Caller, places: dict[str, Any]) -> forms.Form:
    body = caller.request.data
    data = typed(row.spread(body) if row.spread and not caller.request.FILES else body, row.fields)
    files = caller.request.FILES
    return row.bind(caller, data, files, **places) if row.bind else row.form(data, files)


def _bytes_of(body: Any, files: Any) -> bytes:
    """Texts and files alike, for the key's digest."""
    parts = [
        canonical(
            {name: body.getlist(name) if hasattr(body, "getlist") else body[name] for name in body if name not in files}
        )
    ]
    for name in sorted(files):
        for file in files.getlist(name):
            parts.append(presses.digest_of(name, file.name or "", file.read()).encode())
            file.seek(0)
    return b"\0".join(parts)


def _plain(data: Any) -> Any:
    """Without lazy texts, so that it can be kept."""
    if isinstance(data, Mapping):
        return {str(name): _plain(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data if data is None or isinstance(data, bool | int | float | str) else str(data)
