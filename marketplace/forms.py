"""Forms of the marketplace: one form for a request (P5.1), the services an agency offers, reports, and items."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from agencies.models import Agency
from core.models import Region
from core.money import parse, wire
from core.queries import regions
from marketplace import queries
from marketplace.changes import CHANGEABLE, said
from marketplace.models import Method, Request, ServiceItem
from marketplace.policy.weights import FIELDS, defaults
from marketplace.rules import LEAST_COMPARED, MOST_COMPARED
from marketplace.rulesets import Merit, ruleset

_LARGEST = 10**13  # fen: a hundred billion yuan


class YuanField(forms.CharField):
    """An amount in yuan as people type it, as fen."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 24)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in ("", None):
            return None
        try:
            amount = parse(str(text))
        except ValueError as error:
            raise forms.ValidationError(_("请填写金额（元），例如 128500 或 128500.00"), code="invalid") from error
        if not 0 < amount < _LARGEST:
            raise forms.ValidationError(_("金额须大于 0"), code="range")
        return amount


class CodesField(forms.MultipleChoiceField):
    """Any codes, several under one name; the rules say which and how many."""

    def valid_value(self, value: Any) -> bool:
        return True


class WeightField(forms.IntegerField):
    """A percentage of a 综合比选; asked for there only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, min_value=0, max_value=100, **options)


class RequestForm(forms.Form):
    """一表申请: everything a request says, on one page. What the platform knows of the buyer is not asked."""

    item = forms.ModelChoiceField(
        label=_("服务事项"), queryset=ServiceItem.objects.none(), empty_label=_("请选择"), to_field_name="code"
    )
    title = forms.CharField(label=_("项目名称"), max_length=120)
    region = forms.ModelChoiceField(label=_("项目所在地"), queryset=ServiceItem.objects.none(), empty_label=_("请选择"))
    scope = forms.CharField(label=_("服务内容与要求"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    deliverables = forms.CharField(label=_("交付成果"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    materials = forms.CharField(
        label=_("报名需提交的材料"),
        max_length=2000,
        required=False,
        help_text=_("逐项写明；平台已有的证照不用再交，不得写“其他相关材料”。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    term_workdays = forms.IntegerField(label=_("服务期限（工作日）"), min_value=1, max_value=500)
    method = forms.ChoiceField(
        label=_("选取方式"), choices=Method.choices, widget=forms.RadioSelect, initial=Method.LIVE
    )
    direct_agency = forms.CharField(
        label=_("选定的机构"),
        max_length=120,
        required=False,
        help_text=_("输入名称或统一社会信用代码；选定哪一家由贵单位自主决定，任何部门不得指定。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "agency-options"}),
    )
    direct_price = YuanField(label=_("约定价格（元）"), required=False)
    direct_reason = forms.CharField(
        label=_("选取理由"),
        max_length=1000,
        required=False,
        help_text=_("随公告公开，并记入案卷。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    compared = CodesField(label=_("比较过的机构"), required=False, widget=forms.MultipleHiddenInput)
    weight_price = WeightField(label=_("价格权重"))
    weight_quality = WeightField(label=_("方案权重"))
    weight_credit = WeightField(label=_("信用权重"))
    ceiling = YuanField(label=_("最高限价（元）"))
    public_funds = forms.BooleanField(label=_("使用财政资金"), required=False)
    budget_line = forms.CharField(label=_("预算项目"), max_length=120, required=False)
    cited_law = forms.CharField(
        label=_("限制条件的法律依据"),
        max_length=300,
        required=False,
        help_text=_(
            "只有法律、法规规定的限制才可保留，写明名称和条款，例如《中华人民共和国测绘法》第二十七条；将随公告公开。"
        ),
    )

    def __init__(self, *args: Any, buyer: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buyer = buyer
        self.department = buyer.kind == Kind.DEPARTMENT
        self.fields["item"].queryset = queries.items_in_public()  # type: ignore[attr-defined]
        self.fields["item"].label_from_instance = _item_label  # type: ignore[attr-defined]
        self.fields["region"].queryset = regions()  # type: ignore[attr-defined]
        self.fields["region"].label_from_instance = _region_name  # type: ignore[attr-defined]
        for name, weight in defaults(ruleset().of(Merit)).items():
            self.fields[FIELDS[name]].initial = weight
        if self.department:
            self.fields["budget_line"].required = True
            del self.fields["public_funds"]

    @classmethod
    def initial_of(cls, request: Request) -> dict[str, Any]:
        """A draft's values as the form shows them."""
        values = {name: getattr(request, name) for name in cls.base_fields if name != "ceiling"}
        if request.weights is None:
            values = {name: value for name, value in values.items() if name not in FIELDS.values()}
        named, price = request.direct_agency, request.direct_price
        return {
            **values,
            "item": request.item_id,
            "region": request.region_id,
            "ceiling": wire(request.ceiling),
            "direct_agency": agency_label(named) if named else "",
            "direct_price": wire(price) if price else "",
        }

    def clean_direct_agency(self) -> Agency | None:
        """The agency meant; a name that fits none, or several, is asked again."""
        text = self.cleaned_data["direct_agency"]
        if not text or self.data.get("method") != Method.DIRECT:
            return None
        found = queries.named_agency(text)
        if found is None:
            raise forms.ValidationError(_("没有唯一对应的机构，请从提示中选择，或填写统一社会信用代码"), code="invalid")
        return found

    def clean_compared(self) -> list[str]:
        """The codes of those compared; where nobody chooses directly, none."""
        if self.data.get("method") != Method.DIRECT:
            return []
        codes = list(dict.fromkeys(code.strip().upper() for code in self.cleaned_data["compared"]))
        if codes and not LEAST_COMPARED <= len(codes) <= MOST_COMPARED:
            raise forms.ValidationError(_("比较需要 2 至 4 家机构，现有 %(count)s 家"), "count", {"count": len(codes)})
        if missing := set(codes) - {one.uscc for one in queries.agencies_coded(codes)}:
            uscc = min(missing)[:40]
            raise forms.ValidationError(_("没有统一社会信用代码为 %(uscc)s 的机构"), "unknown", {"uscc": uscc})
        return codes

    def clean(self) -> dict[str, Any]:
        """What is compared includes whom it chooses."""
        cleaned = super().clean() or self.cleaned_data
        named, compared = cleaned.get("direct_agency"), cleaned.get("compared")
        if named and compared and named.uscc not in compared:
            self.add_error("compared", _("比较中没有选定的机构；请重新比较，或不记入这次比较"))
        return cleaned

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """The three weights, as the page lays them out side by side."""
        return [self[name] for name in FIELDS.values()]

    @property
    def typed(self) -> dict[str, Any]:
        """What can be read of the form so far, whether or not it is complete: for the check while typing."""
        self.is_valid()
        read = {name: self.data.get(name, "") for name in self.fields}
        return {**read, **self.cleaned_data}


def agency_label(agency: Agency) -> str:
    """An agency as the form names it: found again by its code."""
    return f"{agency.organisation.name} {agency.uscc}"


class ChangeForm(RequestForm):
    """The same one form for a request in public, with what may change of it (R3), and why."""

    reason = forms.CharField(
        label=_("变更原因（公开）"), max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )

    def __init__(self, *args: Any, subject: Request, **kwargs: Any) -> None:
        super().__init__(*args, buyer=subject.buyer, **kwargs)
        for name in self.fields.keys() - {*CHANGEABLE, "reason"}:
            del self.fields[name]

    @classmethod
    def initial_of(cls, request: Request) -> dict[str, Any]:
        """What the notice says now."""
        return said(request)

    @property
    def values(self) -> dict[str, Any]:
        """The changed request, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def _region_name(region: Region) -> str:
    return region.name


def _item_label(item: ServiceItem) -> str:
    return f"{item.name} ({item.code})"


class CancelForm(forms.Form):
    """Why a request is withdrawn; the reason is public."""

    reason = forms.CharField(label=_("撤回原因（公开）"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ServicesForm(forms.Form):
    """Which items an agency offers."""

    items = forms.MultipleChoiceField(
        label=_("服务事项"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("勾选即生效，无需审批。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(item.code, item.name) for item in queries.items_in_public()]
        self.fields["items"].choices = choices  # type: ignore[attr-defined]


class DemandReportForm(forms.Form):
    """Somebody still demands a cancelled item (P18.2). No sign-in, no name needed."""

    department = forms.CharField(label=_("索要的部门或单位"), max_length=120)
    what_happened = forms.CharField(label=_("经过"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    contact = forms.CharField(
        label=_("联系方式"), max_length=120, required=False, help_text=_("可不填；只有监管部门能看到。")
    )


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """An item's blocks, as the operator edits them."""

    workflow_zh = forms.CharField(
        label=_("工作流程（每行一步）"), widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    materials_zh = forms.CharField(
        label=_("所需材料（每行一项）"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )

    class Meta:
        model = ServiceItem
        fields = [
            "legal_basis_zh",
            "time_limit_workdays",
            "workflow_zh",
            "conditions_zh",
            "fee_standard_zh",
            "materials_zh",
            "note_zh",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("workflow_zh", "materials_zh"):
            self.initial[name] = "\n".join(getattr(self.instance, name))

    def clean_workflow_zh(self) -> list[str]:
        return _lines(self.cleaned_data["workflow_zh"])

    def clean_materials_zh(self) -> list[str]:
        return _lines(self.cleaned_data["materials_zh"])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
