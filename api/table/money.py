"""Invoice, pay, take in what arrived."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from api.callers import Caller, Who
from api.reads import Read
from api.shapes.contracts import ACCOUNT, BUDGET, CHECKOUT, PAYMENT, PREVIEW
from api.table.finding import signed
from api.verbs import Verb
from contracts import actions
from contracts import forms as made
from contracts.models import BankLine, LineRuling, Payable
from contracts.page import page_of
from contracts.rules import statement
from contracts.views.money import number_of_payable, number_of_payment

_ONE = "contracts/<str:number>/"


def _owed(pk: int) -> int:
    number_of_payable(pk)
    return pk


def _paid(pk: int) -> int:
    number_of_payment(pk)
    return pk


def _payment(c: Caller, pk: int) -> Any:
    """As the contract's page has it."""
    page = page_of(number_of_payment(pk), c.member_of)
    return next(row for payable in page.payables for row in payable.payments if row.payment.pk == pk)


def _online(c: Caller, form: Any, pk: int) -> Any:
    data = form.cleaned_data
    return actions.pay_online(c.user, c.organisation, _owed(pk), data["key"], data["method"], data["amount"])


def _check(c: Caller, _form: Any, pk: int) -> Any:
    actions.ask_what_came_of_it(c.organisation, pk)
    return _payment(c, pk)


def _transfer(c: Caller, form: Any, pk: int) -> Any:
    data = form.cleaned_data
    said = data["key"], data["amount"], data["paid_on"], data["receipt"]
    return actions.announce_transfer(c.user, c.organisation, _owed(pk), *said)


def _account(c: Caller, form: Any) -> Any:
    data = form.cleaned_data
    return actions.set_account(c.user, c.organisation, data["bank"], data["number"], data["online"])


def _lines(take: Callable[[Caller, Any], Any], c: Caller, form: Any) -> Any:
    upload = form.cleaned_data["file"]
    return take(c, statement.read(upload.read(), upload.name or "").lines)


def _preview(c: Caller, lines: Any) -> Any:
    return actions.preview(c.organisation, lines)


def _import(c: Caller, lines: Any) -> Any:
    """What each line is, as the preview would have said, and then it is taken in."""
    found = actions.preview(c.organisation, lines)
    actions.import_lines(c.user, c.organisation, lines)
    return found


def _line(by: Organisation, pk: int) -> int:
    if not BankLine.objects.filter(pk=pk, organisation=by).exists():
        raise Http404
    return pk


def _allocate_form(c: Caller, data: Any, _files: Any, **_places: Any) -> forms.Form:
    mine = Payable.objects.filter(contract__agency=c.organisation).values_list("pk", "code")
    return made.AllocateLineForm(data, payables=list(mine))


def _dismiss(c: Caller, form: Any, pk: int) -> Any:
    data = form.cleaned_data
    ruling = LineRuling(data["ruling"])
    return actions.dismiss_line(c.user, c.organisation, _line(c.organisation, pk), ruling, data["note"])


_R9: dict[str, Any] = {"clauses": ("R9",)}
READS = [
    Read("payment", "payments/<int:pk>/", _("一次付款的状态"), _payment, PAYMENT, ("contract_page",), **_R9),
]
VERBS = [
    Verb(
        "payment_online",
        "payables/<int:pk>/online/",
        _("发起在线支付，答复中有支付页地址"),
        _online,
        ("payment_online",),
        form=made.OnlineForm,
        shape=CHECKOUT,
        status=201,
        **_R9,
    ),
    Verb(
        "payment_check",
        "payments/<int:pk>/check/",
        _("向支付服务核对结果"),
        _check,
        ("payment_back",),
        shape=PAYMENT,
        **_R9,
    ),
    Verb(
        "suspense_return",
        _ONE + "suspense/return/",
        _("退回暂收款"),
        lambda c, f, number: actions.return_suspense(
            c.organisation, signed(number), f.cleaned_data["amount"], f.cleaned_data["reason"]
        ),
        ("suspense_return",),
        form=made.ReturnForm,
        **_R9,
    ),
    Verb(
        "invoice",
        "payables/<int:pk>/invoice/",
        _("登记发票"),
        lambda c, f, pk: actions.invoice(
            c.organisation, _owed(pk), f.cleaned_data["invoice_number"], f.cleaned_data["file"]
        ),
        ("payable_invoice",),
        form=made.InvoiceForm,
        **_R9,
    ),
    Verb(
        "transfer",
        "payables/<int:pk>/transfer/",
        _("登记对公转账"),
        _transfer,
        ("payment_transfer",),
        form=made.TransferForm,
        **_R9,
    ),
    Verb(
        "suspense_allocate",
        "payables/<int:pk>/suspense/",
        _("以暂收款入账"),
        lambda c, f, pk: actions.allocate_suspense(c.organisation, _owed(pk), f.cleaned_data["amount"]),
        ("suspense_allocate",),
        form=made.AmountForm,
        **_R9,
    ),
    Verb(
        "payment_confirm",
        "payments/<int:pk>/confirm/",
        _("确认到账"),
        lambda c, f, pk: actions.confirm_receipt(c.organisation, _paid(pk), f.cleaned_data["amount"]),
        ("payment_confirm",),
        form=made.ReceivedForm,
        **_R9,
    ),
    Verb(
        "payment_deny",
        "payments/<int:pk>/deny/",
        _("说明未到账"),
        lambda c, f, pk: actions.deny_receipt(c.organisation, _paid(pk), f.cleaned_data["reason"]),
        ("payment_deny",),
        form=made.ReasonForm,
        **_R9,
    ),
    Verb(
        "payment_cancel",
        "payments/<int:pk>/cancel/",
        _("取消在线支付"),
        lambda c, _f, pk: actions.cancel_online(c.organisation, _paid(pk)),
        ("payment_cancel",),
        **_R9,
    ),
    Verb(
        "payment_refund",
        "payments/<int:pk>/refund/",
        _("退回在线付款"),
        lambda c, f, pk: actions.refund_online(
            c.organisation, _paid(pk), f.cleaned_data["amount"], f.cleaned_data["key"]
        ),
        ("payment_refund",),
        form=made.RefundForm,
        **_R9,
    ),
    Verb(
        "account_set",
        "me/account/",
        _("收款账户"),
        _account,
        ("payee_account",),
        Who.AGENCY,
        made.AccountForm,
        shape=ACCOUNT,
        method="PUT",
        **_R9,
    ),
    Verb(
        "budget_set",
        "me/budget/",
        _("预算项目"),
        lambda c, f: actions.set_budget_line(c.organisation, f.cleaned_data["name"], f.cleaned_data["total"]),
        ("budget_line",),
        Who.DEPARTMENT,
        made.BudgetForm,
        shape=BUDGET,
        method="PUT",
        clauses=("P20.7",),
    ),
    Verb(
        "bank_preview",
        "me/bank-lines/preview/",
        _("预览银行流水"),
        partial(_lines, _preview),
        ("bank_import",),
        Who.AGENCY,
        made.StatementForm,
        shape=PREVIEW,
        **_R9,
    ),
    Verb(
        "bank_import",
        "me/bank-lines/",
        _("导入银行流水"),
        partial(_lines, _import),
        ("bank_import",),
        Who.AGENCY,
        made.StatementForm,
        shape=PREVIEW,
        **_R9,
    ),
    Verb(
        "bank_allocate",
        "me/bank-lines/<int:pk>/allocate/",
        _("流水对应应付款"),
        lambda c, f, pk: actions.allocate_line(
            c.user, c.organisation, _line(c.organisation, pk), f.cleaned_data["payable"]
        ),
        ("bank_line",),
        Who.AGENCY,
        made.AllocateLineForm,
        _allocate_form,
        **_R9,
    ),
    Verb(
        "bank_dismiss",
        "me/bank-lines/<int:pk>/dismiss/",
        _("流水与平台无关"),
        _dismiss,
        ("bank_line",),
        Who.AGENCY,
        made.DismissForm,
        **_R9,
    ),
]
