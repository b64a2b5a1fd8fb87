"""Files of a contract: what the parties and the regulators alone may fetch, and its calendar."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts import doors
from contracts import queries
from contracts.deadlines import Deadline, open_deadlines
from contracts.models import Contract, DeliveryFile, Payable, Payment
from contracts.pdf import rendering_of
from contracts.views.shown import contract_address, page_for, pdf_context
from core import calendars, documents
from core.clock import database_now
from core.models import StoredFile
from core.views import attachment


@doors.member_required
@require_safe
def contract_file(request: doors.DeskRequest, number: str, pk: int) -> HttpResponse:
    """A delivered file for those who may see all of them."""
    files = DeliveryFile.objects.select_related("file", "delivery__milestone__contract")
    found = get_object_or_404(files, pk=pk, delivery__milestone__contract__award__request__number=number)
    return _private(request, found.delivery.milestone.contract, found.file, found.name)


@doors.member_required
@require_safe
def contract_receipt(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The bank's receipt of an announced transfer."""
    payment = get_object_or_404(Payment.objects.select_related("receipt", "contract"), pk=pk)
    return _private(request, payment.contract, payment.receipt, f"receipt-{pk}")


@doors.member_required
@require_safe
def contract_invoice_file(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The invoice of a payable."""
    payable = get_object_or_404(Payable.objects.select_related("invoice", "contract"), pk=pk)
    return _private(request, payable.contract, payable.invoice, f"invoice-{payable.invoice_number}")


@require_safe
def contract_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The text as PDF; while it is being made, or where the page asks how far it is, what there is to say of that."""
    page = page_for(request, number)
    if page.version is None:
        raise Http404
    english = request.GET.get("text") == "en"
    rendering = rendering_of(page.contract, page.version, private=page.private, english=english)
    if request.headers.get("HX-Request"):
        return render(request, "components/_pdf.html", pdf_context(page, rendering, english=english))
    if rendering.state != "ready":
        return redirect(contract_address(number, "downloads"))
    return documents.response(rendering, f"{number}-v{page.version.number}{'-en' if english else ''}.pdf")


@require_safe
def contract_deadlines(request: HttpRequest, number: str) -> HttpResponse:
    """The open dates for people's own calendars, in UTC."""
    contract = queries.contract_in_public(number)
    dates = [_date(number, contract, deadline) for deadline in open_deadlines(contract)]
    return calendars.response(f"{number} {contract.award.request.title}", number, dates, database_now())


def _date(number: str, contract: Contract, deadline: Deadline) -> calendars.Date:
    return calendars.Date(
        key=f"{number}-{contract.pk}-{deadline.key}",
        at=deadline.at,
        title=f"{deadline.what} · {number}",
        text="\n".join(filter(None, [contract.award.request.title, deadline.because])),
        path=contract_address(number),
    )


def _private(request: doors.DeskRequest, contract: Contract, stored: StoredFile | None, name: str) -> HttpResponse:
    if stored is None or not queries.sees_private(contract, request.organisation) or not stored.path.exists():
        raise Http404
    if "." not in name:
        name += {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}.get(stored.media_type, "")
    response = attachment(stored, name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
