"""Reads of contracts. One door to each object: absent and not yours look the same."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet, Sum
from django.http import Http404

from accounts.models import Kind, Organisation
from contracts.models import (
    Account,
    BankLine,
    Contract,
    ContractStatus,
    LineRuling,
    Payable,
    Payment,
    PaymentMethod,
    Posting,
)
from contracts.rules.ledger import Balances
from contracts.rules.matching import Open
from core.models import StoredFile

_RELATED = ("award__request__item", "award__request__region", "award__winner", "buyer", "agency", "payer")


def contract_in_public(number: str) -> Contract:
    """The newest contract in the case of that number; raises Http404."""
    found = Contract.objects.filter(award__request__number=number).select_related(*_RELATED).order_by("-pk").first()
    if found is None:
        raise Http404(number)
    return found


def contracts_of(organisation: Organisation) -> QuerySet[Contract]:
    """The contracts of a party, the newest first."""
    mine = Contract.objects.filter(Q(buyer=organisation) | Q(agency=organisation))
    return mine.select_related(*_RELATED).order_by("-drafted_at", "-pk")


def sees_private(contract: Contract, organisation: Organisation | None) -> bool:
    """Who sees annex, account and confidential files: the parties, and the regulators (P20.9)."""
    if organisation is None:
        return False
    return organisation.pk in (contract.buyer_id, contract.agency_id) or organisation.kind == Kind.REGULATOR


def open_payables(agency: Organisation, only: Payable | None = None) -> list[Open]:
    """What an agency can still be paid, as matching reads it; also what is paid already, so that its codes are known."""
    payables = Payable.objects.filter(contract__agency=agency)
    if only is not None:
        payables = payables.filter(pk=only.pk)
    payables = payables.select_related("contract__payer", "contract__award__request")
    owed = owed_by_payable(payables)
    return [
        Open(
            code=payable.code,
            contract_number=payable.contract.award.request.number or "",
            open_amount=owed.get(payable.pk, 0),
            payer_name=payable.contract.payer.name,
            government=payable.contract.government,
        )
        for payable in payables
    ]


def owed_by_payable(payables: Iterable[Payable]) -> dict[int, int]:
    """Payable → what is due or on its way, in fen; one query."""
    rows = Posting.objects.filter(
        movement__payable__in=[payable.pk for payable in payables], account__in=[Account.DUE, Account.PENDING]
    )
    return dict(rows.values_list("movement__payable").annotate(sum=Sum("amount")).order_by())


def balances_by_payable(contract: Contract) -> dict[int, Balances]:
    """Payable → what its accounts hold; one query."""
    return _grouped(Posting.objects.filter(movement__contract=contract, movement__payable__isnull=False), "payable")


def balances_by_payment(contract: Contract) -> dict[int, Balances]:
    """Payment → what its accounts hold; one query."""
    return _grouped(Posting.objects.filter(movement__contract=contract, movement__payment__isnull=False), "payment")


def balances_by_contract(contracts: Iterable[Contract]) -> dict[int, Balances]:
    """Contract → what its accounts hold; one query."""
    return _grouped(Posting.objects.filter(movement__contract__in=[c.pk for c in contracts]), "contract")


def balances_of_party(organisation: Organisation) -> Balances:
    """What the accounts of all of a party's contracts hold together."""
    mine = Q(movement__contract__buyer=organisation) | Q(movement__contract__agency=organisation)
    rows = Posting.objects.filter(mine).values_list("account").annotate(sum=Sum("amount")).order_by()
    return Balances({Account(account): amount for account, amount in rows})


def fingerprints(organisation: Organisation) -> set[str]:
    """The lines of statements that were taken in."""
    return set(BankLine.objects.filter(organisation=organisation).values_list("fingerprint", flat=True))


def waiting_lines(organisation: Organisation) -> QuerySet[BankLine]:
    """Lines that match nothing, the oldest first."""
    return BankLine.objects.filter(organisation=organisation, ruling=LineRuling.WAITING).order_by("booked_on", "pk")


def contracts_with_suspense(organisation: Organisation) -> list[tuple[Contract, int]]:
    """An agency's contracts that hold money which settles nothing, and how much (fen)."""
    rows = (
        Posting.objects.filter(movement__contract__agency=organisation, account=Account.SUSPENSE)
        .values_list("movement__contract")
        .annotate(sum=Sum("amount"))
        .filter(sum__gt=0)
        .order_by()
    )
    sums = dict(rows)
    return [(one, sums[one.pk]) for one in Contract.objects.filter(pk__in=sums).select_related(*_RELATED)]


def pending_transfers(organisation: Organisation) -> QuerySet[Payment]:
    """Announced transfers that the payee has not said anything about, the oldest first."""
    return (
        Payment.objects.filter(contract__agency=organisation, method=PaymentMethod.TRANSFER)
        .annotate(pending=Sum("movements__postings__amount", filter=Q(movements__postings__account=Account.PENDING)))
        .filter(pending__gt=0)
        .select_related("payable__milestone", "contract__award__request", "contract__payer")
        .order_by("started_at")
    )


def payment_record(buyer: Organisation) -> dict[str, int]:
    """How a buyer pays: amounts settled in time, late, and overdue now (R7: paid on time)."""
    payables = Payable.objects.filter(contract__payer=buyer, due_at__isnull=False)
    return {
        "in_time": payables.filter(settled_at__lte=F("due_at")).count(),
        "late": payables.filter(settled_at__gt=F("due_at")).count(),
        "overdue": payables.filter(settled_at__isnull=True, overdue_noted_at__isnull=False).count(),
    }


def shows_file(stored: StoredFile) -> bool:
    """Is it a delivered file that is not confidential?"""
    shown = stored.pk is not None and Contract.objects.filter(
        milestones__deliveries__files__file=stored, milestones__deliveries__files__confidential=False
    ).exclude(status=ContractStatus.VOID)
    return (
        bool(shown)
        and not Contract.objects.filter(
            milestones__deliveries__files__file=stored, milestones__deliveries__files__confidential=True
        ).exists()
    )


def _grouped(postings: QuerySet[Posting], by: str) -> dict[int, Balances]:
    found: dict[int, dict[Account, int]] = {}
    rows = postings.values_list(f"movement__{by}", "account").annotate(sum=Sum("amount")).order_by()
    for key, account, amount in rows:
        found.setdefault(key, {})[Account(account)] = amount
    return {key: Balances(of) for key, of in found.items()}
