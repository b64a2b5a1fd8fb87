"""Documents of exit cases (文书) as PDF: the officers' door, the agency's own, and everybody's to what is public."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import doors
from core import documents
from ratings.actions import exits
from ratings.models import Document, DocumentKind
from ratings.pdf import rendering_of
from ratings.queries.exits import cases_of, document_of, must_be_public, repairs

_RELATED = ("case__agency__organisation", "repair__agency__organisation", "by")


@require_safe
@never_cache
def exit_document_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A document that is public, for everybody."""
    must_be_public(number)
    public = Q(public_at__isnull=False) | Q(kind=DocumentKind.MINUTES)
    return _answer(request, get_object_or_404(Document.objects.filter(public), pk=pk, case__number=number))


@doors.agency_required
@require_safe
@never_cache
def desk_document_pdf(request: doors.DeskRequest, number: str, pk: int) -> HttpResponse:
    """Any document of the agency's own case: once the notice is served, the whole file is open to the party."""
    documents_of = Document.objects.filter(case__in=cases_of(request.organisation), case__served_at__isnull=False)
    return _answer(request, get_object_or_404(documents_of, pk=pk, case__number=number))


@doors.officer_required
@require_safe
@never_cache
def officer_document_pdf(request: doors.DeskRequest, number: str, pk: int) -> HttpResponse:
    """Any document, for officers; looking at one that is not public is recorded."""
    document = get_object_or_404(Document, pk=pk, case__number=number)
    if document.public_at is None and not request.headers.get("HX-Request"):
        exits.look_at(request.user, document.number)
    return _answer(request, document)


@doors.agency_required
@require_safe
@never_cache
def desk_repair(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """What was decided on a repair that the agency asked for, with its document."""
    repair = get_object_or_404(repairs().filter(agency__organisation=request.organisation), pk=pk)
    return render(request, "ratings/desk_repair.html", {"repair": repair, "document": document_of(repair)})


@doors.agency_required
@require_safe
@never_cache
def desk_repair_pdf(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The decision on its own request for an act's repair."""
    mine = Document.objects.filter(repair__agency__organisation=request.organisation)
    return _answer(request, get_object_or_404(mine, repair=pk))


@doors.officer_required
@require_safe
@never_cache
def officer_repair_pdf(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """The same, for officers; the look is recorded."""
    document = get_object_or_404(Document, repair=pk)
    if not request.headers.get("HX-Request"):
        exits.look_at(request.user, document.number)
    return _answer(request, document)


def _answer(request: HttpRequest, document: Document) -> HttpResponse:
    """The PDF; while it is being made, a page that waits for it."""
    document = Document.objects.select_related(*_RELATED).get(pk=document.pk)
    english = get_language() == "en"
    rendering = rendering_of(document, english=english)
    if rendering.state == "ready" and not request.headers.get("HX-Request"):
        return documents.response(rendering, f"{document.number}{'-en' if english else ''}.pdf")
    context = {"rendering": rendering, "href": request.path, "poll": request.path, "document": document}
    part = "components/_pdf.html" if request.headers.get("HX-Request") else "ratings/document_waiting.html"
    return render(request, part, context)
