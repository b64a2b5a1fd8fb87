"""/v1/: who may call, which endpoint answers, and the idempotency keys."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.standin import checkout, listing, money_back, payments
from tests.standin.state import State
from tests.standin.wire import Obj, Refusal


@dataclass(frozen=True)
class Call:
    """One request to the API."""

    method: str
    path: str
    params: Obj
    key: str | None
    base: str


Endpoint = Callable[[State, Call, str], Obj]


def authorise(header: str, key: str) -> None:
    """Refuse whoever does not hold the key."""
    scheme, _, given = header.partition(" ")
    if scheme != "Bearer" or not given:
        raise Refusal("You did not provide an API key.", status=401)
    if given != key:
        raise Refusal(f"Invalid API Key provided: {given[:8]}***{given[-4:]}", status=401)


def count(state: State, call: Call) -> None:
    for table, name in (("requests", f"{call.method} {call.path}"), ("keys", call.key)):
        if name:
            state[table][name] = state[table].get(name, 0) + 1


def answer(state: State, call: Call) -> Obj:
    """{"status", "body", "replayed"}: a key that was seen gets its first answer again, and no work is done."""
    try:
        if kept := _kept(state, call):
            return {**kept["reply"], "replayed": True}
        reply = {"status": 200, "body": _work(state, call)}
        executed = True
    except Refusal as refused:
        reply, executed = {"status": refused.status, "body": refused.body}, refused.executed
    if call.key and executed:
        # A copy: the object may change, the answer may not.
        reply = json.loads(json.dumps(reply))
        state["replies"].setdefault(call.key, {"call": _fingerprint(call), "reply": reply})
    return {**reply, "replayed": False}


def _kept(state: State, call: Call) -> Obj | None:
    if call.key is None:
        return None
    if not 0 < len(call.key) <= 255:
        raise Refusal("Idempotency keys can have up to 255 characters.", kind="idempotency_error")
    kept: Obj | None = state["replies"].get(call.key)
    if kept is not None and kept["call"] != _fingerprint(call):
        raise Refusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{call.key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    return kept


def _fingerprint(call: Call) -> Obj:
    return {"path": call.path, "params": call.params}


def _work(state: State, call: Call) -> Obj:
    for method, pattern, endpoint in _ENDPOINTS:
        if method == call.method and (found := re.fullmatch(f"/v1/{pattern}", call.path)):
            named = "".join(found.groups())
            done = endpoint(state, call, named)
            return listing.expanded(state, done, call.params.get("expand") or [])
    message = f"Unrecognized request URL ({call.method}: {call.path})."
    raise Refusal(message, status=404)


def _one(table: str) -> Endpoint:
    return lambda state, _, ident: state.find(table, ident)


def _many(table: str, *filters: str) -> Endpoint:
    return lambda state, call, _: listing.listed(state, table, call.params, filters, call.path)


def _expire(state: State, _: Call, ident: str) -> Obj:
    session = state.find("sessions", ident)
    payments.expire(state, session)
    return session


_ENDPOINTS: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "checkout/sessions", lambda state, call, _: checkout.create_session(state, call.params, call.base)),
    ("GET", "checkout/sessions", _many("sessions", "payment_intent", "status", "created")),
    ("GET", r"checkout/sessions/(\w+)", _one("sessions")),
    (
        "GET",
        r"checkout/sessions/(\w+)/line_items",
        lambda state, _, ident: listing.lines(state.find("sessions", ident)),
    ),
    ("POST", r"checkout/sessions/(\w+)/expire", _expire),
    ("POST", "payment_intents", lambda state, call, _: checkout.create_intent(state, call.params)),
    ("GET", "payment_intents", _many("intents", "created")),
    ("GET", r"payment_intents/(\w+)", _one("intents")),
    (
        "POST",
        r"payment_intents/(\w+)/confirm",
        lambda state, call, ident: checkout.confirm_intent(state, state.find("intents", ident), call.params),
    ),
    ("GET", "charges", _many("charges", "payment_intent", "created")),
    ("GET", r"charges/(\w+)", _one("charges")),
    ("POST", "refunds", lambda state, call, _: money_back.create_refund(state, call.params)),
    ("GET", "refunds", _many("refunds", "payment_intent", "charge", "created")),
    ("GET", r"refunds/(\w+)", _one("refunds")),
    ("GET", "disputes", _many("disputes", "payment_intent", "charge", "created")),
    ("GET", r"disputes/(\w+)", _one("disputes")),
    ("GET", "events", _many("events", "type", "types", "created")),
    ("GET", r"events/(\w+)", _one("events")),
)
