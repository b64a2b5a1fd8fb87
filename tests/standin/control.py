"""The control door, which Stripe does not have: POST /_control changes what happens, GET /_control tells what did.

{"webhook_url": …, "hold": true, "backoff": 0.2, "attempts": 6, "async_after": 2}   settings
{"fail": {"mode": "500" | "lost", "times": 2, "path": "/v1/refunds"}}               the next calls of the API fail
{"session": "cs_…", "act": "pay", "method": "alipay"}       what the payer would do (`tests.standin.payments.ACTS`)
{"payment_intent": "pi_…", "dispute": "open" | "won" | "lost"}
{"refund": "re_…", "act": "fail"}
{"resend": "evt_…"}                                         queue an old event once more
{"deliver": "in_order", "only": ["charge.refunded"]}        the held webhooks (`Deliveries.release` names the ways)
{"forget": true}                                            everything but the settings; nothing is sent any more
"""

from typing import Any

from tests.standin import money_back, payments
from tests.standin.deliveries import Deliveries
from tests.standin.state import State, public
from tests.standin.wire import Obj

_FAULTS = ("500", "lost")
_OPEN = ("needs_response", "warning_needs_response")


async def command(state: State, deliveries: Deliveries, order: Obj) -> Any:
    """Do what was asked and answer the object it concerned. Raises Conflict, ValueError or Refusal."""
    for name in state["settings"]:
        if name in order:
            state["settings"][name] = order[name]
    match order:
        case {"forget": True}:
            state.forget()
        case {"deliver": str(mode)}:
            return await deliveries.release(mode, order.get("only"))
        case {"fail": {"mode": mode} as fault} if mode in _FAULTS:
            state["faults"].append({"times": 1, "path": "/v1/", **fault})
        case {"fail": fault}:
            raise ValueError(f"There is no such fault: {fault}")
        case {"session": str(ident), "act": str(verb)}:
            session = state.find("sessions", ident)
            payments.act(state, session, verb, order.get("method"))
            return public(session)
        case {"payment_intent": str(ident), "dispute": str(outcome)}:
            return _dispute(state, state.find("intents", ident), outcome, order)
        case {"refund": str(ident), "act": "fail"}:
            refund = state.find("refunds", ident)
            money_back.fail_refund(state, refund)
            return refund
        case {"resend": str(event)}:
            return state.queue(event)
    return None


def told(state: State) -> Obj:
    """What has happened so far, in numbers."""
    names = ("settings", "requests", "keys", "faults", "deliveries")
    objects = {
        table: len(state[table]) for table in ("sessions", "intents", "charges", "refunds", "disputes", "events")
    }
    return {name: state[name] for name in names} | {"objects": objects}


def take_fault(state: State, path: str) -> str | None:
    """The fault this call is to suffer; each is used up by as many calls as it was ordered for."""
    for fault in state["faults"]:
        if path.startswith(fault["path"]) and fault["times"] > 0:
            fault["times"] -= 1
            return str(fault["mode"])
    return None


def _dispute(state: State, intent: Obj, outcome: str, order: Obj) -> Obj:
    if outcome in ("open", "ask"):
        reason = order.get("reason", "fraudulent")
        return money_back.open_dispute(state, intent, reason, order.get("amount"), only_asks=outcome == "ask")
    if outcome not in ("won", "lost"):
        raise ValueError(f"A dispute is not {outcome}.")
    for dispute in state.newest_first("disputes"):
        if dispute["payment_intent"] == intent["id"] and dispute["status"] in _OPEN:
            money_back.close_dispute(state, dispute, outcome)
            return dispute
    raise payments.Conflict("No dispute is open.")
