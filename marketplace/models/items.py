"""The catalogue of service items (事项目录), and who offers them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, QualificationKind
from core.text import in_reader_language


class ItemStatus(models.TextChoices):
    DRAFT = "draft", _("修订中")
    PUBLISHED = "published", _("保留")
    CANCELLED = "cancelled", _("已取消")


class CommissionedBy(models.TextChoices):
    """Who commissions, and so pays for, the service (P20.7)."""

    APPLICANT = "applicant", _("申请人")
    DEPARTMENT = "department", _("审批部门")


class FeeMode(models.TextChoices):
    MARKET = "market", _("市场调节价")
    GUIDED = "guided", _("政府指导价")
    FIXED = "fixed", _("政府定价")


class ServiceItem(models.Model):
    """One service item with the four blocks of P18.3: time limit, workflow, conditions, fee standard."""

    code = models.CharField(_("编码"), max_length=10, primary_key=True)
    name_zh = models.CharField(_("事项名称"), max_length=80)
    name_en = models.CharField(max_length=120)
    department_zh = models.CharField(_("主管部门"), max_length=40)
    approval_zh = models.CharField(_("对应审批事项"), max_length=120)
    legal_basis_zh = models.CharField(_("设定依据"), max_length=300, blank=True)
    commissioned_by = models.CharField(_("委托主体"), max_length=10, choices=CommissionedBy.choices)
    fee_mode = models.CharField(_("收费方式"), max_length=10, choices=FeeMode.choices)
    note_zh = models.CharField(_("备注"), max_length=300, blank=True)
    # The four blocks.
    time_limit_workdays = models.PositiveSmallIntegerField(_("办理时限（工作日）"), null=True, blank=True)
    workflow_zh = ArrayField(models.CharField(max_length=60), verbose_name=_("工作流程"), default=list, blank=True)
    conditions_zh = models.TextField(_("申报条件"), blank=True)
    fee_standard_zh = models.TextField(_("收费标准"), blank=True)
    materials_zh = ArrayField(models.CharField(max_length=100), verbose_name=_("所需材料"), default=list, blank=True)
    required = models.ManyToManyField(QualificationKind, blank=True, related_name="items", verbose_name=_("法定资质"))
    status = models.CharField(max_length=10, choices=ItemStatus.choices, default=ItemStatus.DRAFT)
    cancelled_by_zh = models.CharField(_("取消依据"), max_length=200, blank=True)
    demo = models.BooleanField(default=False)
    pinyin = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="item_status_known", condition=models.Q(status__in=ItemStatus.values)),
            models.CheckConstraint(
                name="item_published_only_with_its_four_blocks",
                condition=~models.Q(status=ItemStatus.PUBLISHED)
                | (
                    # NOT NULL said aloud: a check that comes out unknown passes.
                    models.Q(time_limit_workdays__isnull=False)
                    & models.Q(time_limit_workdays__gt=0)
                    & models.Q(workflow_zh__len__gt=0)
                    & ~models.Q(conditions_zh="")
                    & ~models.Q(fee_standard_zh="")
                    & ~models.Q(legal_basis_zh="")
                ),
            ),
            models.CheckConstraint(
                name="item_cancelled_says_by_what",
                condition=~models.Q(status=ItemStatus.CANCELLED) | ~models.Q(cancelled_by_zh=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    @property
    def name(self) -> str:
        """The item's name in the reader's language."""
        return in_reader_language(self.name_zh, self.name_en)


class Offering(models.Model):
    """An agency offers an item. Anyone may offer anything: nothing gates it (P19.1)."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="offerings")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="offerings")
    price_from = models.BigIntegerField(_("参考起价（分）"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "item"], name="offering_once_per_agency_and_item"),
            models.CheckConstraint(
                name="offering_price_positive", condition=models.Q(price_from__isnull=True) | models.Q(price_from__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.item_id}"


class ItemLock(models.Model):
    """locked(item) of R8: the agency may not be chosen for the item, because of a case or an expired licence, until it is over."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="item_locks")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="locks")
    case = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "item"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_lock_in_force_per_agency_and_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.item_id} {self.case}"


class DemandReport(models.Model):
    """A report that somebody still demands a cancelled item (P18.2). Text goes to the regulator, not into the journal."""

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="demand_reports")
    department = models.CharField(_("索要的部门"), max_length=120)
    what_happened = models.TextField(_("经过"), max_length=2000)
    contact = models.CharField(_("联系方式（可不填）"), max_length=120, blank=True)
    reported_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.item_id} {self.department}"
