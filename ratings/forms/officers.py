"""Forms of the officers who handle exit cases. They parse and keep what was typed; the rules are asked, not repeated."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm, ManyFilesField
from core.clock import BEIJING
from marketplace.models import ServiceItem
from ratings.actions.exits import BY_HAND
from ratings.models import AppealOutcome, Measure
from ratings.rules.exits import Ruling


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenCaseForm(DoorForm):
    """An officer opens a case on facts that no rule can see."""

    trigger = forms.ChoiceField(label=_("情形"), choices=[(one.value, one.label) for one in BY_HAND])
    proposed = forms.ChoiceField(
        label=_("拟作出的处理"),
        choices=[(one.value, one.label) for one in (Measure.WARN, Measure.SUSPEND, Measure.REMOVE)],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("事实"), max_length=3000, widget=_long(5))
    files = ManyFilesField(label=_("证据材料（不公开）"), required=False)  # type: ignore[assignment]


class ReasonsForm(DoorForm):
    """Reasons, in the officer's words."""

    reasons = forms.CharField(label=_("理由"), max_length=3000, widget=_long(4))


class NoticeForm(DoorForm):
    """The notice: facts, basis, proposed measure and rights are filled in; the officer adds the reasoning."""

    reasons = forms.CharField(
        label=_("理由"),
        max_length=3000,
        widget=_long(4),
        help_text=_("事实、依据、拟作出的处理和权利告知由系统填入，这里只写对事实的评价。"),
    )


class SetHearingForm(DoorForm):
    """When and where."""

    at = forms.DateTimeField(
        label=_("听证时间（北京时间）"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("听证地点"), max_length=120)

    def clean_at(self) -> Any:
        """What was typed is Beijing time, whatever the server's zone."""
        return self.cleaned_data["at"].replace(tzinfo=BEIJING)


class MinutesForm(DoorForm):
    """The minutes of the hearing, to be published with a decision."""

    minutes = forms.CharField(
        label=_("听证笔录（随决定公开）"),
        max_length=10000,
        widget=_long(8),
        help_text=_("不写个人信息：以“当事人”“代理人”“听证主持人”称呼。"),
    )


class RulingForm(DoorForm):
    """The decision. One field answers each argument of the defence."""

    measure = forms.ChoiceField(label=_("决定"), choices=Measure.choices, widget=forms.RadioSelect)
    months = forms.IntegerField(label=_("期限（月）"), required=False, min_value=1, max_value=36)
    items = forms.MultipleChoiceField(
        label=_("限定事项（暂停；不选即整个机构）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reasons = forms.CharField(label=_("理由"), max_length=5000, widget=_long(5))
    harsher_because = forms.CharField(label=_("从重理由"), max_length=1000, required=False, widget=_long(2))
    contracts_stop = forms.BooleanField(label=_("在履合同停止履行"), required=False)

    def __init__(self, *args: Any, arguments: list[str], items: list[ServiceItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["items"].choices = [(item.code, item.name) for item in items]  # type: ignore[attr-defined]
        for n, argument in enumerate(arguments):
            self.fields[f"answer_{n}"] = forms.CharField(
                label=_("回应第 %(n)s 条意见") % {"n": n + 1},
                help_text=format_html('<span lang="zh-Hans">{}</span>', argument[:200]),
                max_length=2000,
                required=False,
                widget=_long(2),
            )
        self.order_fields([*(f"answer_{n}" for n in range(len(arguments))), *self.base_fields])
        self._arguments = len(arguments)

    @property
    def answers(self) -> list[Any]:
        """The fields that answer the arguments."""
        return [self[f"answer_{n}"] for n in range(self._arguments)]

    def ruling(self) -> Ruling:
        """What the officer decided, as the rules judge it."""
        data = self.cleaned_data
        return Ruling(
            Measure(data["measure"]),
            data["reasons"],
            months=data["months"],
            items=tuple(data["items"]),
            answers=tuple(data[f"answer_{n}"] for n in range(self._arguments)),
            harsher_because=data["harsher_because"],
            contracts_stop=data["contracts_stop"],
        )


class SecondForm(DoorForm):
    """The second officer agrees, or says what is wrong."""

    agrees = forms.ChoiceField(
        label=_("审议意见"), choices=[("yes", _("同意清退")), ("no", _("退回重新决定"))], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("意见"), max_length=2000, required=False, widget=_long(3))


class AppealDecisionForm(DoorForm):
    """Uphold, change to something milder, annul."""

    outcome = forms.ChoiceField(label=_("申诉决定"), choices=AppealOutcome.choices, widget=forms.RadioSelect)
    measure = forms.ChoiceField(
        label=_("变更为"),
        required=False,
        choices=[("", "—"), *((one.value, one.label) for one in (Measure.WARN, Measure.SUSPEND, Measure.REMOVE))],
    )
    months = forms.IntegerField(label=_("期限（月）"), required=False, min_value=1, max_value=36)
    reasons = forms.CharField(label=_("理由"), max_length=3000, widget=_long(5))


class InterimForm(DoorForm):
    """Interim suspension, for continuing grave harm."""

    reason = forms.CharField(
        label=_("继续造成重大损害的事实"),
        max_length=2000,
        widget=_long(3),
        help_text=_("立即生效，最长 30 日；须由另一名工作人员在 5 个工作日内复核，逾期自动解除。"),
    )


class ReviewForm(DoorForm):
    """Another officer keeps or lifts it; grants or refuses."""

    keep = forms.ChoiceField(
        label=_("复核意见"), choices=[("yes", _("维持")), ("no", _("解除"))], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("理由"), max_length=2000, widget=_long(3))


class GrantForm(DoorForm):
    """Grant or refuse what an agency asked for."""

    granted = forms.ChoiceField(
        label=_("审核意见"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("理由"), max_length=2000, widget=_long(3))


class CheckForm(DoorForm):
    """What the check of a result found."""

    ok = forms.ChoiceField(
        label=_("核验结果"), choices=[("yes", _("合格")), ("no", _("不合格"))], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("核验情况"),
        max_length=2000,
        widget=_long(3),
        help_text=_("随机构信用记录公开，不写个人信息。不合格的记为因质量不予通过，机构有 5 个工作日提出异议。"),
    )
