"""Doors of the payee's bank: where it is paid, statements, and the queue of what has to be looked at (对账)."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import doors
from accounts.models import Kind, Organisation
from contracts import actions, queries
from contracts.forms import AccountForm, AllocateLineForm, BudgetForm, DismissForm, StatementForm
from contracts.models import BankLine, BudgetLine, LineRuling, Payable, PayeeAccount
from contracts.rules import statement
from contracts.rules.matching import Match, Verdict, match
from contracts.rules.statement import Why
from contracts.views.kept import forget, keep, kept
from core.errors import Refused
from core.http import refused_to_form
from core.money import shown


class _Owed(NamedTuple):
    """An amount that a line may pay."""

    pk: int
    code: str
    label: str


@doors.limited("30/m")
@doors.agency_required
@require_http_methods(["GET", "POST"])
def payee_account(request: doors.DeskRequest) -> HttpResponse:
    """Where the agency is paid, in its own name."""
    account = PayeeAccount.objects.filter(organisation=request.organisation).first()
    known = {"bank": account.bank, "number": account.number, "online": account.online} if account else {}
    form = AccountForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_account(request.user, request.organisation, data["bank"], data["number"], data["online"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("收款账户已保存。尚未签订的合同已换成写有新账户的文本。"))
            return redirect("payee_account")
    context = {"form": form, "account": account}
    return render(request, "contracts/account.html", context, status=400 if form.errors else 200)


@doors.agency_required
@require_GET
def bank_queue(request: doors.DeskRequest) -> HttpResponse:
    """What waits: lines that match nothing, money in suspense, transfers announced and not confirmed."""
    return _queue(request)


@doors.limited("30/m")
@doors.agency_required
@require_POST
def bank_import(request: doors.DeskRequest) -> HttpResponse:
    """Show what a statement would do; with the key of such a preview, do it. A preview keeps nothing for long."""
    if key := request.POST.get("key", ""):
        return _import(request, key)
    form = StatementForm(request.POST, request.FILES, key="statement")
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            read = statement.read(upload.read(), upload.name or "")
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return _preview(request, read)
    return _queue(request, form)


@doors.limited("60/m")
@doors.agency_required
@require_POST
def bank_line(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Say which amount a waiting line belongs to, or that it pays nothing here."""
    if not BankLine.objects.filter(pk=pk, organisation=request.organisation).exists():
        raise Http404
    form: forms.Form
    allocating = "payable" in request.POST
    if allocating:
        form = AllocateLineForm(
            request.POST, key=f"allocate-{pk}", payables=[(one.pk, one.label) for one in _open(request.organisation)]
        )
    else:
        form = DismissForm(request.POST, key=f"dismiss-{pk}")
    if form.is_valid():
        try:
            _rule(request, pk, form.cleaned_data)
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("该笔流水已处理。"))
            return redirect("bank_queue")
    return _queue(request, form)


@doors.limited("30/m")
@doors.member_required
@require_POST
def budget_line(request: doors.DeskRequest) -> HttpResponse:
    """A department states what a budget line holds."""
    if request.organisation.kind != Kind.DEPARTMENT:
        raise Http404
    form = BudgetForm(request.POST)
    if form.is_valid():
        try:
            actions.set_budget_line(request.organisation, form.cleaned_data["name"], form.cleaned_data["total"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("预算项目已保存并公开。"))
            return redirect("desk")
    lines = BudgetLine.objects.filter(organisation=request.organisation)
    return render(request, "contracts/budget.html", {"form": form, "lines": lines}, status=400)


def _queue(request: doors.DeskRequest, wrong: forms.Form | None = None) -> HttpResponse:
    by = request.organisation
    owed = _open(by)
    lines = [_line_row(line, found, owed, wrong) for line, found in _waiting(by)]
    kept = getattr(wrong, "door", "")
    context = {
        "lines": lines,
        "suspense": queries.contracts_with_suspense(by),
        "pending": queries.pending_transfers(by),
        "statement": wrong if kept == "statement" else StatementForm(key="statement"),
        "wrong": wrong,
        "account": PayeeAccount.objects.filter(organisation=by).first(),
    }
    return render(request, "contracts/bank.html", context, status=400 if wrong is not None else 200)


def _line_row(line: BankLine, found: Match, owed: list[_Owed], wrong: forms.Form | None) -> dict[str, Any]:
    """A waiting line with its two doors; what it may belong to comes first among the choices, the likeliest on top."""
    likely = {one.code: place for place, one in enumerate(found.suggestions)}
    first = sorted((one for one in owed if one.code in likely), key=lambda one: likely[one.code])
    choices = [(one.pk, one.label) for one in [*first, *(one for one in owed if one.code not in likely)]]
    made: dict[str, forms.Form] = {
        f"allocate-{line.pk}": AllocateLineForm(
            key=f"allocate-{line.pk}", payables=choices, initial={"payable": first[0].pk if len(first) == 1 else ""}
        ),
        f"dismiss-{line.pk}": DismissForm(key=f"dismiss-{line.pk}"),
    }
    if getattr(wrong, "door", "") in made and wrong is not None:
        made[wrong.door] = wrong  # type: ignore[attr-defined]
    allocate, dismiss = made.values()
    return {"line": line, "suggested": first, "allocate": allocate, "dismiss": dismiss, "verdict": said(line.verdict)}


def _waiting(by: Organisation) -> list[tuple[BankLine, Match]]:
    """Waiting lines, matched anew: what they may belong to changes with what is paid."""
    lines = list(queries.waiting_lines(by))
    as_read = [
        statement.Line(0, line.booked_on, line.amount, line.payer_name, "", line.remark, "", line.fingerprint)
        for line in lines
    ]
    return list(zip(lines, match(as_read, queries.open_payables(by), ()), strict=True))


def _open(by: Organisation) -> list[_Owed]:
    owed = queries.owed_by_payable(Payable.objects.filter(contract__agency=by))
    payables = Payable.objects.filter(pk__in=[pk for pk, amount in owed.items() if amount > 0])
    related = payables.select_related("contract__award__request", "contract__payer")
    return [_Owed(one.pk, one.code, _label(one, owed[one.pk])) for one in related]


def _label(payable: Payable, owed: int) -> str:
    contract = payable.contract
    return f"{payable.code} · {contract.award.request.number} · {contract.payer.name} · {shown(owed)}"


def _rule(request: doors.DeskRequest, pk: int, data: dict[str, Any]) -> None:
    if "payable" in data:
        actions.allocate_line(request.user, request.organisation, pk, data["payable"])
    else:
        actions.dismiss_line(request.user, request.organisation, pk, LineRuling(data["ruling"]), data["note"])


def _preview(request: doors.DeskRequest, read: statement.Statement) -> HttpResponse:
    key = keep(request.organisation.pk, read.lines)
    found = actions.preview(request.organisation, read.lines)
    rows = [{"match": one, "verdict": said(one.verdict.value)} for one in found]
    skipped = [
        {"row": one.row, "why": _why(one.why), "text": one.text} for one in read.skipped if one.why is not Why.DEBIT
    ]
    return render(request, "contracts/bank_preview.html", {"rows": rows, "key": key, "skipped": skipped})


def _import(request: doors.DeskRequest, key: str) -> HttpResponse:
    lines = kept(request.organisation.pk, key)
    if lines is None:
        messages.error(request, _("预览已过期，请重新上传流水文件。"))
        return redirect("bank_queue")
    done = actions.import_lines(request.user, request.organisation, lines)
    forget(key)
    settled = sum(done[verdict] for verdict in (Verdict.EXACT, Verdict.PARTIAL, Verdict.OVER))
    waiting = sum(done.values()) - settled - done[Verdict.SEEN]
    facts = {"settled": settled, "waiting": waiting, "seen": done[Verdict.SEEN]}
    messages.success(request, _("已入账 %(settled)s 笔，待核对 %(waiting)s 笔，此前已导入 %(seen)s 笔。") % facts)
    return redirect("bank_queue")


def said(verdict: str) -> str:
    """A verdict in the reader's words."""
    return {
        "exact": _("与应付款一致"),
        "partial": _("部分付款"),
        "over": _("多付，多出部分转暂收"),
        "unknown_code": _("附言码不存在"),
        "no_code": _("没有附言码"),
        "other_payer": _("付款户名不是付款单位"),
        "no_payer": _("流水未载付款户名，不能确认由付款单位支付"),
        "seen": _("此前已导入"),
    }.get(verdict, verdict)


def _why(why: Why) -> str:
    return {
        Why.DATE: _("日期无法识别"),
        Why.AMOUNT: _("金额无法识别"),
        Why.DIRECTION: _("借贷标志无法识别"),
    }.get(why, "")
