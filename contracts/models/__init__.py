"""Contracts, deliveries, the ledger, and what banks and payment providers say."""

from contracts.models.bank import BankLine, BudgetLine, LineRuling, PayeeAccount, ProviderEvent
from contracts.models.contract import (
    Confirmation,
    Contract,
    ContractStatus,
    Milestone,
    MilestoneStatus,
    Side,
    Version,
    VersionStatus,
)
from contracts.models.delivery import (
    Delivery,
    DeliveryFile,
    DeliveryStatus,
    Extension,
    ExtensionStatus,
    ReturnReason,
)
from contracts.models.ledger import Account, Movement, MovementKind, Payable, Payment, PaymentMethod, Posting

__all__ = [
    "Account",
    "BankLine",
    "BudgetLine",
    "Confirmation",
    "Contract",
    "ContractStatus",
    "Delivery",
    "DeliveryFile",
    "DeliveryStatus",
    "Extension",
    "ExtensionStatus",
    "LineRuling",
    "Milestone",
    "MilestoneStatus",
    "Movement",
    "MovementKind",
    "Payable",
    "PayeeAccount",
    "Payment",
    "PaymentMethod",
    "Posting",
    "ProviderEvent",
    "ReturnReason",
    "Side",
    "Version",
    "VersionStatus",
]
