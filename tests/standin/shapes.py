"""The objects as the API answers them: every field that the SDK lists and a payment of ours could meet, and no other."""

from typing import Any

from tests.standin.state import new_id, now
from tests.standin.wire import Obj

_PAGE_LOOKS: Obj = {
    "adaptive_pricing": None,
    "after_expiration": None,
    "allow_promotion_codes": None,
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "billing_address_collection": None,
    "client_secret": None,
    "consent": None,
    "consent_collection": None,
    "currency_conversion": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer": None,
    "customer_creation": "if_required",
    "customer_details": None,
    "discounts": [],
    "invoice": None,
    "invoice_creation": None,
    "mode": "payment",
    "origin_context": None,
    "payment_link": None,
    "payment_method_collection": "if_required",
    "payment_method_configuration_details": None,
    "permissions": None,
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "setup_intent": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "submit_type": None,
    "subscription": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted_page",
    "wallet_options": None,
}


def session(base: str, amount: int, currency: str, **given: Any) -> Obj:
    ident = new_id("cs_test")
    return {
        "id": ident,
        "object": "checkout.session",
        **_PAGE_LOOKS,
        "amount_subtotal": amount,
        "amount_total": amount,
        "created": now(),
        "currency": currency,
        "livemode": False,
        # Stripe makes the intent when the payer first tries to pay.
        "payment_intent": None,
        "payment_status": "unpaid",
        "status": "open",
        "url": f"{base}/pay/{ident}",
        **given,
    }


def intent(amount: int, currency: str, **given: Any) -> Obj:
    ident = new_id("pi")
    return {
        "id": ident,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{ident}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now(),
        "currency": currency,
        "customer": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
        **given,
    }


def charge(of: Obj, method: str, *, failure: Obj | None = None) -> Obj:
    """What an attempt to pay leaves behind, paid or failed."""
    paid = failure is None
    return {
        "id": new_id("ch" if method == "card" else "py"),
        "object": "charge",
        "amount": of["amount"],
        "amount_captured": of["amount"] if paid else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": new_id("txn") if paid else None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": None,
        "captured": paid,
        "created": now(),
        "currency": of["currency"],
        "customer": None,
        "description": of["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None if failure is None else failure["code"],
        "failure_message": None if failure is None else failure["message"],
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(of["metadata"]),
        "on_behalf_of": None,
        "outcome": {"network_status": "approved_by_network" if paid else "declined_by_network", "type": "authorized"},
        "paid": paid,
        "payment_intent": of["id"],
        "payment_method": of["payment_method"],
        "payment_method_details": {"type": method, method: {}},
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded" if paid else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }


def refund(of: Obj, amount: int, **given: Any) -> Obj:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn"),
        "charge": of["id"],
        "created": now(),
        "currency": of["currency"],
        "destination_details": {"type": of["payment_method_details"]["type"]},
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
        **given,
    }


def dispute(of: Obj, amount: int, reason: str) -> Obj:
    due = {"due_by": now() + 7 * 86400, "has_evidence": False, "past_due": False, "submission_count": 0}
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": of["id"],
        "created": now(),
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": due,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "payment_method_details": {"type": of["payment_method_details"]["type"]},
        "reason": reason,
        "status": "needs_response",
    }
