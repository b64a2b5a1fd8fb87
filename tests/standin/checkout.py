"""POST /v1/checkout/sessions: what a session may look like, judged as strictly as Stripe does, and PaymentIntents by API."""

from tests.standin import payments, shapes
from tests.standin.state import State, new_id, now
from tests.standin.wire import Obj, Refusal, metadata, missing, only, whole

_METHODS = ("card", "alipay", "wechat_pay")
_CURRENCIES = ("cny", "eur", "hkd", "usd")
_LOCALES = ("auto", "en", "en-GB", "zh", "zh-HK", "zh-TW")
_LARGEST = 99_999_999
_SOONEST, _LATEST = 30 * 60, 24 * 3600
_KNOWN = (
    *("cancel_url", "client_reference_id", "customer_email", "expand", "expires_at", "line_items", "locale"),
    *("metadata", "mode", "payment_intent_data", "payment_method_options", "payment_method_types", "success_url"),
    "submit_type",
)
_OF_INTENTS = ("amount", "confirm", "currency", "description", "expand", "metadata", "payment_method")


def create_session(state: State, params: Obj, base: str) -> Obj:
    only(params, *_KNOWN)
    for name in ("mode", "success_url", "line_items"):
        if not params.get(name):
            raise missing(name)
    if params["mode"] != "payment":
        raise Refusal("Invalid mode: this stand-in only takes payments", param="mode")
    locale = _one_of(params.get("locale"), _LOCALES, "locale")
    if len(params.get("client_reference_id") or "") > 200:
        raise Refusal("Invalid string: must be at most 200 characters", param="client_reference_id")
    lines = [_line(line, f"line_items[{index}]") for index, line in enumerate(params["line_items"])]
    session = shapes.session(
        base,
        _total(lines),
        lines[0]["currency"],
        expires_at=_expiry(params),
        payment_method_types=_methods(params),
        payment_method_options=params.get("payment_method_options") or {},
        metadata=metadata(params),
        locale=locale,
        **{name: params.get(name) for name in ("cancel_url", "client_reference_id", "customer_email", "success_url")},
        submit_type=params.get("submit_type"),
        _lines=lines,
        _intent=_intent_data(params),
    )
    return state.add("sessions", session)


def create_intent(state: State, params: Obj) -> Obj:
    """POST /v1/payment_intents: enough of it to pay with a test card and no page."""
    only(params, *_OF_INTENTS, "payment_method_types")
    for name in ("amount", "currency"):
        if not params.get(name):
            raise missing(name)
    amount = _amount(params, "amount", "amount")
    currency = _one_of(params["currency"], _CURRENCIES, "currency")
    intent = shapes.intent(amount, str(currency), metadata=metadata(params), description=params.get("description"))
    if params.get("payment_method"):
        intent |= {"payment_method": params["payment_method"], "status": "requires_confirmation"}
    state.add("intents", intent)
    state.emit("payment_intent.created", intent)
    return confirm_intent(state, intent, {}) if params.get("confirm") == "true" else intent


def confirm_intent(state: State, intent: Obj, params: Obj) -> Obj:
    """POST /v1/payment_intents/{id}/confirm: the card whose name says so is declined."""
    only(params, "payment_method", "expand")
    intent["payment_method"] = params.get("payment_method") or intent["payment_method"]
    if intent["status"] not in ("requires_payment_method", "requires_confirmation") or not intent["payment_method"]:
        message = f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
        raise Refusal(message, code="payment_intent_unexpected_state", executed=True)
    if "Declined" in intent["payment_method"]:
        payments.decline(state, intent)
    payments.succeed(state, intent, "card")
    return intent


def _line(line: Obj, at: str) -> Obj:
    """A line item as the API answers it."""
    only(line, "price_data", "quantity")
    quantity = whole(line, "quantity", at=f"{at}[quantity]")
    if quantity is None:
        raise Refusal(f"Quantity is required. Add `quantity` to `{at}`", param=f"{at}[quantity]")
    price = line.get("price_data")
    if not price:
        raise missing(f"{at}[price_data]")
    only(price, "currency", "product_data", "unit_amount")
    unit = _amount(price, "unit_amount", f"{at}[price_data][unit_amount]")
    currency = _one_of(price.get("currency"), _CURRENCIES, f"{at}[price_data][currency]")
    name = (price.get("product_data") or {}).get("name")
    if not currency or not name:
        raise missing(f"{at}[price_data][{'product_data][name' if currency else 'currency'}]")
    total = {"amount_subtotal": unit * quantity, "amount_total": unit * quantity, "amount_discount": 0, "amount_tax": 0}
    priced = {"id": new_id("price"), "object": "price", "currency": currency, "unit_amount": unit, "type": "one_time"}
    head = {"id": new_id("li"), "object": "item", "currency": currency, "description": name}
    return {**head, **total, "price": priced, "quantity": quantity}


def _total(lines: list[Obj]) -> int:
    if len({line["currency"] for line in lines}) > 1:
        raise Refusal("All prices in a Checkout Session must use the same currency.", param="line_items")
    total: int = sum(line["amount_total"] for line in lines)
    _judge_size(total, "line_items")
    return total


def _amount(params: Obj, name: str, at: str) -> int:
    amount = whole(params, name, at=at)
    if amount is None:
        raise missing(at)
    if amount < 1:
        raise Refusal("This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=at)
    _judge_size(amount, at)
    return amount


def _judge_size(amount: int, at: str) -> None:
    """Stripe takes eight digits, here ¥999,999.99."""
    if amount > _LARGEST:
        raise Refusal("Amount must be no more than ¥999,999.99", code="amount_too_large", param=at)


def _methods(params: Obj) -> list[str]:
    methods = params.get("payment_method_types") or ["card"]
    for index, method in enumerate(methods):
        _one_of(method, _METHODS, f"payment_method_types[{index}]")
    options = params.get("payment_method_options") or {}
    if "wechat_pay" in methods and (options.get("wechat_pay") or {}).get("client") != "web":
        raise missing("payment_method_options[wechat_pay][client]")
    return list(methods)


def _expiry(params: Obj) -> int:
    asked, created = whole(params, "expires_at"), now()
    if asked is None:
        return created + _LATEST
    if asked < created + _SOONEST:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise Refusal(message, param="expires_at")
    if asked > created + _LATEST:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise Refusal(message, param="expires_at")
    return asked


def _intent_data(params: Obj) -> Obj:
    given = params.get("payment_intent_data") or {}
    only(given, "metadata", "description", "transfer_data")
    notes = metadata(given, at="payment_intent_data[metadata]")
    transfer = given.get("transfer_data")
    if transfer is not None and not str(transfer.get("destination", "")).startswith("acct_"):
        at = "payment_intent_data[transfer_data][destination]"
        raise Refusal(f"No such destination: '{transfer.get('destination', '')}'", code="resource_missing", param=at)
    return {"metadata": notes, "description": given.get("description"), "transfer_data": transfer}


def _one_of(value: str | None, allowed: tuple[str, ...], at: str) -> str | None:
    if value is not None and value not in allowed:
        raise Refusal(f"Invalid {at}: must be one of {', '.join(allowed)}", param=at)
    return value
