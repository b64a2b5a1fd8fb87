"""Officers' doors of imported lists: what a file would do first, and only then the import."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from core.errors import Refused
from core.http import refused_to_form
from ratings import list_preview
from ratings.actions import lists as actions
from ratings.forms.lists import CorrectionForm, ListForm
from ratings.queries import lists as queries
from ratings.rules import lists as rules

_SHOWN = 200


@doors.officer_required
@require_safe
@never_cache
def officer_lists(request: doors.DeskRequest) -> HttpResponse:
    """What was imported, who stands on a list, and the form for the next edition."""
    return _page(request, ListForm(key="list"))


@doors.limited("30/m")
@doors.officer_required
@require_POST
def preview(request: doors.DeskRequest) -> HttpResponse:
    """The dry run: who matches, who resembles, which rows are unreadable. Nothing is kept for longer than half an hour."""
    form = ListForm(request.POST, request.FILES, key="list")
    if not form.is_valid():
        return _page(request, form)
    try:
        shown = list_preview.preview(request.user, form.cleaned_data)
    except Refused as refused:
        refused_to_form(form, refused)
        return _page(request, form)
    plan = shown.plan
    context = {"listing": shown.listing, "plan": plan, "key": shown.key, "near": _near(plan), "bad": _bad(plan)}
    return render(request, "ratings/list_preview.html", context)


@doors.limited("30/m")
@doors.officer_required
@require_POST
def import_list(request: doors.DeskRequest) -> HttpResponse:
    """Take in what was previewed, by the same officer."""
    try:
        taken, new = list_preview.take_in_previewed(request.user, request.organisation, request.POST.get("key", ""))
    except Refused as refused:
        messages.warning(request, f"{refused.text} {refused.remedy}".strip())
        return redirect("officer_lists")
    if new:
        messages.success(request, _("已导入 %(rows)s 行。") % {"rows": taken.rows})
    else:
        messages.info(request, _("该文件已导入过，没有任何变化。"))
    return redirect("officer_lists")


@doors.limited("30/m")
@doors.officer_required
@require_POST
def correct(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """An agency does not belong on a list."""
    form = CorrectionForm(request.POST, key=f"flag-{pk}")
    if form.is_valid():
        try:
            actions.correct_flag(request.user, request.organisation, pk, form.cleaned_data["because"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("已更正。"))
            return redirect("officer_lists")
    return _page(request, ListForm(key="list"), wrong=(pk, form))


def _page(request: doors.DeskRequest, form: ListForm, wrong: tuple[int, Any] | None = None) -> HttpResponse:
    rows = []
    for flag in queries.all_flags()[:_SHOWN]:
        mine = wrong is not None and wrong[0] == flag.pk
        rows.append({"flag": flag, "form": wrong[1] if mine and wrong else CorrectionForm(key=f"flag-{flag.pk}")})
    context = {"form": form, "imports": queries.imports()[:_SHOWN], "rows": rows, "wrong": wrong[1] if wrong else form}
    return render(request, "ratings/list_officer.html", context, status=400 if form.errors or wrong else 200)


def _near(plan: queries.Plan) -> list[dict[str, Any]]:
    said = {
        rules.Likeness.NAME: _("名称相同，代码不同或缺失"),
        rules.Likeness.CODE: _("代码只差一位"),
    }
    return [{"near": near, "why": said[near.like]} for near in plan.near[:_SHOWN]]


def _bad(plan: queries.Plan) -> list[dict[str, Any]]:
    said = {
        rules.Why.NO_CODE: _("没有统一社会信用代码"),
        rules.Why.BAD_CODE: _("代码校验不通过"),
        rules.Why.NO_NAME: _("没有名称"),
        rules.Why.TWICE: _("同一代码重复出现"),
    }
    return [{"bad": bad, "why": said[bad.why]} for bad in plan.table.bad[:_SHOWN]]
