"""How Stripe speaks: forms in bracket notation in, JSON out, refusals in Stripe's own shape."""

from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl

Obj = dict[str, Any]


class Refusal(Exception):
    """An error answer of the API. `executed` says that work had begun, so that an idempotency key remembers it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.executed = executed
        known = {"code": code, "message": message, "param": param, "type": kind, **more}
        self.body = {"error": {name: value for name, value in known.items() if value is not None}}


def missing(param: str) -> Refusal:
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def parsed(form: str) -> Obj:
    """`a[b][0]=x` as {"a": {"b": ["x"]}}."""
    root: Obj = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        first, *rest = name.replace("]", "").split("[")
        here = root
        path = [first, *rest]
        for step, following in pairwise(path):
            here = here.setdefault(step or str(len(here)), {})
            if not isinstance(here, dict):
                raise Refusal(f"Invalid {first}: {following} does not fit.", param=first)
        here[path[-1] or str(len(here))] = value
    return {name: _with_lists(value) for name, value in root.items()}


def whole(params: Obj, name: str, *, at: str | None = None) -> int | None:
    """The integer called `name`, or None; `at` is its full name in the error."""
    if params.get(name) in (None, ""):
        return None
    try:
        return int(params[name])
    except (TypeError, ValueError):
        shown = at or name
        raise Refusal(f"Invalid integer: {params[name]}", code="parameter_invalid_integer", param=shown) from None


def metadata(params: Obj, *, at: str = "metadata") -> dict[str, str]:
    """What the caller notes on an object: at most 50 keys of 40 characters with values of 500."""
    given = params.get("metadata") or {}
    if not isinstance(given, dict):
        raise Refusal("Invalid object", param=at)
    if len(given) > 50:
        raise Refusal(f"You may only specify up to 50 metadata keys, not {len(given)}.", param=at)
    for name, value in given.items():
        if len(name) > 40:
            raise Refusal(f"Metadata keys can have up to 40 characters: {name}.", param=at)
        if len(value) > 500:
            raise Refusal(f"Metadata values can have up to 500 characters: {name}.", param=f"{at}[{name}]")
    return dict(given)


def only(params: Obj, *known: str) -> None:
    """Stripe refuses parameters that it does not know, and so do we."""
    for name in params:
        if name not in known:
            raise Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_with_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _with_lists(inner) for name, inner in value.items()}
