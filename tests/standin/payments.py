"""What may happen to a payment, and which events tell of it. A refused step changes nothing."""

from collections.abc import Callable

from tests.standin import shapes
from tests.standin.state import State, new_id, now
from tests.standin.wire import Obj, Refusal

_DECLINED = {"code": "card_declined", "decline_code": "generic_decline", "message": "Your card was declined."}
_UNAUTHENTICATED = {
    "code": "payment_intent_authentication_failure",
    "message": "The provided PaymentMethod has failed authentication.",
}
_NOT_PAID = {"code": "payment_intent_payment_attempt_failed", "message": "The payment was not completed."}


class Conflict(Exception):
    """The session is not in a state for this act."""


def act(state: State, session: Obj, verb: str, method: str | None = None) -> None:
    """Do what the payer or time does to a session: pay, decline, expire, … Raises Conflict."""
    if verb not in ACTS:
        raise Conflict(f"There is no act called {verb}.")
    method = method or _usual(session, verb)
    if method not in session["payment_method_types"]:
        raise Conflict(f"This session cannot be paid with {method}.")
    is_answer = verb in ("async_succeed", "async_fail")
    if not (_is_promised(state, session) if is_answer else session["status"] == "open"):
        raise Conflict(f"A session that is {session['status']} cannot {verb}.")
    ACTS[verb](state, session, method)


def _pay(state: State, session: Obj, method: str) -> None:
    intent = _intent_of(state, session, method)
    succeed(state, intent, method)
    session["payment_status"] = "paid"
    _complete(state, session)


def _decline(state: State, session: Obj, method: str) -> None:
    intent = _intent_of(state, session, method)
    fail(state, intent, method, _DECLINED if method == "card" else _NOT_PAID)


def _challenge(state: State, session: Obj, method: str) -> None:
    """The bank asks the payer who they are (3-D Secure)."""
    if method != "card":
        raise Conflict("Only cards know 3-D Secure.")
    intent = _intent_of(state, session, method)
    intent["status"] = "requires_action"
    url = f"{session['url']}/3ds"
    intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": session["url"], "url": url}}
    state.emit("payment_intent.requires_action", intent)


def _fail_challenge(state: State, session: Obj, method: str) -> None:
    fail(state, _intent_of(state, session, method), method, _UNAUTHENTICATED)


def _promise(state: State, session: Obj, method: str) -> None:
    """The payer is through, but whether the money comes is known only later."""
    if method == "card":
        raise Conflict("Cards answer at once.")
    intent = _intent_of(state, session, method)
    intent["status"] = "processing"
    state.emit("payment_intent.processing", intent)
    _complete(state, session)


def _async_succeed(state: State, session: Obj, _: str) -> None:
    intent = state.find("intents", session["payment_intent"])
    succeed(state, intent, _method_of(intent))
    session["payment_status"] = "paid"
    state.emit("checkout.session.async_payment_succeeded", session)


def _async_fail(state: State, session: Obj, _: str) -> None:
    intent = state.find("intents", session["payment_intent"])
    fail(state, intent, _method_of(intent), _NOT_PAID)
    state.emit("checkout.session.async_payment_failed", session)


def expire(state: State, session: Obj, _: str = "") -> None:
    if session["status"] != "open":
        raise Refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`.",
            executed=True,
        )
    session["status"] = "expired"
    session["url"] = None
    if session["payment_intent"] is not None:
        intent = state.find("intents", session["payment_intent"])
        intent |= {"status": "canceled", "canceled_at": now(), "cancellation_reason": "expired", "next_action": None}
        state.emit("payment_intent.canceled", intent)
    state.emit("checkout.session.expired", session)


def expire_overdue(state: State) -> None:
    for session in state["sessions"].values():
        if session["status"] == "open" and session["expires_at"] <= now():
            expire(state, session)


def succeed(state: State, intent: Obj, method: str) -> None:
    charge = state.add("charges", shapes.charge(intent, method))
    intent |= {"status": "succeeded", "latest_charge": charge["id"], "amount_received": intent["amount"]}
    intent |= {"last_payment_error": None, "next_action": None}
    state.emit("charge.succeeded", charge)
    state.emit("payment_intent.succeeded", intent)


def fail(state: State, intent: Obj, method: str, failure: Obj) -> None:
    charge = state.add("charges", shapes.charge(intent, method, failure=failure))
    error = {"type": "card_error" if method == "card" else "invalid_request_error", "charge": charge["id"], **failure}
    intent |= {"status": "requires_payment_method", "latest_charge": charge["id"], "last_payment_error": error}
    intent |= {"next_action": None, "payment_method": None}
    state.emit("charge.failed", charge)
    state.emit("payment_intent.payment_failed", intent)


def decline(state: State, intent: Obj) -> None:
    """A card payment made by API is declined: 402."""
    fail(state, intent, "card", _DECLINED)
    raise Refusal(
        _DECLINED["message"],
        status=402,
        kind="card_error",
        code=_DECLINED["code"],
        decline_code=_DECLINED["decline_code"],
        charge=intent["latest_charge"],
        payment_intent=intent,
        executed=True,
    )


def _complete(state: State, session: Obj) -> None:
    session |= {"status": "complete", "url": None, "customer_details": _payer(session)}
    state.emit("checkout.session.completed", session)


def _is_promised(state: State, session: Obj) -> bool:
    if session["status"] != "complete":
        return False
    status: str = state.find("intents", session["payment_intent"])["status"]
    return status == "processing"


def _usual(session: Obj, verb: str) -> str:
    """The first method that the session offers, for a promise the first that does not answer at once."""
    offered: list[str] = session["payment_method_types"]
    return next((method for method in offered if verb != "promise" or method != "card"), offered[0])


def _payer(session: Obj) -> Obj:
    email = session["customer_email"] or "payer@example.com"
    return {"address": None, "email": email, "name": None, "phone": None, "tax_exempt": "none", "tax_ids": []}


def _intent_of(state: State, session: Obj, method: str) -> Obj:
    """The intent of this session, made when the payer first tries."""
    private = session["_intent"]
    if session["payment_intent"] is None:
        fresh = shapes.intent(session["amount_total"], session["currency"], **private)
        fresh["payment_method_types"] = list(session["payment_method_types"])
        state.add("intents", fresh)
        session["payment_intent"] = fresh["id"]
        state.emit("payment_intent.created", fresh)
    intent = state.find("intents", session["payment_intent"])
    intent["payment_method"] = new_id("pm")
    intent["payment_method_options"] = {method: {}}
    return intent


def _method_of(intent: Obj) -> str:
    return str(next(iter(intent["payment_method_options"]), "card"))


ACTS: dict[str, Callable[[State, Obj, str], None]] = {
    "pay": _pay,
    "decline": _decline,
    "challenge": _challenge,
    "fail_challenge": _fail_challenge,
    "promise": _promise,
    "async_succeed": _async_succeed,
    "async_fail": _async_fail,
    "expire": expire,
}
