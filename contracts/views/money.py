"""Doors of invoice, bank transfer and what arrived."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import doors
from contracts import actions, queries
from contracts.forms import AmountForm, InvoiceForm, ReasonForm, ReceivedForm, ReturnForm, TransferForm
from contracts.models import Payable, Payment
from contracts.views.shown import told


def number_of_payable(pk: int) -> str:
    """The number of the request it belongs to; raises Http404."""
    payable = get_object_or_404(Payable.objects.select_related("contract__award__request"), pk=pk)
    return payable.contract.award.request.number or ""


def number_of_payment(pk: int) -> str:
    """The number of the request it belongs to; raises Http404."""
    payment = get_object_or_404(Payment.objects.select_related("contract__award__request"), pk=pk)
    return payment.contract.award.request.number or ""


@doors.limited("60/m")
@doors.member_required
@require_POST
def payable_invoice(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Record the invoice of what was accepted."""
    return told(
        request,
        number_of_payable(pk),
        InvoiceForm(request.POST, request.FILES, key=f"invoice-p{pk}"),
        lambda data: actions.invoice(request.organisation, pk, data["invoice_number"], data["file"]),
        _("发票已登记，付款期限开始计算。"),
        part=f"payable-{pk}",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def payment_transfer(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The payer has paid by bank."""
    return told(
        request,
        number_of_payable(pk),
        TransferForm(request.POST, request.FILES, key=f"transfer-p{pk}"),
        lambda data: actions.announce_transfer(
            request.user, request.organisation, pk, data["key"], data["amount"], data["paid_on"], data["receipt"]
        ),
        _("已登记转账，等待收款机构核对到账。"),
        part=f"payable-{pk}",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def payment_confirm(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The payee says what arrived."""
    return told(
        request,
        number_of_payment(pk),
        ReceivedForm(request.POST, key=f"received-t{pk}"),
        lambda data: actions.confirm_receipt(request.organisation, pk, data["amount"]),
        _("到账已确认并入账。"),
        part="money",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def payment_deny(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The payee says that nothing arrived."""
    return told(
        request,
        number_of_payment(pk),
        ReasonForm(request.POST, key=f"deny-t{pk}"),
        lambda data: actions.deny_receipt(request.organisation, pk, data["reason"]),
        _("已记录未到账，该笔款项恢复为应付。"),
        part="money",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def suspense_return(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Send back what came too much."""
    queries.contract_in_public(number)
    return told(
        request,
        number,
        ReturnForm(request.POST, key="return-c"),
        lambda data: actions.return_suspense(request.organisation, number, data["amount"], data["reason"]),
        _("已登记退回。"),
        part="money",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def suspense_allocate(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Use what came too much for an amount that is due."""
    return told(
        request,
        number_of_payable(pk),
        AmountForm(request.POST, key=f"allocate-p{pk}"),
        lambda data: actions.allocate_suspense(request.organisation, pk, data["amount"]),
        _("暂收款已入账。"),
        part=f"payable-{pk}",
    )
