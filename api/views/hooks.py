"""The desk's pages of webhooks: addresses, their log, and what their owner may do."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from api import queries
from api.actions import hooks
from api.forms import WebhookForm
from api.models import Scope, Webhook
from core.errors import Refused
from core.http import refused_to_form

_PAGE_SIZE = 30


@doors.limited("30/h")
@doors.second_factor_for_officers
@doors.member_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def desk_webhooks(request: doors.DeskRequest) -> HttpResponse:
    """All addresses, and a form for another; its secret is on the answer to the press and nowhere else."""
    form, made = WebhookForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = hooks.add_webhook(
                request.user, request.organisation, data["url"], Scope(data["scope"]), data["kinds"]
            )
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            form = WebhookForm()
    context = {"form": form, "made": made, "webhooks": queries.webhooks_of(request.organisation)}
    return render(request, "api/webhooks.html", context, status=400 if form.errors else 200)


@doors.member_required
@require_safe
@never_cache
def desk_webhook(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """One address with its log."""
    webhook = queries.own_webhook(request.organisation, pk)
    page = Paginator(queries.deliveries_of(webhook), _PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "api/webhook.html", {"webhook": webhook, "page_obj": page})


@doors.limited("60/m")
@doors.second_factor_for_officers
@doors.member_required
@require_POST
@never_cache
def desk_webhook_step(request: doors.DeskRequest, pk: int, step: str) -> HttpResponse:
    """Test, rotate the secret, switch on or off, remove."""
    webhook = queries.own_webhook(request.organisation, pk)
    if step == "rotate":
        made = hooks.rotate_secret(webhook)
        page = Paginator(queries.deliveries_of(webhook), _PAGE_SIZE).get_page(1)
        return render(request, "api/webhook.html", {"webhook": made.webhook, "made": made, "page_obj": page})
    _take(request, webhook, step)
    return redirect("desk_webhooks") if step == "remove" else redirect("desk_webhook", pk)


@doors.limited("60/m")
@doors.member_required
@require_POST
def desk_webhook_resend(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Once more, under the same id."""
    delivery = queries.own_delivery(request.organisation, pk)
    _told(request, lambda: hooks.resend(delivery), _("已排队重发。"))
    return redirect("desk_webhook", delivery.webhook_id)


def _take(request: doors.DeskRequest, webhook: Webhook, step: str) -> None:
    steps: dict[str, tuple[Callable[[Webhook], object], str]] = {
        "ping": (hooks.ping, _("测试消息已排队，结果显示在下方记录中。")),
        "on": (hooks.switch_on, _("已启用。")),
        "off": (hooks.switch_off, _("已停用。")),
        "remove": (hooks.remove_webhook, _("推送地址已移除。")),
    }
    if step not in steps:
        raise Http404(step)
    verb, done = steps[step]
    _told(request, lambda: verb(webhook), done)


def _told(request: doors.DeskRequest, verb: Callable[[], object], done: str) -> None:
    try:
        verb()
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    else:
        messages.success(request, done)
