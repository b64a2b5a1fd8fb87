"""A buyer writes, checks and publishes a request: one form (P5.1)."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from core.queries import calendar
from marketplace import actions, queries, schedule, starters
from marketplace.checking import findings_in, unfit_methods
from marketplace.forms import RequestForm, agency_label
from marketplace.method_words import in_a_line
from marketplace.models import Request, ServiceItem
from marketplace.policy import failures
from marketplace.rulesets import ruleset
from marketplace.views import aside

MOST_SUGGESTED = 12
form_page = require_http_methods(["GET", "HEAD", "POST"])


@doors.buyer_required
@form_page
def request_new(request: doors.DeskRequest) -> HttpResponse:
    """An empty form, a copy of the last request, or one of three starters."""
    if request.method == "POST":
        return _keep(request, _named_draft(request))
    if "copy" in request.GET and (copied := actions.copy_last(request.user, request.organisation)):
        return redirect("request_edit", copied.pk)
    if given := aside.taken_up(request, None):
        return _again(request, given, None)
    initial = {**starters.named(request.GET.get("starter")), "region": request.organisation.region_id}
    if code := request.GET.get("item"):
        initial["item"] = code
    return _page(request, RequestForm(buyer=request.organisation, initial=initial), None)


@doors.buyer_required
@form_page
def request_edit(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Go on writing a draft."""
    draft = queries.draft_of(request.organisation, pk)
    if request.method == "POST":
        return _keep(request, draft)
    if given := aside.taken_up(request, draft):
        return _again(request, given, draft)
    return _page(request, RequestForm(buyer=request.organisation, initial=RequestForm.initial_of(draft)), draft)


@doors.buyer_required
@require_POST
def request_check(request: doors.DeskRequest) -> HttpResponse:
    """政策体检 while typing: findings, deadline and match for what is in the form; a complete form is kept as a draft."""
    form = RequestForm(request.POST, buyer=request.organisation)
    complete = form.is_valid()
    draft = _named_draft(request)
    saved_at = None
    if complete:
        # What may not even be kept is told by the findings.
        with suppress(Refused):
            draft = actions.save_draft(request.user, request.organisation, form.cleaned_data, draft)
            saved_at = timezone.now()
    typed = {**form.typed, "forerunner": draft.forerunner if draft else None}
    context = {**_checked(request, typed), "saved_at": saved_at, "draft": draft}
    return render(request, "marketplace/_policy_panel.html", context)


@doors.buyer_required
@require_safe
def request_agencies(request: doors.DeskRequest) -> HttpResponse:
    """Agencies to suggest while a name is typed."""
    asked = request.GET.get("direct_agency", "").strip()
    found = queries.agencies_like(asked, request.GET.get("item", ""))[:MOST_SUGGESTED] if asked else []
    return render(request, "marketplace/_agency_options.html", {"options": [agency_label(one) for one in found]})


@doors.buyer_required
@require_safe
def request_preview(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Check your answers, with everything that will be public."""
    draft = queries.draft_of(request.organisation, pk)
    return render(request, "marketplace/request_preview.html", {**_about(draft), **_checked_draft(request, draft)})


@doors.buyer_required
@require_POST
def request_publish(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Publish a draft; what the check finds leads back to the form with everything kept."""
    try:
        published = actions.publish(request.user, request.organisation, pk)
    except Request.DoesNotExist:
        queries.draft_of(request.organisation, pk)
        raise
    except Refused as refused:
        if number := refused.facts.get("number"):
            messages.info(request, refused.text)
            return redirect("request_page", number)
        return _refused(request, pk, refused)
    messages.success(request, _("已发布，编号 %(number)s。此后按规则自动进行选取。") % {"number": published.number})
    return redirect("request_page", published.number)


@doors.buyer_required
@require_POST
def request_discard(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(request.organisation, pk)
    messages.success(request, _("草稿已删除。"))
    return redirect("desk")


@doors.buyer_required
@require_POST
def request_attach(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Add a file to a draft."""
    try:
        for upload in request.FILES.getlist("file"):
            actions.attach(request.organisation, pk, upload)
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    return redirect("request_edit", pk)


@doors.buyer_required
@require_POST
def request_detach(request: doors.DeskRequest, pk: int, attachment: int) -> HttpResponse:
    """Take a file off a draft."""
    actions.detach(request.organisation, pk, attachment)
    return redirect("request_edit", pk)


@doors.buyer_required
@require_POST
def request_reoffer(request: doors.DeskRequest, number: str) -> HttpResponse:
    """One click: what failed or was withdrawn is a draft again, linked to its forerunner."""
    queries.own_request(request.organisation, number)
    try:
        draft = actions.reoffer(request.user, request.organisation, number)
    except Refused as refused:
        messages.info(request, refused.text)
        return redirect("request_page", refused.facts.get("number", number))
    messages.success(request, _("已按原内容生成草稿，发布后与 %(number)s 相互链接。") % {"number": number})
    return redirect("request_edit", draft.pk)


def _named_draft(request: doors.DeskRequest) -> Request | None:
    """The draft that the form says it is, once it has been kept for the first time."""
    pk = request.POST.get("pk", "")
    return queries.draft_of(request.organisation, int(pk)) if pk.isdecimal() else None


def _keep(request: doors.DeskRequest, draft: Request | None) -> HttpResponse:
    """Keep what was sent: as a draft, and on to the preview if that was asked for; or aside, while agencies are compared."""
    if "compare" in request.POST:
        return redirect(aside.lay_aside(request, draft))
    form = RequestForm(request.POST, buyer=request.organisation)
    if not form.is_valid():
        return _page(request, form, draft, status=400)
    try:
        kept = actions.save_draft(request.user, request.organisation, form.cleaned_data, draft)
    except Refused as refused:
        refused_to_form(form, refused)
        return _page(request, form, draft, status=400)
    aside.forget(request)
    findings = _checked_draft(request, kept)["failing"]
    if findings and "preview" in request.POST:
        return _page(request, form, kept, status=400)
    if "preview" in request.POST:
        return redirect("request_preview", kept.pk)
    messages.success(request, _("草稿已保存。"))
    return redirect("request_edit", kept.pk)


def _refused(request: doors.DeskRequest, pk: int, refused: Refused) -> HttpResponse:
    draft = queries.draft_of(request.organisation, pk)
    form = RequestForm(RequestForm.initial_of(draft), buyer=request.organisation)
    form.is_valid()
    refused_to_form(form, refused)
    return _page(request, form, draft, status=400)


def _again(request: doors.DeskRequest, given: QueryDict, draft: Request | None) -> HttpResponse:
    """The form as it was left for a comparison: checked, and not yet blamed for what is still missing."""
    typed = RequestForm(given, buyer=request.organisation).typed
    shown = RequestForm(buyer=request.organisation, initial=aside.as_initial(given))
    return _page(request, shown, draft, typed)


def _page(
    request: doors.DeskRequest,
    form: RequestForm,
    draft: Request | None,
    typed: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    values = typed or (form.typed if form.is_bound else dict(form.initial))
    if draft is not None:
        values["forerunner"] = draft.forerunner
        if not form.is_bound and typed is None:
            named = {"direct_agency": draft.direct_agency, "direct_price": draft.direct_price}
            values |= {**named, "ceiling": draft.ceiling}
    context = {
        "form": form,
        "draft": draft,
        "buyer": request.organisation,
        "department": form.department,
        "attachments": draft.attachments.select_related("file") if draft else [],
        "starters": [] if draft or queries.drafts_of(request.organisation).exists() else starters.all_of_them(),
        "compared": queries.agencies_coded(form["compared"].value() or []),
        "can_copy": draft is None and queries.last_request_of(request.organisation) is not None,
        **_checked(request, values),
    }
    said, why_not = in_a_line(), context["why_not"]
    radios = [(radio, radio.data["value"]) for radio in form["method"]]
    context["radios"] = [(radio, said[method], why_not.get(method, "")) for radio, method in radios]
    return render(request, "marketplace/request_form.html", context, status=status)


def _checked_draft(request: doors.DeskRequest, draft: Request) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in (*RequestForm.base_fields, "forerunner")}
    return _checked(request, values)


def _checked(request: doors.DeskRequest, values: dict[str, Any]) -> dict[str, Any]:
    """What the panel shows for what is filled in: findings, the deadline with its reasoning, and who could come."""
    item = queries.item_named(values.get("item"))
    ceiling = values.get("ceiling")
    ceiling = ceiling if isinstance(ceiling, int) else None
    findings = findings_in(request.organisation, {**values, "ceiling": ceiling}, item)
    numbers, method = ruleset(), queries.method_named(values.get("method"))
    notice = schedule.notice(database_now(), method, ceiling or 1, numbers, calendar())
    count, outside = queries.matching_agencies(item.code) if item else (0, 0)
    return {
        "findings": findings,
        "why_not": _why_not(request, {**values, "ceiling": ceiling}, item),
        "failing": failures(findings),
        "item": item,
        "ceiling": ceiling,
        "notice": notice,
        "method": method,
        "agency_count": count,
        "outside_count": outside,
        "entrants": numbers.way(method).entrants(
            government=bool(values.get("public_funds")) or request.organisation.kind == "department"
        ),
    }


def _why_not(request: doors.DeskRequest, values: dict[str, Any], item: ServiceItem | None) -> dict[str, str]:
    """Method → why it cannot be chosen for what the form says."""
    unfit = unfit_methods(request.organisation, values, item)
    return {method: f"{finding.message}（{finding.clause}）" for method, finding in unfit.items()}


def _about(draft: Request) -> dict[str, Any]:
    compared = queries.agencies_coded(draft.compared)
    return {"subject": draft, "attachments": draft.attachments.select_related("file"), "compared": compared}
