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
from opendata.import_page import chosen, dry_run


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
        items = {name.removeprefix("item-"): request.POST[name] for name in request.POST if name.startswith("item-")}
        taken = request.POST.getlist("take")
        wanted = chosen(request.organisation, request.POST.get("sealed", ""), taken, items)
        made = import_tenders(request.user, request.organisation, wanted)
    except Refused as refused:
        form = ImportForm({})
        form.is_valid()
        form.errors.clear()
        refused_to_form(form, refused)
        return _form(request, form)
    messages.success(request, _("已生成 %(count)s 份草稿，核对后再发布。") % {"count": len(made)})
    return redirect("desk")


def _dry_run(request: doors.DeskRequest, form: ImportForm) -> HttpResponse:
    shown, text = dry_run(request.organisation, form.cleaned_data["file"])
    context = {"tenders": shown, "sealed": text, "items": items_in_public()}
    return render(request, "opendata/import_dry_run.html", context)


def _form(request: HttpRequest, form: ImportForm) -> HttpResponse:
    return render(request, "opendata/import.html", {"form": form}, status=422 if form.errors else 200)
