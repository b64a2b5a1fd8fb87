"""Doors of paying online. What the provider says is asked for, never believed from an address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from contracts import actions, queries
from contracts.forms import DoorForm, OnlineForm, RefundForm
from contracts.models import Account, Payment
from contracts.views.money import number_of_payable, number_of_payment
from contracts.views.shown import contract_address, show, told
from core.errors import Refused
from core.http import refused_to_form


@doors.limited("60/m")
@doors.member_required
@require_POST
def payment_online(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Begin to pay, and go on to the provider's page."""
    number = number_of_payable(pk)
    form = OnlineForm(request.POST, key=f"online-p{pk}")
    if form.is_valid():
        data = form.cleaned_data
        try:
            payment = actions.pay_online(
                request.user, request.organisation, pk, data["key"], data["method"], data["amount"]
            )
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            if not payment.address:
                messages.warning(request, _("支付服务没有接受该笔付款，款项仍为应付；请改用其他金额或对公转账。"))
            return HttpResponseRedirect(payment.address or contract_address(number, f"payable-{pk}"), status=303)
    return show(request, number, bound=form)


@doors.limited("60/m")
@doors.member_required
@require_POST
def payment_cancel(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Give a checkout up."""
    return told(
        request,
        number_of_payment(pk),
        DoorForm(request.POST, key=f"cancel-t{pk}"),
        lambda _data: actions.cancel_online(request.organisation, pk),
        _("已取消该次在线支付；若取消前已付款，以核对结果为准。"),
        part="money",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def payment_refund(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Give back what was paid online."""
    return told(
        request,
        number_of_payment(pk),
        RefundForm(request.POST, key=f"refund-t{pk}"),
        lambda data: actions.refund_online(request.organisation, pk, data["amount"], data["key"]),
        _("已提交退款，状态以核对结果为准。"),
        part="money",
    )


@doors.limited("60/m")
@doors.member_required
@require_safe
def payment_back(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Back from the provider, paid or not: ask it, and say what came of it."""
    number = number_of_payment(pk)
    try:
        payment = actions.ask_what_came_of_it(request.organisation, pk)
    except Http404:
        return redirect(contract_address(number, "money"))
    _say_what_came_of_it(request, payment)
    return redirect(contract_address(number, f"payable-{payment.payable_id}"))


def _say_what_came_of_it(request: HttpRequest, payment: Payment) -> None:
    own = queries.balances_by_payment(payment.contract).get(payment.pk)
    if own is not None and own[Account.PAYEE] + own[Account.SUSPENSE] > 0:
        messages.success(request, _("支付成功，款项已入账。"))
    elif own is not None and own[Account.PENDING] > 0:
        messages.info(request, _("支付结果尚未确认，平台会自动核对，请勿重复支付。"))
    else:
        messages.warning(request, _("支付没有完成，该笔款项仍为应付。"))
