"""Forms about notices. They parse; the rules are asked, not repeated."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.channels.actions import BotSetup
from accounts.events import Channel, Event
from accounts.models import BotKind

_QUIET_HELP = _("北京时间；可以跨午夜。竞价开始、被超过和延时的提醒不受限制。")


class QuietForm(forms.Form):
    """Hours in which nothing goes out but what cannot wait."""

    quiet_from = forms.TimeField(
        label=_("免打扰开始"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("免打扰结束"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_QUIET_HELP,
    )

    def hours(self) -> tuple[time | None, time | None]:
        """Beginning and end, as they were typed."""
        return self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]


class BotForm(forms.Form):
    """A bot's address and secret. What is stored is never shown again."""

    address = forms.CharField(
        label=_("Webhook 地址"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    secret = forms.CharField(
        label=_("签名密钥"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("群机器人启用了“加签”或“签名校验”时填写"),
    )

    def __init__(self, kind: BotKind, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{kind}_%s")
        self.kind = kind
        if kind is BotKind.WECOM:
            del self.fields["secret"]

    def setup(self) -> BotSetup:
        """What was typed."""
        return BotSetup(self.kind, self.cleaned_data["address"].strip(), self.cleaned_data.get("secret", "").strip())


def grid(ticked: Iterable[str], events: Iterable[Event]) -> dict[str, list[str]]:
    """What the ticked boxes of a grid (`event channel`) mean: for every event on it, the channels."""
    chosen: dict[str, list[str]] = {event.code: [] for event in events}
    for box in ticked:
        code, _space, channel = box.partition(" ")
        if code in chosen and channel in set(Channel):
            chosen[code].append(channel)
    return chosen
