"""Forms of contracts, delivery and money. They parse and keep what was typed; the rules are asked, not repeated.

Many stand on one page, so each has a `key` that its fields' ids begin with.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import TextField
from contracts.actions import Upload
from contracts.models import DeliveryStatus, LineRuling, ReturnReason
from contracts.providers import offered
from marketplace.forms import YuanField

_DATE = {"type": "date"}
_MOST_CONFIDENTIAL = 3


class DoorForm(forms.Form):
    """A form of one door on a page that has many."""

    def __init__(self, *args: Any, key: str = "id", **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{key}-%s", **options})
        self.door = key


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ConfirmForm(DoorForm):
    """One side confirms one exact text."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(
        label=_("我已阅读全文，代表本单位确认这一文本"), error_messages={"required": _("请先阅读全文并勾选确认")}
    )


class ReasonForm(DoorForm):
    """Why not."""

    reason = forms.CharField(label=_("理由（公开）"), max_length=2000, widget=_long(3))


class ManyFilesInput(forms.ClearableFileInput):
    """Chooses several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        single = super().clean
        return [single(one, initial) for one in data or []]


class DeliverForm(DoorForm):
    """The files of a delivery. Confidential ones stand apart, each with its reason."""

    files = ManyFilesField(  # type: ignore[assignment]
        label=_("成果文件（公开）"),
        required=False,
        help_text=_("可多选；PDF、PNG、JPEG、DOCX 或 XLSX，每个不超过 20 MB。文件及其 SHA-256 向社会公开。"),
    )
    note = forms.CharField(label=_("交付说明（公开）"), max_length=2000, required=False, widget=_long(2))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for n in range(1, _MOST_CONFIDENTIAL + 1):
            self.fields[f"secret_{n}"] = forms.FileField(label=_("保密文件"), required=False)
            self.fields[f"because_{n}"] = TextField(label=_("保密理由（公开）"), max_length=200, required=False)

    @property
    def secrets(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows for confidential files: the file and why."""
        return [(self[f"secret_{n}"], self[f"because_{n}"]) for n in range(1, _MOST_CONFIDENTIAL + 1)]

    def uploads(self) -> list[Upload]:
        """What was handed in; only after `is_valid`."""
        public = [Upload(file) for file in self.cleaned_data["files"]]
        rows = range(1, _MOST_CONFIDENTIAL + 1)
        secret = [(self.cleaned_data[f"secret_{n}"], self.cleaned_data[f"because_{n}"]) for n in rows]
        return public + [Upload(file, confidential=True, because=because) for file, because in secret if file]


class DecideForm(DoorForm):
    """What becomes of a delivery."""

    verdict = forms.ChoiceField(
        label=_("验收结论"),
        choices=[
            (DeliveryStatus.ACCEPTED, _("验收通过")),
            (DeliveryStatus.PARTLY, _("部分通过")),
            (DeliveryStatus.RETURNED, _("退回修改")),
        ],
        widget=forms.RadioSelect,
    )
    amount = YuanField(label=_("本次通过的金额（元）"), required=False, help_text=_("只在部分通过时填写"))
    reason = forms.ChoiceField(label=_("原因"), choices=[("", _("请选择")), *ReturnReason.choices], required=False)
    opinion = forms.CharField(
        label=_("验收意见（公开）"),
        max_length=2000,
        required=False,
        help_text=_("部分通过或退回时须写明哪里不符合约定、怎样修改"),
        widget=_long(3),
    )


class ExtensionForm(DoorForm):
    """More time."""

    wd = forms.IntegerField(label=_("延长工作日"))
    reason = forms.CharField(
        label=_("延期原因（公开）"),
        max_length=2000,
        help_text=_("须为非因本机构的原因，例如资料迟交、天气"),
        widget=_long(3),
    )


class ExtensionAnswerForm(DoorForm):
    """Whether there is more time."""

    granted = forms.ChoiceField(
        label=_("决定"), choices=[("1", _("同意延期")), ("0", _("不同意延期"))], widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("答复（公开）"), max_length=2000, required=False, help_text=_("不同意须写明理由"), widget=_long(2)
    )


class InvoiceForm(DoorForm):
    """The agency's invoice."""

    invoice_number = TextField(
        label=_("发票号码"),
        max_length=24,
        help_text=_("数电票 20 位，税控发票 8 位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    file = forms.FileField(label=_("发票文件"), required=False, help_text=_("PDF 或图片；只有双方和监管部门可见"))


class TransferForm(DoorForm):
    """The payer has paid by bank."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    amount = YuanField(label=_("转账金额（元）"))
    paid_on = forms.DateField(
        label=_("付款日期"), initial=timezone.localdate, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    receipt = forms.FileField(label=_("银行回单"), required=False, help_text=_("PDF 或图片；只有双方和监管部门可见"))


class OnlineForm(DoorForm):
    """The payer goes to a provider to pay."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    method = forms.ChoiceField(label=_("支付方式"), widget=forms.RadioSelect)
    amount = YuanField(label=_("支付金额（元）"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(name, provider.label) for name, provider in offered().items()]
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
        self.fields["method"].initial = choices[0][0] if choices else None


class AmountForm(DoorForm):
    """An amount and nothing else."""

    amount = YuanField(label=_("金额（元）"))


class ReceivedForm(DoorForm):
    """What arrived of an announced transfer."""

    amount = YuanField(label=_("实际到账金额（元）"), help_text=_("按银行流水填写；多出的部分转入暂收待核"))


class RefundForm(DoorForm):
    """Money goes back the way it came."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    amount = YuanField(label=_("退款金额（元）"))


class ReturnForm(DoorForm):
    """Money too much goes back by bank."""

    amount = YuanField(label=_("退回金额（元）"))
    reason = TextField(label=_("说明"), max_length=200, required=False)


class AccountForm(DoorForm):
    """Where an agency is paid."""

    bank = TextField(label=_("开户银行"), max_length=80, help_text=_("写到支行，例如：中国建设银行兰州城关支行"))
    number = TextField(
        label=_("银行账号"),
        max_length=48,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    online = TextField(
        label=_("Stripe 收款账户"), max_length=64, required=False, help_text=_("接受在线支付时填写，形如 acct_…")
    )


class BudgetForm(DoorForm):
    """What a budget line holds."""

    name = TextField(label=_("预算项目"), max_length=120)
    total = YuanField(label=_("预算总额（元）"))


class StatementForm(DoorForm):
    """A bank statement."""

    file = forms.FileField(label=_("银行流水文件"), help_text=_("网银导出的 CSV 或 XLSX；先预览，确认后才入账"))


class DismissForm(DoorForm):
    """A waiting line that pays nothing here."""

    ruling = forms.ChoiceField(
        label=_("处理"),
        choices=[(LineRuling.RETURNED, LineRuling.RETURNED.label), (LineRuling.NOT_OURS, LineRuling.NOT_OURS.label)],
    )
    note = TextField(label=_("说明"), max_length=200, required=False)


class AllocateLineForm(DoorForm):
    """Which amount a waiting line belongs to."""

    payable = forms.TypedChoiceField(label=_("对应应付款"), coerce=int)

    def __init__(self, *args: Any, payables: Sequence[tuple[int, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["payable"].choices = [("", _("请选择")), *payables]  # type: ignore[attr-defined]
