"""Forms of verbs whose pages read a field or two by hand; the actions say what is wrong with them."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.channels.forms import QuietForm
from accounts.events import EVENTS, Channel
from api.models import Scope
from contracts.forms import DoorForm
from marketplace.forms import CodesField
from opendata.rules.importing import MOST
from ratings.forms.comparison import ChoiceForm

# Topic → its name, and how the kinds of its entries begin.
_TOPICS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "requests": (_("公告、变更与提问"), ("request.", "question.")),
    "selections": (
        _("竞价与选取"),
        (
            *("auction.", "selection.", "bid", "enrolment.", "offer", "proxy.", "tie_out.", "low."),
            *("shortlist.", "direct.", "expert", "marks.", "plan"),
        ),
    ),
    "awards": (_("中选结果"), ("award.",)),
    "objections": (_("异议与投诉处理"), ("objection.",)),
    "contracts": (_("合同、交付与验收"), ("contract.", "delivery.", "acceptance.", "extension.")),
    "payments": (_("付款"), ("payment.", "payer.", "budget.")),
    "evaluations": (_("评价"), ("evaluation.",)),
    "credit": (_("机构与信用"), ("agency.", "conduct.", "quality.", "credit.", "list.")),
    "exits": (_("退出处理"), ("exit.",)),
    "inspections": (_("双随机抽查"), ("inspection.",)),
}


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label=_("文件"))


class TextForm(DoorForm):
    """What somebody has to say."""

    text = forms.CharField(label=_("内容（公开）"), max_length=5000, required=False)


class DecisionForm(TextForm):
    """Yes or no, and why."""

    upheld = forms.BooleanField(label=_("是否成立"), required=False)


class LowForm(TextForm):
    """Whether a low price is accepted, and why."""

    accepted = forms.BooleanField(label=_("是否接受"), required=False)


class PickForm(forms.Form):
    """One of the short list, and why."""

    label = forms.CharField(label=_("代号"), max_length=40, required=False)
    reason = forms.CharField(label=_("理由（公开）"), max_length=2000, required=False)


class WhyForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("理由（公开）"), max_length=2000, required=False)


class KeptSearchForm(forms.Form):
    """A list's page and its query string."""

    list = forms.CharField(label=_("列表"), max_length=20, required=False, help_text="request_list, agency_list, …")
    query = forms.CharField(
        label=_("查询字符串"), max_length=500, required=False, help_text="item=TST-01&region=620000"
    )


class NameForm(forms.Form):
    """What to call it."""

    name = forms.CharField(label=_("名称"), max_length=80, required=False)


class PreviewedForm(forms.Form):
    """The key that a preview gave."""

    key = forms.CharField(label=_("预览给出的 key"), max_length=64, required=False)


class TendersForm(forms.Form):
    """What the preview sealed, and the places of those to take; for some, the item was chosen by hand (`item-<n>`)."""

    sealed = forms.CharField(label=_("预览给出的 sealed"), required=False)
    take = forms.MultipleChoiceField(
        label=_("要导入的各项，按预览的 n"), choices=[(n, n) for n in range(MOST)], required=False
    )


class RecordForm(ChoiceForm):
    """The agencies compared, by USCC, and why this one of them."""

    a = CodesField(label=_("比较的机构"))


class GridForm(QuietForm):
    """The whole grid of events and channels: what is not on it is off."""

    on = forms.MultipleChoiceField(
        label=_("事件与方式"),
        choices=[(box, box) for box in (f"{event} {channel}" for event in EVENTS for channel in Channel)],
        required=False,
    )


class MarksForm(forms.Form):
    """An expert's marks: `points-<label>` and `reason-<label>` for each plan."""


class WebhookForm(forms.Form):
    """Where to, of which case files, and of what."""

    url = forms.CharField(
        label=_("接收地址"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=_("https 公网地址；每条消息都带签名，见接口文档"),
    )
    scope = forms.ChoiceField(label=_("范围"), choices=Scope.choices, initial=Scope.OWN, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("内容"),
        choices=[(topic, name) for topic, (name, _kinds) in _TOPICS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选表示全部"),
    )

    def clean_kinds(self) -> list[str]:
        """How the kinds of the topics begin."""
        return [kind for topic in self.cleaned_data["kinds"] for kind in _TOPICS[topic][1]]
