"""What buyers ask for (采购需求)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from core.models import Region, StoredFile
from journal.models import Case
from marketplace.models.items import ServiceItem


class Method(models.TextChoices):
    """Selection methods (选取方式), R3."""

    LIVE = "live", _("网上竞价")
    SEALED = "sealed", _("密封报价")
    AVERAGE = "average", _("均价选取")
    MERIT = "merit", _("综合比选")
    DRAW = "draw", _("随机抽取")
    CREDIT_DRAW = "credit_draw", _("信用择优")
    DIRECT = "direct", _("直接选取")


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("报名中")
    SELECTING = "selecting", _("选取中")
    STANDSTILL = "standstill", _("公示中")
    AWARDED = "awarded", _("已中选")
    CONTRACTED = "contracted", _("已签约")
    COMPLETED = "completed", _("已完成")
    FAILED = "failed", _("流标")
    CANCELLED = "cancelled", _("已取消")


OPEN_STATUSES = (RequestStatus.PUBLISHED, RequestStatus.SELECTING)


_PUBLIC_ORDERS = {
    "request_public": ["-published_at", "-id"],
    "request_public_by_item": ["item", "-published_at", "-id"],
    "request_public_by_region": ["region", "-published_at", "-id"],
    "request_public_by_status": ["status", "-published_at", "-id"],
    "request_public_by_ceiling": ["-ceiling", "-id"],
    "request_public_by_deadline": ["enrol_until", "id"],
}


class Request(models.Model):
    """What a buyer asks for (采购需求), from draft to completion. Its case file bears its number.

    The table has one more column, `search`, which the database makes and `__finds` asks (core.search).
    """

    number = models.CharField(_("编号"), max_length=20, unique=True, null=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="request")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="requests")
    # Copied at creation: constraints look at it, and an organisation's kind never changes.
    buyer_kind = models.CharField(max_length=12, choices=Kind.choices)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="requests", verbose_name=_("服务事项"))
    title = models.CharField(_("项目名称"), max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("项目所在地"))
    scope = models.TextField(_("服务内容与要求"), max_length=5000)
    deliverables = models.TextField(_("交付成果"), max_length=2000)
    materials = models.TextField(_("需提交的材料"), max_length=2000, blank=True)
    term_workdays = models.PositiveSmallIntegerField(_("服务期限（工作日）"))
    method = models.CharField(_("选取方式"), max_length=12, choices=Method.choices, default=Method.LIVE)
    ceiling = models.BigIntegerField(_("最高限价（分）"))
    public_funds = models.BooleanField(_("使用财政资金"), default=False)
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("付款单位"))
    budget_line = models.CharField(_("预算项目"), max_length=120, blank=True)
    # For a restriction that a law sets: the law, shown to everyone (P20.3).
    cited_law = models.CharField(_("限制条件的法律依据"), max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=RequestStatus.choices, default=RequestStatus.DRAFT)
    ruleset = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField(null=True)
    enrol_until = models.DateTimeField(null=True)
    # When the selection itself begins: the ready phase of a live auction.
    selects_at = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)
    # 直接选取: whom the buyer names, at what price (fen), and why; on record and public.
    direct_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="named_in", verbose_name=_("选定机构")
    )
    direct_price = models.BigIntegerField(_("约定价格（分）"), null=True, blank=True)
    direct_reason = models.TextField(_("选取理由"), max_length=1000, blank=True, default="", db_default="")
    # USCCs of those it compared while it wrote; at publication their comparison is frozen into the file.
    compared = ArrayField(models.CharField(max_length=18), default=list, db_default=[], blank=True)
    # 综合比选: how price, quality and credit weigh, in percent (R3).
    weight_price = models.PositiveSmallIntegerField(_("价格权重"), null=True, blank=True)
    weight_quality = models.PositiveSmallIntegerField(_("方案权重"), null=True, blank=True)
    weight_credit = models.PositiveSmallIntegerField(_("信用权重"), null=True, blank=True)
    forerunner = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["status", "enrol_until"], name="request_due"),
            models.Index(fields=["-published_at", "-id"], name="request_newest"),
            models.Index(fields=["item", "status"], name="request_by_item"),
            models.Index(fields=["buyer", "-id"], name="request_by_buyer"),
            # What lists in public walk along, drafts left out.
            *(
                models.Index(fields=fields, name=name, condition=~models.Q(status=RequestStatus.DRAFT))
                for name, fields in _PUBLIC_ORDERS.items()
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["forerunner"], name="one_successor_per_request"),
            models.CheckConstraint(name="request_status_known", condition=models.Q(status__in=RequestStatus.values)),
            models.CheckConstraint(name="request_ceiling_positive", condition=models.Q(ceiling__gt=0)),
            models.CheckConstraint(
                name="request_buyer_is_enterprise_or_department",
                condition=models.Q(buyer_kind__in=[Kind.ENTERPRISE, Kind.DEPARTMENT]),
            ),
            # I1
            models.CheckConstraint(
                name="department_never_selects_directly",
                condition=~models.Q(buyer_kind=Kind.DEPARTMENT, method=Method.DIRECT)
                & ~models.Q(public_funds=True, method=Method.DIRECT),
            ),
            models.CheckConstraint(
                name="none_or_two_to_four_are_compared",
                condition=models.Q(compared__len=0) | models.Q(compared__len__range=(2, 4), method=Method.DIRECT),
            ),
            models.CheckConstraint(
                name="direct_names_an_agency_and_says_why",
                condition=models.Q(status=RequestStatus.DRAFT)
                | models.Q(
                    ~models.Q(direct_reason=""),
                    method=Method.DIRECT,
                    direct_agency__isnull=False,
                    direct_price__isnull=False,
                    direct_price__gt=0,
                    direct_price__lte=models.F("ceiling"),
                )
                | models.Q(
                    ~models.Q(method=Method.DIRECT),
                    direct_agency__isnull=True,
                    direct_price__isnull=True,
                    direct_reason="",
                ),
            ),
            models.CheckConstraint(
                name="merit_alone_weighs_and_all_of_it",
                condition=models.Q(status=RequestStatus.DRAFT)
                | models.Q(
                    # NOT NULL said aloud: a check that comes out unknown passes.
                    models.Q(weight_price__isnull=False, weight_quality__isnull=False, weight_credit__isnull=False),
                    models.Q(weight_price=100 - models.F("weight_quality") - models.F("weight_credit")),
                    method=Method.MERIT,
                )
                | models.Q(
                    ~models.Q(method=Method.MERIT),
                    weight_price__isnull=True,
                    weight_quality__isnull=True,
                    weight_credit__isnull=True,
                ),
            ),
            # I2
            models.CheckConstraint(
                name="department_pays_itself_from_a_budget_line",
                condition=models.Q(status=RequestStatus.DRAFT)
                | ~models.Q(buyer_kind=Kind.DEPARTMENT)
                | (models.Q(payer=models.F("buyer")) & ~models.Q(budget_line="")),
            ),
            models.CheckConstraint(
                name="department_spends_public_funds",
                condition=~models.Q(buyer_kind=Kind.DEPARTMENT) | models.Q(public_funds=True),
            ),
            models.CheckConstraint(
                name="request_in_public_has_number_case_and_rules",
                condition=models.Q(status=RequestStatus.DRAFT)
                | models.Q(
                    number__isnull=False,
                    case__isnull=False,
                    published_at__isnull=False,
                    enrol_until__isnull=False,
                    ruleset__gt="",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'draft'} {self.title}"

    @property
    def government(self) -> bool:
        """GOV of the rules: a department, or anybody spending public money."""
        return self.buyer_kind == Kind.DEPARTMENT or self.public_funds

    @property
    def weights(self) -> dict[str, int] | None:
        """`{"price", "quality", "credit"}` in percent; None unless all are given."""
        found = {"price": self.weight_price, "quality": self.weight_quality, "credit": self.weight_credit}
        return (
            {name: weight for name, weight in found.items() if weight is not None}
            if None not in found.values()
            else None
        )


class Attachment(models.Model):
    """A file of a request, named by its owner, stored by hash."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "file"], name="attachment_once_per_request")]

    def __str__(self) -> str:
        return self.name
