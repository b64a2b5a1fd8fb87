"""The contract page with a form behind each open door, and what becomes of a form that was sent."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.queries import organisation_of
from contracts import forms as made
from contracts import plan_form
from contracts.models import MilestoneStatus, PayeeAccount
from contracts.page import ContractPage, MilestoneRow, fixed_stages, page_of, standing_stages
from contracts.page_money import PayableRow, PaymentRow
from contracts.pdf import rendering_of
from contracts.providers import offered
from contracts.rulesets import contract_rules
from core.errors import Refused
from core.http import refused_to_form
from core.models import Rendering
from core.money import wire
from marketplace.timeline import timeline

Row = ContractPage | MilestoneRow | PayableRow | PaymentRow
Maker = Callable[[ContractPage, Any, str], forms.Form]


def page_for(request: HttpRequest, number: str) -> ContractPage:
    """The page as this reader sees it; raises Http404."""
    wanted = request.GET.get("v", "")
    shown = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else None
    return page_of(number, organisation_of(request.user), shown)


def show(
    request: HttpRequest,
    number: str,
    *,
    bound: made.DoorForm | None = None,
    complain: bool = True,
    page: ContractPage | None = None,
) -> HttpResponse:
    """The page; `bound` is the form that was sent and stands in its place again, with what is wrong at the top."""
    page = page or page_for(request, number)
    rows: list[Row] = [page, *page.milestones, *page.payables]
    rows += [payment for payable in page.payables for payment in payable.payments]
    for row in rows:
        row.forms = {door: _form(page, row, door, bound) for door in row.doors if door in MAKERS}
    english = request.GET.get("text") == "en"
    account = PayeeAccount.objects.filter(organisation=page.contract.agency_id).first() if page.private else None
    context = {
        "page": page,
        "subject": page.request,
        "wrong": bound if bound is not None and complain else None,
        "english": english,
        "account": account,
        # Money is easily led astray by a letter that names another account: what was signed counts.
        "account_differs": bool(page.annex_account and account and page.annex_account["number"] != account.number),
        "timeline": timeline(number),
        "numbers": contract_rules(page.contract.ruleset),
    }
    if page.version is not None:
        rendering = rendering_of(page.contract, page.version, private=page.private, english=english)
        context["pdf"] = pdf_context(page, rendering, english=english)
    wrong = bound is not None and complain
    response = render(request, "contracts/contract.html", context, status=400 if wrong else 200)
    if any("online" in row.doors for row in page.payables):
        _let_forms_lead_to_providers(response)
    return response


def pdf_context(page: ContractPage, rendering: Rendering, *, english: bool) -> dict[str, Any]:
    """What the fragment about the PDF needs: where it is fetched and where one asks again."""
    assert page.version is not None
    chosen = {"v": str(page.version.number), **({"text": "en"} if english else {})}
    address = f"{reverse('contract_pdf', args=[page.number])}?{urlencode(chosen)}"
    return {"rendering": rendering, "href": address, "poll": address}


def told(
    request: HttpRequest,
    number: str,
    form: made.DoorForm,
    verb: Callable[[Mapping[str, Any]], object],
    done: str,
    *,
    part: str = "",
) -> HttpResponse:
    """Do what the form says; back on the page with the news, or with the form and what is wrong with it, 400."""
    if form.is_valid():
        try:
            verb(form.cleaned_data)
        except Refused as refused:
            refused_to_form(form, refused)
    if form.errors:
        return show(request, number, bound=form)
    messages.success(request, done)
    return redirect(contract_address(number, part))


def contract_address(number: str, part: str = "") -> str:
    """Where the page is, and the part of it to land at."""
    return reverse("contract_page", args=[number]) + (f"#{part}" if part else "")


def plan_options(page: ContractPage) -> dict[str, Any]:
    """What a plan's form must know: which rows stand, which numbers may be kept, where new ones begin."""
    standing = [row.milestone for row in page.milestones if row.milestone.status != MilestoneStatus.DROPPED]
    return {
        "fixed": fixed_stages(page),
        "known": [milestone.n for milestone in standing],
        "next_n": max((row.milestone.n for row in page.milestones), default=0) + 1,
    }


def _form(page: ContractPage, row: Row, door: str, bound: made.DoorForm | None) -> forms.Form:
    key = f"{door}-{row.key}"
    return bound if bound is not None and bound.door == key else MAKERS[door](page, row, key)


def _plan_initial(page: ContractPage) -> dict[str, Any]:
    most = contract_rules(page.contract.ruleset).most_milestones
    rows = [plan_form.row_of(stage) for stage in standing_stages(page)]
    terms = page.version.terms if page.version else ""
    return {"plan": plan_form.rows_with_room(rows, most), "terms": terms}


def _due(row: PayableRow) -> dict[str, Any]:
    return {"amount": wire(row.balances.due)}


def _plain(kind: type[made.DoorForm]) -> Maker:
    return lambda _page, _row, key: kind(key=key)


MAKERS: dict[str, Maker] = {
    "propose": lambda page, _row, key: plan_form.PlanForm(key=key, initial=_plan_initial(page), **plan_options(page)),
    "change": lambda page, _row, key: plan_form.ChangeForm(key=key, initial=_plan_initial(page), **plan_options(page)),
    "confirm": lambda page, _row, key: made.ConfirmForm(
        key=key, initial={"sha256": page.proposal.sha256 if page.proposal else ""}
    ),
    "refuse": _plain(made.ReasonForm),
    "withdraw": _plain(made.DoorForm),
    "pass_over": _plain(made.DoorForm),
    "return": lambda page, _row, key: made.ReturnForm(key=key, initial={"amount": wire(page.suspense.by_bank)}),
    "deliver": _plain(made.DeliverForm),
    "decide": _plain(made.DecideForm),
    "extend": _plain(made.ExtensionForm),
    "answer": _plain(made.ExtensionAnswerForm),
    "invoice": _plain(made.InvoiceForm),
    "transfer": lambda _page, row, key: made.TransferForm(key=key, initial=_due(row)),
    "online": lambda _page, row, key: made.OnlineForm(key=key, initial=_due(row)),
    "allocate": lambda page, row, key: made.AmountForm(
        key=key, initial={"amount": wire(min(row.balances.due, page.suspense.usable))}
    ),
    "received": lambda _page, row, key: made.ReceivedForm(key=key, initial={"amount": wire(row.payment.amount)}),
    "deny": _plain(made.ReasonForm),
    "refund": lambda _page, row, key: made.RefundForm(key=key, initial={"amount": wire(row.refundable)}),
    "cancel": _plain(made.DoorForm),
}


def _let_forms_lead_to_providers(response: HttpResponse) -> None:
    """The answer to the form sends the payer on to the provider, which browsers judge by the page's form-action."""
    origins = [provider.origin for provider in offered().values() if provider.origin]
    if origins:
        response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
