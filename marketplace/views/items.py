"""The catalogue in public, and where operators keep it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import doors
from core.errors import Refused
from core.filtering import chips
from core.http import refused_to_form
from marketplace import actions, filters, queries
from marketplace.flow import flow_chart
from marketplace.forms import DemandReportForm, ItemForm
from marketplace.models import OPEN_STATUSES, ItemStatus, ServiceItem
from marketplace.rules import missing_blocks

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """All retained items, by department, filtered."""
    found = filters.ItemFilter(request.GET, queryset=queries.items_with_counts())
    items = list(found.qs.order_by("department_zh", "code"))
    context = {
        "filter": found,
        "items": items,
        "summary": filters.item_summary(found, len(items)),
        "chips": chips(found),
        "loosened": [] if items else filters.items_loosened(found),
    }
    return render(request, "marketplace/item_list.html", context)


@require_safe
def cancelled_item_list(request: HttpRequest) -> HttpResponse:
    """Items that nobody may demand any more."""
    return render(request, "marketplace/cancelled_items.html", {"items": queries.cancelled_items()})


@doors.limited("20/h")
@form_page
def item_page(request: HttpRequest, code: str) -> HttpResponse:
    """One item with its four blocks; a cancelled one takes reports of those who still demand it."""
    item = queries.item_in_public(code)
    if item.status != ItemStatus.CANCELLED:
        return render(request, "marketplace/item_page.html", _about(item))
    form = DemandReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.report_demand(item, **form.cleaned_data)
        messages.success(request, _("已收到举报，将由监管部门核查。"))
        return redirect("item_page", code)
    return render(request, "marketplace/item_page.html", {**_about(item), "form": form})


@doors.operator_required
@require_safe
def operate_items(request: doors.OperatorRequest) -> HttpResponse:
    """The catalogue as operators see it: what is public and what each item still lacks."""
    items = [(item, missing_blocks(item)) for item in ServiceItem.objects.order_by("code")]
    return render(request, "marketplace/operate_items.html", {"items": items})


@doors.operator_required
@form_page
def operate_item(request: doors.OperatorRequest, code: str) -> HttpResponse:
    """Change an item's blocks, and put it in public when none is empty."""
    item = queries.item_in_public(code)
    form = ItemForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_item(code, form.cleaned_data)
            if "publish" in request.POST:
                actions.publish_item(code)
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("operate_item", code)
    missing = missing_blocks(queries.item_in_public(code))
    return render(request, "marketplace/operate_item.html", {"item": item, "form": form, "missing": missing})


def _about(item: ServiceItem) -> dict[str, object]:
    count, outside = queries.matching_agencies(item.code)
    return {
        "item": item,
        "cancelled": item.status == ItemStatus.CANCELLED,
        "published": item.status == ItemStatus.PUBLISHED,
        "flow": flow_chart(item.workflow_zh),
        "required": item.required.all(),
        "agency_count": count,
        "outside_count": outside,
        "agencies": queries.agencies_offering(item).order_by("-registered_at")[:6],
        "open_requests": queries.requests_in_public().filter(item=item, status__in=OPEN_STATUSES)[:6],
    }
