"""What people do with contracts, deliveries and money. One verb, one function, one transaction."""

from contracts.actions.accounts import set_account, set_budget_line
from contracts.actions.bank import allocate_line, dismiss_line, import_lines, preview
from contracts.actions.changes import propose_change, refuse_change, withdraw_change
from contracts.actions.delivery import Upload, answer_extension, ask_for_time, decide, deliver
from contracts.actions.events import take_event
from contracts.actions.money import (
    allocate_suspense,
    announce_transfer,
    confirm_receipt,
    deny_receipt,
    invoice,
    return_suspense,
)
from contracts.actions.online import ask_what_came_of_it, cancel_online, check, pay_online, refund_online
from contracts.actions.signing import confirm, draft_contract, pass_over, propose

__all__ = [
    "Upload",
    "allocate_line",
    "allocate_suspense",
    "announce_transfer",
    "answer_extension",
    "ask_for_time",
    "ask_what_came_of_it",
    "cancel_online",
    "check",
    "confirm",
    "confirm_receipt",
    "decide",
    "deliver",
    "deny_receipt",
    "dismiss_line",
    "draft_contract",
    "import_lines",
    "invoice",
    "pass_over",
    "pay_online",
    "preview",
    "propose",
    "propose_change",
    "refund_online",
    "refuse_change",
    "return_suspense",
    "set_account",
    "set_budget_line",
    "take_event",
    "withdraw_change",
]
