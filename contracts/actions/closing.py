"""When a contract is at its end (R9). Parts of larger verbs: the case is held by the caller."""

from contracts import entries, news
from contracts.actions.ledger import balances_of
from contracts.models import Contract, ContractStatus, MilestoneStatus, VersionStatus
from journal.actions import Held
from marketplace.models import Request, RequestStatus


def close_if_done(held: Held, contract: Contract) -> None:
    """Complete the contract if all is accepted and paid; open it again if a refund or dispute undid that."""
    balances = balances_of(contract)
    working = contract.milestones.filter(status__in=(MilestoneStatus.OPEN, MilestoneStatus.DELIVERED)).exists()
    done = balances.nothing_open and not working
    match ContractStatus(contract.status):
        case ContractStatus.SIGNED if done:
            contract.versions.filter(status=VersionStatus.OPEN).update(status=VersionStatus.WITHDRAWN)
            contract.completed_at = held.now
            _move(contract, ContractStatus.COMPLETED, RequestStatus.CONTRACTED, RequestStatus.COMPLETED)
            held.append(*entries.completed())
            news.contract_completed(contract)
        case ContractStatus.COMPLETED if not done:
            _move(contract, ContractStatus.SIGNED, RequestStatus.COMPLETED, RequestStatus.CONTRACTED)
            held.append(*entries.reopened("money_went_back"))
        case _:
            pass


def end_if_terminated(held: Held, contract: Contract) -> None:
    """Both sides dropped everything before any of it was accepted: the request came to nothing."""
    if contract.status == ContractStatus.TERMINATED:
        moved = Request.objects.filter(number=held.name, status=RequestStatus.CONTRACTED)
        assert moved.update(status=RequestStatus.FAILED) == 1, f"{held.name} was not contracted"
        held.append(*entries.terminated())


def _move(contract: Contract, status: ContractStatus, before: RequestStatus, after: RequestStatus) -> None:
    contract.status = status
    contract.save(update_fields=["status", "completed_at"])
    moved = Request.objects.filter(pk=contract.award.request_id, status=before).update(status=after)
    assert moved == 1, f"request {contract.award.request_id} was not {before}"
