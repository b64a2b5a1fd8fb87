"""Sign, deliver, accept, pay."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from api.callers import Caller, Who
from api.reads import Read
from api.shapes.contracts import ACCOUNT, BUDGET, PREVIEW
from api.verbs import Verb
from contracts import actions, plan_form, queries
from contracts import forms as made
from contracts.actions.payer import refuse_another_payer
from contracts.models import BankLine, DeliveryStatus, LineRuling, Payable
from contracts.page import page_of
from contracts.rules import statement
from contracts.views.money import number_of_payable, number_of_payment
from contracts.views.shown import plan_options

READS: list[Read] = []
_ONE = "contracts/<str:number>/"
_N = _ONE + "milestones/<int:n>/"
_COLUMNS = ("n", "name", "deliverables", "amount", "due_wd")


def _of(number: str) -> str:
    queries.contract_in_public(number)
    return number


def _owed(pk: int) -> int:
    number_of_payable(pk)
    return pk


def _paid(pk: int) -> int:
    number_of_payment(pk)
    return pk


def _plan(kind: type[plan_form.PlanForm], caller: Caller, data: Any, _files: Any, number: str) -> forms.Form:
    return kind(data, key="c", **plan_options(page_of(number, caller.organisation)))


def _rows(body: Mapping[str, Any]) -> dict[str, Any]:
    """`plan`, a list of milestones, as the columns of the page's form."""
    rest = {name: value for name, value in body.items() if name != "plan"}
    plan = body.get("plan")
    rows = [row for row in plan if isinstance(row, dict)] if isinstance(plan, list) else []
    columns = {f"stage_{name}": ["" if row.get(name) is None else row[name] for row in rows] for name in _COLUMNS}
    return {**rest, **columns, "stage_drop": [row["n"] for row in rows if row.get("drop") and "n" in row]}


def _rows_schema() -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in ("name", "deliverables", "amount")}
    numbers = {name: {"type": "integer"} for name in ("n", "due_wd")}
    row = {"type": "object", "properties": {**texts, **numbers, "drop": {"type": "boolean"}}}
    return {"plan": {"type": "array", "items": row}}


def _propose(c: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    return actions.propose(c.user, c.organisation, number, data["plan"], data["terms"], data["payer"])


def _propose_change(c: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    refuse_another_payer(c.organisation, number, data["payer"])
    return actions.propose_change(c.user, c.organisation, number, data["plan"], data["reason"], data["terms"])


def _decide(c: Caller, form: Any, number: str, n: int) -> Any:
    data = form.cleaned_data
    verdict, amount = DeliveryStatus(data["verdict"]), data["amount"] or 0
    return actions.decide(
        c.user, c.organisation, _of(number), n, verdict, amount=amount, reason=data["reason"], opinion=data["opinion"]
    )


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
_PLAN: dict[str, Any] = {"spread": _rows, "extra": _rows_schema, **_R9}
VERBS = [
    Verb(
        "contract_propose",
        _ONE + "proposals/",
        _("提出合同文本"),
        _propose,
        ("contract_propose",),
        form=plan_form.PlanForm,
        bind=partial(_plan, plan_form.PlanForm),
        **_PLAN,
    ),
    Verb(
        "contract_change",
        _ONE + "changes/",
        _("提出合同变更"),
        _propose_change,
        ("contract_change",),
        form=plan_form.ChangeForm,
        bind=partial(_plan, plan_form.ChangeForm),
        **_PLAN,
    ),
    Verb(
        "contract_confirm",
        _ONE + "confirm/",
        _("确认合同文本"),
        lambda c, f, number: actions.confirm(c.user, c.organisation, _of(number), f.cleaned_data["sha256"]),
        ("contract_confirm",),
        form=made.ConfirmForm,
        **_R9,
    ),
    Verb(
        "contract_refuse_change",
        _ONE + "changes/refuse/",
        _("不同意变更"),
        lambda c, f, number: actions.refuse_change(c.organisation, _of(number), f.cleaned_data["reason"]),
        ("contract_change_answer",),
        form=made.ReasonForm,
        **_R9,
    ),
    Verb(
        "contract_withdraw_change",
        _ONE + "changes/withdraw/",
        _("撤回变更"),
        lambda c, _f, number: actions.withdraw_change(c.organisation, _of(number)),
        ("contract_change_answer",),
        **_R9,
    ),
    Verb(
        "contract_pass_over",
        _ONE + "pass-over/",
        _("中选机构逾期未签，递补"),
        lambda c, _f, number: actions.pass_over(c.organisation, _of(number)),
        ("contract_pass_over",),
        **_R9,
    ),
    Verb(
        "deliver",
        _N + "deliveries/",
        _("交付成果"),
        lambda c, f, number, n: actions.deliver(
            c.user, c.organisation, _of(number), n, f.uploads(), f.cleaned_data["note"]
        ),
        ("delivery_make",),
        form=made.DeliverForm,
        like=made.DeliverForm,
        status=201,
        **_R9,
    ),
    Verb("delivery_decide", _N + "decide/", _("验收"), _decide, ("delivery_decide",), form=made.DecideForm, **_R9),
    Verb(
        "extension_ask",
        _N + "extension/",
        _("申请延期"),
        lambda c, f, number, n: actions.ask_for_time(
            c.organisation, _of(number), n, f.cleaned_data["wd"], f.cleaned_data["reason"]
        ),
        ("extension_ask",),
        form=made.ExtensionForm,
        **_R9,
    ),
    Verb(
        "extension_answer",
        _N + "extension/answer/",
        _("答复延期申请"),
        lambda c, f, number, n: actions.answer_extension(
            c.organisation, _of(number), n, f.cleaned_data["answer"], granted=f.cleaned_data["granted"] == "1"
        ),
        ("extension_answer",),
        form=made.ExtensionAnswerForm,
        **_R9,
    ),
    Verb(
        "suspense_return",
        _ONE + "suspense/return/",
        _("退回暂收款"),
        lambda c, f, number: actions.return_suspense(
            c.organisation, _of(number), f.cleaned_data["amount"], f.cleaned_data["reason"]
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
