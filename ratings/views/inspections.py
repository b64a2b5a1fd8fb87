"""双随机抽查 for everybody: plans, draws and findings."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.clock import database_now
from journal.queries import record
from ratings.inspection_page import plan_page
from ratings.models import Plan
from ratings.queries.inspections import public_plans

PAGE_SIZE = 20


@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """Every plan, the newest first."""
    page = Paginator(public_plans(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "ratings/inspection_list.html", {"page_obj": page})


@require_safe
@never_cache
def inspection_plan(request: HttpRequest, number: str) -> HttpResponse:
    """One plan: how it was drawn, by whom it is inspected, what was found."""
    return _show(request, number)


@require_safe
def inspection_record(request: HttpRequest, number: str) -> HttpResponse:
    """The plan's case file as a record that anybody can verify."""
    plan = get_object_or_404(Plan, number=number)
    response = HttpResponse(b"".join(record(plan.number)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{plan.number}.json"'
    return response


def _show(request: HttpRequest, number: str) -> HttpResponse:
    related = ("by", "of_agencies", "of_inspectors")
    plan = get_object_or_404(Plan.objects.select_related(*related), number=number)
    page = plan_page(plan, database_now())
    return render(request, "ratings/inspection_plan.html", {"page": page, "plan": plan})
