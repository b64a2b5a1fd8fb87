"""The desk's pages of webhooks: addresses, their log, and what their owner may do."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from api import queries
from api.actions import hooks
from api.models import Scope, Webhook
from core.errors import Refused
from core.http import refused_to_form

_PAGE_SIZE = 30
# Topic → its name, and how the kinds of its entries begin.
_TOPICS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "requests": (gettext_lazy("公告、变更与提问"), ("request.", "question.")),
    "selections": (
        gettext_lazy("竞价与选取"),
        (
            *("auction.", "selection.", "bid", "enrolment.", "offer", "proxy.", "tie_out.", "low."),
            *("shortlist.", "direct.", "expert", "marks.", "plan"),
        ),
    ),
    "awards": (gettext_lazy("中选结果"), ("award.",)),
    "objections": (gettext_lazy("异议与投诉处理"), ("objection.",)),
    "contracts": (gettext_lazy("合同、交付与验收"), ("contract.", "delivery.", "acceptance.", "extension.")),
    "payments": (gettext_lazy("付款"), ("payment.", "payer.", "budget.")),
    "evaluations": (gettext_lazy("评价"), ("evaluation.",)),
    "credit": (gettext_lazy("机构与信用"), ("agency.", "conduct.", "quality.", "credit.", "list.")),
    "exits": (gettext_lazy("退出处理"), ("exit.",)),
    "inspections": (gettext_lazy("双随机抽查"), ("inspection.",)),
}


class WebhookForm(forms.Form):
    """Where to, of which case files, and of what."""

    url = forms.CharField(
        label=gettext_lazy("接收地址"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=gettext_lazy("https 公网地址；每条消息都带签名，见接口文档"),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("范围"), choices=Scope.choices, initial=Scope.OWN, widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("内容"),
        choices=[(topic, name) for topic, (name, _kinds) in _TOPICS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选表示全部"),
    )

    def clean_kinds(self) -> list[str]:
        """How the kinds of the topics begin."""
        return [kind for topic in self.cleaned_data["kinds"] for kind in _TOPICS[topic][1]]


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
