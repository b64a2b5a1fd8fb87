"""Where an organisation's programs are told of entries, and what became of each message."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from api import queries
from api.actions import hooks
from api.callers import Caller, Who
from api.forms import WebhookForm
from api.models import Scope, Webhook
from api.reads import Read
from api.shapes.hooks import HOOK_DELIVERY, WEBHOOK, WEBHOOK_MADE
from api.verbs import Verb

_ONE = "me/webhooks/<int:pk>/"


def _add(c: Caller, form: Any) -> hooks.Made:
    data = form.cleaned_data
    return hooks.add_webhook(c.user, c.organisation, data["url"], Scope(data["scope"]), data["kinds"])


def _step(verb: Callable[[Webhook], object], c: Caller, _form: Any, pk: int) -> Webhook:
    verb(queries.own_webhook(c.organisation, pk))
    return Webhook.objects.get(pk=pk)


def _resend(c: Caller, _form: Any, pk: int) -> Any:
    delivery = queries.own_delivery(c.organisation, pk)
    hooks.resend(delivery)
    return queries.own_delivery(c.organisation, pk)


_MEMBER: dict[str, Any] = {"who": Who.MEMBER, "clauses": ("P12.1",)}
READS = [
    Read(
        "webhooks",
        "me/webhooks/",
        _("推送地址"),
        lambda c: queries.webhooks_of(c.organisation),
        WEBHOOK,
        ("desk_webhooks",),
        many=True,
        **_MEMBER,
    ),
    Read(
        "webhook",
        _ONE,
        _("一个推送地址"),
        lambda c, pk: queries.own_webhook(c.organisation, pk),
        WEBHOOK,
        ("desk_webhook",),
        **_MEMBER,
    ),
    Read(
        "webhook_deliveries",
        _ONE + "deliveries/",
        _("推送记录"),
        lambda c, pk: queries.deliveries_of(queries.own_webhook(c.organisation, pk)),
        HOOK_DELIVERY,
        ("desk_webhook",),
        many=True,
        order=("-id",),
        **_MEMBER,
    ),
]
VERBS = [
    Verb(
        "webhook_add",
        "me/webhooks/",
        _("添加推送地址，密钥只显示这一次"),
        _add,
        ("desk_webhooks",),
        form=WebhookForm,
        shape=WEBHOOK_MADE,
        untold=("secret",),
        status=201,
        **_MEMBER,
    ),
    Verb(
        "webhook_rotate",
        _ONE + "rotate/",
        _("更换推送密钥，新密钥只显示这一次"),
        lambda c, _f, pk: hooks.rotate_secret(queries.own_webhook(c.organisation, pk)),
        ("desk_webhook_step",),
        shape=WEBHOOK_MADE,
        untold=("secret",),
        **_MEMBER,
    ),
    *(
        Verb(
            f"webhook_{name}",
            f"{_ONE}{name}/",
            said,
            partial(_step, verb),
            ("desk_webhook_step",),
            shape=WEBHOOK,
            rate="10/m" if name == "ping" else "",
            **_MEMBER,
        )
        for name, said, verb in (
            ("ping", _("推送一条测试消息"), hooks.ping),
            ("on", _("启用推送地址"), hooks.switch_on),
            ("off", _("停用推送地址"), hooks.switch_off),
        )
    ),
    Verb(
        "webhook_remove",
        _ONE,
        _("移除推送地址"),
        lambda c, _f, pk: hooks.remove_webhook(queries.own_webhook(c.organisation, pk)),
        ("desk_webhook_step",),
        method="DELETE",
        **_MEMBER,
    ),
    Verb(
        "webhook_resend",
        "me/webhooks/deliveries/<int:pk>/resend/",
        _("重发一条推送"),
        _resend,
        ("desk_webhook_resend",),
        shape=HOOK_DELIVERY,
        **_MEMBER,
    ),
]
