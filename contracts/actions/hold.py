"""Hold a contract's case, and know who speaks. The case row of the request is the lock for all of it."""

from django.db.models import Sum

from accounts.models import Kind, Organisation
from bidding.models import AwardStatus
from contracts.models import Contract, ContractStatus, Milestone, Side
from contracts.rules.signing import NoContractYet, NotAParty
from journal.actions import Held, lock_case

_RELATED = ("award__request__item", "award__request__region", "award__winner", "buyer", "agency", "payer")


def hold(number: str) -> tuple[Held, Contract]:
    """Lock the case, then read its newest contract; raises NoContractYet, or Case.DoesNotExist for an unknown number."""
    held = lock_case(number)
    found = Contract.objects.filter(award__request__number=number).select_related(*_RELATED).order_by("-pk").first()
    if found is None or (found.status == ContractStatus.DRAFTED and found.award.status != AwardStatus.FINAL):
        raise NoContractYet()
    return held, found


def number_of(contract: Contract) -> str:
    """The number of the request whose case the contract stands in."""
    return contract.award.request.number or ""


def party_of(contract: Contract, organisation: Organisation) -> Side:
    """Which of the two parties the organisation is; raises NotAParty."""
    if organisation.pk == contract.buyer_id:
        return Side.BUYER
    if organisation.pk == contract.agency_id:
        return Side.AGENCY
    raise NotAParty()


def must_be(contract: Contract, organisation: Organisation, side: Side) -> None:
    """Raise NotAParty unless the organisation is that side; a regulator is none of the two (I9)."""
    if side == Side.REGULATOR:
        if organisation.kind != Kind.REGULATOR or organisation.pk in (contract.buyer_id, contract.agency_id):
            raise NotAParty()
    elif party_of(contract, organisation) != side:
        raise NotAParty()


def accepted_of(milestone: Milestone) -> int:
    """What of a milestone's price was accepted so far, in fen."""
    return milestone.deliveries.aggregate(sum=Sum("accepted"))["sum"] or 0
