"""Doors of contracts, deliveries and money."""

from contracts.views.bank import bank_import, bank_line, bank_queue, budget_line, payee_account
from contracts.views.delivery import delivery_decide, delivery_make, extension_answer, extension_ask
from contracts.views.files import (
    contract_deadlines,
    contract_file,
    contract_invoice_file,
    contract_pdf,
    contract_receipt,
)
from contracts.views.money import (
    payable_invoice,
    payment_confirm,
    payment_deny,
    payment_transfer,
    suspense_allocate,
    suspense_return,
)
from contracts.views.online import payment_back, payment_cancel, payment_online, payment_refund
from contracts.views.signing import (
    contract_change,
    contract_change_answer,
    contract_confirm,
    contract_page,
    contract_pass_over,
    contract_propose,
)
from contracts.views.webhooks import stripe_webhook

__all__ = [
    "bank_import",
    "bank_line",
    "bank_queue",
    "budget_line",
    "contract_change",
    "contract_change_answer",
    "contract_confirm",
    "contract_deadlines",
    "contract_file",
    "contract_invoice_file",
    "contract_page",
    "contract_pass_over",
    "contract_pdf",
    "contract_propose",
    "contract_receipt",
    "delivery_decide",
    "delivery_make",
    "extension_answer",
    "extension_ask",
    "payable_invoice",
    "payee_account",
    "payment_back",
    "payment_cancel",
    "payment_confirm",
    "payment_deny",
    "payment_online",
    "payment_refund",
    "payment_transfer",
    "stripe_webhook",
    "suspense_allocate",
    "suspense_return",
]
