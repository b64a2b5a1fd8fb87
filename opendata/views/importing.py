"""A buyer brings tenders along from another system: look first, then keep them as drafts (P12.1)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import doors
from core.errors import Refused
from core.http import refused_to_form
from marketplace.queries import items_in_public
from opendata.actions.importing import import_tenders
from opendata.forms import ImportForm
from opendata.import_page import catalogue, sealed, shown_to, unsealed
from opendata.rules.import_refusals import ImportTooLarge, NothingChosen
from opendata.rules.importing import LIMIT, Proposal, proposal_of, tenders


@doors.limited("30/m")
@doors.buyer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: doors.DeskRequest) -> HttpResponse:
    """Upload a file and see what would become of it; nothing is kept."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        try:
            return _dry_run(request, form)
        except Refused as refused:
            refused_to_form(form, refused)
    return _form(request, form)


@doors.limited("30/m")
@doors.buyer_required
@never_cache
@require_POST
def import_confirm(request: doors.DeskRequest) -> HttpResponse:
    """Keep what was ticked as drafts."""
    try:
        chosen = _chosen(request, unsealed(request.organisation, request.POST.get("sealed", "")))
        made = import_tenders(request.user, request.organisation, chosen)
    except Refused as refused:
        form = ImportForm({})
        form.is_valid()
        form.errors.clear()
        refused_to_form(form, refused)
        return _form(request, form)
    messages.success(request, _("已生成 %(count)s 份草稿，核对后再发布。") % {"count": len(made)})
    return redirect("desk")


def _dry_run(request: doors.DeskRequest, form: ImportForm) -> HttpResponse:
    upload = form.cleaned_data["file"]
    if upload.size > LIMIT:
        raise ImportTooLarge(size_kb=-(-upload.size // 1024), limit_kb=LIMIT // 1024)
    known = catalogue()
    proposals = [proposal_of(one, known) for one in tenders(upload.read())]
    context = {
        "tenders": shown_to(request.organisation, proposals),
        "sealed": sealed(request.organisation, proposals),
        "items": items_in_public(),
    }
    return render(request, "opendata/import_dry_run.html", context)


def _chosen(request: doors.DeskRequest, proposals: list[Proposal]) -> list[tuple[str, dict[str, object]]]:
    """The ticked ones that are whole, an item chosen on the page among what they say; raises NothingChosen."""
    ticked, known = set(request.POST.getlist("take")), catalogue()
    found = []
    for n, one in enumerate(proposals):
        item = one.values.get("item") or request.POST.get(f"item-{n}")
        if str(n) in ticked and set(one.missing) <= {"item"} and item in known.items:
            found.append((one.ocid, {**one.values, "item": item}))
    if not found:
        raise NothingChosen()
    return found


def _form(request: HttpRequest, form: ImportForm) -> HttpResponse:
    return render(request, "opendata/import.html", {"form": form}, status=422 if form.errors else 200)
