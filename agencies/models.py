"""Agencies (中介服务机构): their standing, qualifications, ties and past work."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import StoredFile
from core.text import in_reader_language
from journal.models import Case


class Standing(models.TextChoices):
    """R8. Only a decision changes it, never a score."""

    ACTIVE = "active", _("正常")
    WARNED = "warned", _("警示")
    SUSPENDED = "suspended", _("暂停")
    REMOVED = "removed", _("清退")
    PROBATION = "probation", _("观察期")
    WITHDRAWN = "withdrawn", _("自行退出")

    @property
    def may_bid(self) -> bool:
        """May an agency of this standing enrol and bid?"""
        return self in (Standing.ACTIVE, Standing.WARNED, Standing.PROBATION)


class Grade(models.TextChoices):
    """R7. N is new: treated as B, never ranked last."""

    A = "A", _("A 级")
    B = "B", _("B 级")
    C = "C", _("C 级")
    D = "D", _("D 级")
    N = "N", _("新入驻，暂无评分")


class Agency(models.Model):
    """An agency, active from the minute it registers (P19.1). Its case file is `A-<USCC>`."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="agency")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="agency")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.ACTIVE)
    standing_until = models.DateTimeField(null=True, blank=True)
    # Of its own will; its duties stay.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField()
    # Cached from the two ledgers of `ratings` in the transaction that changes them.
    grade = models.CharField(max_length=1, choices=Grade.choices, default=Grade.N)
    credit = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    intro = models.TextField(_("简介"), max_length=2000, blank=True)
    website = models.URLField(_("网站"), blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=60, blank=True)
    pinyin = models.CharField(max_length=120, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="agency_standing_known", condition=models.Q(standing__in=Standing.values)),
            models.CheckConstraint(name="agency_grade_known", condition=models.Q(grade__in=Grade.values)),
            models.CheckConstraint(
                name="agency_without_score_is_new",
                condition=models.Q(credit__isnull=False) | models.Q(grade=Grade.N),
            ),
        ]
        indexes = [
            models.Index(fields=["-registered_at", "-id"], name="agency_newest"),
            models.Index(fields=["-credit", "-registered_at", "id"], name="agency_by_credit"),
            models.Index(
                fields=["legal_representative"],
                condition=~models.Q(legal_representative=""),
                name="agency_by_legal_representative",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def uscc(self) -> str:
        """The 统一社会信用代码 that names this agency everywhere."""
        return self.organisation.uscc


class CreditCount(models.Model):
    """How many agencies have that credit: the sum of the rows that bear it. Triggers of the database keep it."""

    credit = models.DecimalField(max_digits=4, decimal_places=1, db_index=True)
    count = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.credit}: {self.count}"


class QualificationKind(models.Model):
    """A qualification that some law demands for some items, with that law."""

    code = models.CharField(max_length=20, primary_key=True)
    name_zh = models.CharField(_("资质名称"), max_length=80)
    name_en = models.CharField(max_length=120)
    legal_basis_zh = models.CharField(_("设定依据"), max_length=200)

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_reader_language(self.name_zh, self.name_en)


class QualificationStatus(models.TextChoices):
    """R2. `expired` is not stored: it follows from the date."""

    CLAIMED = "claimed", _("已声明")
    VERIFIED = "verified", _("已核验")
    REJECTED = "rejected", _("未通过核验")


class RegisterStatus(models.TextChoices):
    """What the register of certificates says of one (docs/certificates.md)."""

    VALID = "valid", _("有效")
    EXPIRED = "expired", _("已过期")
    REVOKED = "revoked", _("已吊销")
    UNKNOWN = "unknown", _("未查到")


class Qualification(models.Model):
    """A certificate an agency holds, stored once and reused in every bid (P13.2).

    What the register said of it last stands in `register_*`, with who said it and when; its history is in the case file.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.ForeignKey(QualificationKind, on_delete=models.PROTECT, related_name="held", verbose_name=_("资质"))
    number = models.CharField(_("证书编号"), max_length=60)
    issued_by = models.CharField(_("发证机关"), max_length=100)
    valid_from = models.DateField(_("有效期自"))
    valid_until = models.DateField(_("有效期至"))
    status = models.CharField(max_length=10, choices=QualificationStatus.choices, default=QualificationStatus.CLAIMED)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    look_up_at = models.DateTimeField(default=timezone.now, db_index=True)
    looked_up_at = models.DateTimeField(null=True, blank=True)
    register_status = models.CharField(max_length=8, choices=RegisterStatus.choices, blank=True)
    register_source = models.CharField(max_length=100, blank=True)
    register_reason = models.CharField(max_length=200, blank=True)
    register_until = models.DateField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-valid_until"]
        constraints = [
            models.CheckConstraint(
                name="qualification_ends_after_it_begins", condition=models.Q(valid_until__gte=models.F("valid_from"))
            ),
            models.CheckConstraint(
                name="qualification_status_known", condition=models.Q(status__in=QualificationStatus.values)
            ),
            models.UniqueConstraint(fields=["agency", "kind", "number"], name="qualification_once_per_agency"),
            models.CheckConstraint(
                name="qualification_looked_up_has_a_status_and_a_source",
                condition=models.Q(looked_up_at__isnull=True, register_status="", register_source="")
                | models.Q(looked_up_at__isnull=False, register_status__in=RegisterStatus.values)
                & ~models.Q(register_source=""),
            ),
            models.CheckConstraint(
                name="qualification_revoked_on_a_day_only_when_revoked",
                condition=models.Q(revoked_on__isnull=True) | models.Q(register_status=RegisterStatus.REVOKED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.number}"


class TieNature(models.TextChoices):
    """How an agency hangs together with a department (P20.1)."""

    FOUNDED = "founded", _("由该部门举办或出资")
    AFFILIATED = "affiliated", _("隶属或挂靠该部门")
    STAFF = "staff", _("该部门工作人员在机构任职或兼职")
    PREMISES = "premises", _("与该部门合署办公或使用其场所")
    RELATIVES = "relatives", _("负责人与该部门领导干部有近亲属关系")


class Tie(models.Model):
    """A tie to a department, declared by the agency; it is public and blocks enrolment there until it has ended."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="ties")
    department = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tied_agencies", verbose_name=_("部门")
    )
    nature = models.CharField(_("关系"), max_length=12, choices=TieNature.choices)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "department", "nature"],
                condition=models.Q(ended_at__isnull=True),
                name="tie_declared_once_while_it_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} – {self.department_id} {self.nature}"


class InsiderKind(models.TextChoices):
    """Who stands behind an agency, so that registering again sheds no history (R2)."""

    OWNER = "owner", _("持股 25% 以上的股东")
    STAFF = "staff", _("持证专业人员")


class Insider(models.Model):
    """An owner or a licensed professional, declared by the agency and public; the same one elsewhere links the two.

    `number` is an owning company's USCC, or the certificate of a professional; an owner who is a person has none.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="insiders")
    kind = models.CharField(_("类别"), max_length=6, choices=InsiderKind.choices)
    name = models.CharField(_("姓名或名称"), max_length=120)
    number = models.CharField(_("统一社会信用代码或证书编号"), max_length=40, blank=True)
    share = models.PositiveSmallIntegerField(_("持股比例（%）"), null=True, blank=True)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "number", "name"], name="insider_elsewhere")]
        constraints = [
            models.CheckConstraint(
                name="insider_says_what_links",
                condition=models.Q(kind=InsiderKind.OWNER, share__gte=25, share__lte=100)
                | models.Q(kind=InsiderKind.STAFF, share__isnull=True) & ~models.Q(number=""),
            ),
            models.UniqueConstraint(
                fields=["agency", "kind", "name", "number"],
                condition=models.Q(ended_at__isnull=True),
                name="insider_declared_once_while_it_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.name}"


class PastWork(models.Model):
    """Work done elsewhere that an agency shows (P19.2). Its own claim; nothing depends on it."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="past_works")
    title = models.CharField(_("项目名称"), max_length=120)
    client = models.CharField(_("委托单位"), max_length=120)
    year = models.PositiveSmallIntegerField(_("完成年份"))
    summary = models.TextField(_("说明"), max_length=1000, blank=True)

    class Meta:
        ordering = ["-year", "id"]

    def __str__(self) -> str:
        return self.title


class Commitment(models.Model):
    """The signed credit commitment (信用承诺) of P22.1; its text's SHA-256 is in the agency's first entry."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="commitment")
    version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agency_id} {self.version}"
