"""保存并订阅: an organisation's saved searches at its desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from core.errors import Refused
from marketplace import saved
from marketplace.actions import saved as actions
from marketplace.models import SavedSearch

_DONE = {"stop": gettext_lazy("已停止提醒"), "resume": gettext_lazy("已恢复提醒"), "forget": gettext_lazy("已删除")}


@doors.member_required
@require_POST
def search_save(request: doors.DeskRequest) -> HttpResponse:
    """Keep the filters of a list and be told of what they will find."""
    page, query = request.POST.get("list", ""), request.POST.get("query", "")
    try:
        search = actions.save_search(request.user, request.organisation, page, query)
    except Refused as refused:
        messages.error(request, f"{refused.text} {refused.remedy}".strip())
        known = saved.list_of(page)
        return redirect(f"{reverse(known.page)}?{query}" if known else reverse("searches"))
    messages.success(request, _("已保存“%(name)s”，有新需求会提醒您") % {"name": search.name})
    return redirect("searches")


@doors.member_required
@never_cache
@require_safe
def searches(request: doors.DeskRequest) -> HttpResponse:
    """What the organisation keeps, the newest first."""
    kept = saved.kept_by(request.organisation)
    context = {"searches": [{"search": one, "list": saved.list_of(one.list)} for one in kept]}
    return render(request, "marketplace/searches.html", context)


@doors.member_required
@require_POST
def search_act(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Rename it, stop or resume its news, or forget it; another organisation's is not there."""
    search = get_object_or_404(SavedSearch, pk=pk, organisation=request.organisation)
    verb = request.POST.get("verb", "rename")
    try:
        match verb:
            case "stop":
                actions.stop_search(search)
            case "resume":
                actions.resume_search(search)
            case "forget":
                actions.forget_search(search)
            case _:
                actions.rename_search(search, request.POST.get("name", ""))
    except Refused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, str(_DONE.get(verb, _("已保存。"))))
    return redirect("searches")
