"""The annex of a contract: contacts and the payee's account. Not public; its text names a salted hash of it.

`SHA-256("contract-annex" ‖ salt ‖ JCS(annex))`: deleting the salt erases what the hash could ever prove (DESIGN §3).
"""

from typing import Any

from accounts.models import Organisation
from contracts.models import Contract, PayeeAccount
from journal import canon


def annex_of(contract: Contract) -> dict[str, Any]:
    """What the parties see beside the text, as it is now."""
    return annex_with(contract, PayeeAccount.objects.filter(organisation=contract.agency_id).first())


def annex_with(contract: Contract, account: PayeeAccount | None) -> dict[str, Any]:
    """The same with the payee's account already at hand."""
    return {
        "buyer": _contact(contract.buyer),
        "agency": _contact(contract.agency),
        "account": {"holder": contract.agency.name, "bank": account.bank, "number": account.number}
        if account
        else None,
    }


def commitment(salt: bytes, annex: dict[str, Any]) -> str:
    """The hash that the text names, in hex."""
    return canon.commitment("contract-annex", salt, annex)


def _contact(organisation: Organisation) -> dict[str, str]:
    return {
        "name": organisation.name,
        "contact": organisation.contact_name,
        "phone": organisation.contact_phone,
        "address": organisation.address,
    }
