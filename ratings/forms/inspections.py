"""Forms of random inspections. They parse and keep what was typed; the rules are asked, not repeated."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import TextField
from accounts.models import User
from agencies.models import Grade
from contracts.forms import DoorForm, ManyFilesField
from core.queries import calendar, regions
from marketplace.models import ServiceItem
from ratings.actions.inspections import PlanDraft
from ratings.models import Finding, Plan
from ratings.rules.inspections import Sheet

_MOST = 500
_CLOSES = {"10m": _("10 分钟后"), "1wd": _("1 个工作日后"), "3wd": _("3 个工作日后")}


class PlanForm(DoorForm):
    """What is inspected, where, how many, and who is left out."""

    title = TextField(label=_("抽查名称"), max_length=120)
    region = forms.ChoiceField(label=_("地区"), required=False)
    item = forms.ChoiceField(label=_("服务事项"), required=False)
    grades = forms.MultipleChoiceField(
        label=_("信用等级"), choices=Grade.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    agencies_wanted = forms.IntegerField(label=_("抽取机构数"), min_value=1, max_value=_MOST)
    inspectors_wanted = forms.IntegerField(label=_("每家检查人员数"), min_value=2, max_value=9, initial=2)
    checks = forms.CharField(
        label=_("检查事项"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("每行一项")
    )
    excluded = forms.CharField(
        label=_("不列入抽取的机构"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一家：统一社会信用代码、空格、理由；理由公开。12 个月内抽查过的自动除外。"),
    )
    closes = forms.ChoiceField(label=_("随机数征集截止"), choices=list(_CLOSES.items()), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"closes": "1wd"}, **options})
        everywhere = [("", _("全部"))]
        self.fields["region"].choices = everywhere + [(one.code, one.name) for one in regions()]  # type: ignore[attr-defined]
        items = ServiceItem.objects.order_by("code")
        self.fields["item"].choices = everywhere + [(one.code, f"{one.code} {one.name}") for one in items]  # type: ignore[attr-defined]

    def clean_excluded(self) -> list[dict[str, str]]:
        """Code and reason of each line."""
        rows = []
        for line in self.cleaned_data["excluded"].splitlines():
            uscc, _blank, reason = line.strip().partition(" ")
            if uscc and not reason.strip():
                raise forms.ValidationError(gettext("“%(line)s”没有写理由") % {"line": uscc})
            if uscc:
                rows.append({"uscc": uscc, "reason": reason.strip()})
        return rows

    def draft(self, now: datetime) -> PlanDraft:
        """Only after `is_valid`."""
        data = self.cleaned_data
        closes = {
            "10m": now + timedelta(minutes=10),
            "1wd": calendar().add(now, 1),
            "3wd": calendar().add(now, 3),
        }
        scope = {name: data[name] for name in ("region", "item", "grades") if data[name]}
        return PlanDraft(
            title=data["title"],
            scope=scope,
            agencies_wanted=data["agencies_wanted"],
            inspectors_wanted=data["inspectors_wanted"],
            checks=data["checks"].splitlines(),
            excluded=data["excluded"],
            closes_at=closes[data["closes"]],
        )


class SheetForm(DoorForm):
    """The sheet of one inspection: each check of the plan, and what the public reads."""

    finding = forms.ChoiceField(label=_("检查结论"), choices=Finding.choices, widget=forms.RadioSelect)
    summary = forms.CharField(label=_("检查结果（公开）"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    files = ManyFilesField(label=_("证据材料（不公开）"), required=False)  # type: ignore[assignment]

    def __init__(self, plan: Plan, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.checks: list[str] = list(plan.checks)
        for number, _check in enumerate(self.checks):
            self.fields[f"ok_{number}"] = forms.ChoiceField(
                label=_("是否符合"), choices=[("yes", _("符合")), ("no", _("不符合"))], widget=forms.RadioSelect
            )
            self.fields[f"note_{number}"] = TextField(label=_("情况说明"), max_length=300, required=False)

    @property
    def lines(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each check with its two fields."""
        return [(check, self[f"ok_{n}"], self[f"note_{n}"]) for n, check in enumerate(self.checks)]

    def sheet(self) -> Sheet:
        """Only after `is_valid`."""
        data = self.cleaned_data
        lines = [
            {"check": check, "ok": data[f"ok_{n}"] == "yes", "note": data[f"note_{n}"]}
            for n, check in enumerate(self.checks)
        ]
        return Sheet(lines, data["finding"], data["summary"])


class ReadForm(DoorForm):
    """Another inspector confirms exactly what was read."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)


class InspectorForm(DoorForm):
    """A colleague enters the register."""

    user = forms.ModelChoiceField(label=_("人员"), queryset=User.objects.none())
    certificate = TextField(label=_("执法证号"), max_length=30)

    def __init__(self, organisation: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues = User.objects.filter(memberships__organisation=organisation).order_by("pk").distinct()
        self.fields["user"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.name or user.email  # type: ignore[attr-defined]


class InterestForm(DoorForm):
    """Why an inspector does not inspect an agency."""

    inspector = forms.ChoiceField(label=_("检查人员"))
    uscc = TextField(label=_("机构的统一社会信用代码"), max_length=18)
    reason = TextField(label=_("利害关系（公开）"), max_length=200)

    def __init__(self, inspectors: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["inspector"].choices = [(one.pk, str(one)) for one in inspectors]  # type: ignore[attr-defined]
