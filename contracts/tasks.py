"""What contracts ask of an organisation: to confirm, deliver, accept, answer, invoice, pay, confirm what arrived."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from contracts import queries
from contracts.models import (
    Account,
    Contract,
    ContractStatus,
    Delivery,
    DeliveryStatus,
    Extension,
    ExtensionStatus,
    Milestone,
    MilestoneStatus,
    Payable,
    PayeeAccount,
    Side,
    Version,
    VersionStatus,
)

_REQUEST = "contract__award__request"
_OF_MILESTONE = "milestone__contract__award__request"


def tasks_of(organisation: Organisation, now: datetime) -> Iterable[Task]:
    """Everything that waits for this organisation now; a fixed number of queries, however many contracts."""
    match Kind(organisation.kind):
        case Kind.AGENCY:
            yield from _texts(organisation, Side.AGENCY)
            yield from _deliveries(organisation)
            yield from _invoices(organisation)
            yield from _receipts(organisation)
        case Kind.ENTERPRISE | Kind.DEPARTMENT:
            yield from _texts(organisation, Side.BUYER)
            yield from _acceptances(Q(milestone__contract__buyer=organisation), _("验收第 %(n)s 期"))
            yield from _extensions(Q(milestone__contract__buyer=organisation))
            yield from _payments(organisation)
        case Kind.REGULATOR:
            yield from _acceptances(Q(escalated_at__isnull=False), _("采购人逾期未验收，作出决定：第 %(n)s 期"))
            yield from _extensions(Q(answer_due_at__lte=now))
            yield from _unsigned(now)


def _texts(organisation: Organisation, side: Side) -> Iterator[Task]:
    """Texts that the other side, or nobody, has confirmed yet."""
    mine = Q(contract__buyer=organisation) if side == Side.BUYER else Q(contract__agency=organisation)
    waiting = Version.objects.filter(
        mine,
        status=VersionStatus.OPEN,
        contract__status__in=[ContractStatus.DRAFTED, ContractStatus.SIGNED],
        contract__award__status="final",
    )
    for version in waiting.exclude(confirmations__side=side).select_related(_REQUEST):
        what = _("答复变更") if version.change else _("确认合同文本")
        due_at = None if version.change else version.contract.sign_due_at
        yield _task(what, version.contract, due_at)


def _deliveries(organisation: Organisation) -> Iterator[Task]:
    due = Milestone.objects.filter(
        contract__agency=organisation, contract__status=ContractStatus.SIGNED, status=MilestoneStatus.OPEN
    )
    for milestone in due.select_related(_REQUEST):
        yield _task(_("交付第 %(n)s 期") % {"n": milestone.n}, milestone.contract, milestone.due_at)


def _acceptances(which: Q, what: str) -> Iterator[Task]:
    waiting = Delivery.objects.filter(which, status=DeliveryStatus.WAITING)
    for delivery in waiting.select_related(_OF_MILESTONE):
        milestone = delivery.milestone
        yield _task(what % {"n": milestone.n}, milestone.contract, delivery.due_at or delivery.escalated_at)


def _extensions(which: Q) -> Iterator[Task]:
    """Not of a milestone that a change has dropped meanwhile."""
    asked = Extension.objects.filter(which, status=ExtensionStatus.ASKED)
    asked = asked.exclude(milestone__status=MilestoneStatus.DROPPED)
    for extension in asked.select_related(_OF_MILESTONE):
        what = _("答复第 %(n)s 期的延期申请") % {"n": extension.milestone.n}
        yield _task(what, extension.milestone.contract, extension.answer_due_at)


def _invoices(organisation: Organisation) -> Iterator[Task]:
    accepted = Payable.objects.filter(contract__agency=organisation, invoiced_at__isnull=True)
    for payable in accepted.select_related(_REQUEST, "milestone"):
        yield _task(_("登记第 %(n)s 期发票") % {"n": payable.milestone.n}, payable.contract)
    unpaid = Payable.objects.filter(contract__agency=organisation, settled_at__isnull=True)
    if unpaid.exists() and not PayeeAccount.objects.filter(organisation=organisation).exists():
        yield Task(_("登记收款账户"), "", reverse("payee_account"))


def _payments(organisation: Organisation) -> Iterator[Task]:
    """What is due; what was announced or is being paid online waits for its payee and must not be paid again."""
    open_ones = Payable.objects.filter(contract__payer=organisation, due_at__isnull=False, settled_at__isnull=True)
    in_due = Q(movements__postings__account=Account.DUE)
    owed = open_ones.annotate(due=Sum("movements__postings__amount", filter=in_due)).filter(due__gt=0)
    for payable in owed.select_related(_REQUEST, "milestone"):
        yield _task(_("支付第 %(n)s 期款项") % {"n": payable.milestone.n}, payable.contract, payable.due_at)


def _receipts(organisation: Organisation) -> Iterator[Task]:
    for payment in queries.pending_transfers(organisation):
        yield _task(_("核对到账"), payment.contract)
    lines = queries.waiting_lines(organisation).count()
    if lines:
        yield Task(_("核对 %(count)s 笔银行流水") % {"count": lines}, "", reverse("bank_queue"))
    for contract, _amount in queries.contracts_with_suspense(organisation):
        yield _task(_("处理暂收款"), contract)


def _unsigned(now: datetime) -> Iterator[Task]:
    late = Contract.objects.filter(status=ContractStatus.DRAFTED, sign_due_at__lte=now, award__status="final")
    for contract in late.select_related("award__request"):
        yield _task(_("合同逾期未签订"), contract, contract.sign_due_at)


def _task(what: str, contract: Contract, due_at: datetime | None = None) -> Task:
    request = contract.award.request
    return Task(what, request.title, reverse("contract_page", args=[request.number]), due_at)
