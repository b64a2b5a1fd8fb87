"""Refunds and disputes."""

from tests.standin import shapes
from tests.standin.payments import Conflict
from tests.standin.state import State, new_id
from tests.standin.wire import Obj, Refusal, metadata, missing, only, whole

# A dispute in one of these states has taken the money.
_TAKEN = ("needs_response", "lost")
_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create_refund(state: State, params: Obj) -> Obj:
    """POST /v1/refunds: all that is left, or `amount` of it."""
    only(params, "payment_intent", "charge", "amount", "metadata", "reason", "reverse_transfer", "expand")
    if params.get("reason") not in (None, *_REASONS):
        raise Refusal(f"Invalid reason: must be one of {', '.join(_REASONS)}", param="reason")
    notes = metadata(params)
    charge = _charge_to_refund(state, params)
    left = charge["amount"] - charge["amount_refunded"]
    asked = whole(params, "amount")
    amount = left if asked is None else asked
    _judge(state, charge, amount, left)
    reversal = _reversal(state, charge, params)
    refund = shapes.refund(charge, amount, metadata=notes, reason=params.get("reason"), transfer_reversal=reversal)
    state.add("refunds", refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    state.emit("charge.refunded", charge)
    state.emit("refund.created", refund)
    return refund


def fail_refund(state: State, refund: Obj) -> None:
    """The bank sends the money back to us: the charge is refunded by that much less."""
    if refund["status"] != "succeeded":
        raise Conflict(f"A refund that has {refund['status']} cannot fail.")
    charge = state.find("charges", refund["charge"])
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    state.emit("refund.failed", refund)
    state.emit("charge.refund.updated", refund)


def open_dispute(
    state: State, intent: Obj, reason: str = "fraudulent", amount: int | None = None, *, only_asks: bool = False
) -> Obj:
    """The payer's bank takes the money back until the dispute is closed, or only asks and takes nothing yet."""
    if intent["status"] != "succeeded":
        raise Conflict(f"Nobody disputes a payment that {intent['status']}.")
    charge = state.find("charges", intent["latest_charge"])
    charge["disputed"] = True
    dispute = state.add("disputes", shapes.dispute(charge, charge["amount"] if amount is None else amount, reason))
    if only_asks:
        dispute |= {"status": "warning_needs_response", "is_charge_refundable": True}
    state.emit("charge.dispute.created", dispute)
    if not only_asks:
        state.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(state: State, dispute: Obj, outcome: str) -> None:
    """`outcome` is won or lost; a bank that only asked has nothing to give back."""
    asked = dispute["status"] == "warning_needs_response"
    dispute["status"] = "warning_closed" if asked else outcome
    state.emit("charge.dispute.closed", dispute)
    if outcome == "won" and not asked:
        state.emit("charge.dispute.funds_reinstated", dispute)


def _charge_to_refund(state: State, params: Obj) -> Obj:
    if params.get("charge"):
        return state.find("charges", params["charge"])
    if not params.get("payment_intent"):
        raise missing("payment_intent")
    intent = state.find("intents", params["payment_intent"])
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise Refusal(message, code="payment_intent_unexpected_state", param="payment_intent", executed=True)
    return state.find("charges", intent["latest_charge"])


def _reversal(state: State, charge: Obj, params: Obj) -> str | None:
    """The id of a reversed transfer; only what was passed on to another account can be asked back from it."""
    if str(params.get("reverse_transfer", "")).lower() != "true":
        return None
    if state.find("intents", charge["payment_intent"])["transfer_data"] is None:
        message = f"Charge {charge['id']} does not have an associated transfer and cannot be reversed."
        raise Refusal(message, param="reverse_transfer")
    return new_id("trr")


def _judge(state: State, charge: Obj, amount: int, left: int) -> None:
    # `disputed` stays true for ever; money that a won dispute brought back may be refunded.
    if any(row["charge"] == charge["id"] and row["status"] in _TAKEN for row in state["disputes"].values()):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise Refusal(message, code="charge_disputed", executed=True)
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise Refusal(message, code="charge_already_refunded", executed=True)
    if amount < 1:
        raise Refusal("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        message = f"Refund amount ({_shown(amount)}) is greater than unrefunded amount on charge ({_shown(left)})"
        raise Refusal(message, param="amount", executed=True)


def _shown(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02}"
