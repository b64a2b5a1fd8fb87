"""Random inspections (双随机一公开, P21.1): a plan, the verifiable draws of agencies and of inspectors, findings in public."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from agencies.models import Agency
from core.models import StoredFile
from draws.models import Draw
from journal.models import Case
from ratings.models.exits import ExitCase


class Inspector(models.Model):
    """Somebody of the register of inspectors (执法检查人员名录库), by the number of their certificate."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="inspectorships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="inspectors")
    certificate = models.CharField(_("执法证号"), max_length=30, unique=True)
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["certificate"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="inspector_once_at_a_time", condition=models.Q(retired_at__isnull=True)
            ),
            models.CheckConstraint(name="inspector_has_a_certificate", condition=~models.Q(certificate="")),
        ]

    def __str__(self) -> str:
        return f"{self.user.name} {self.certificate}"


class Interest(models.Model):
    """Why an inspector does not inspect an agency, as declared."""

    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="interests")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("利害关系"), max_length=200)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspector", "agency"], name="interest_declared_once"),
            models.CheckConstraint(name="interest_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.inspector} {self.agency}"


class PlanKind(models.TextChoices):
    PLANNED = "planned", _("专项抽查")
    NEW = "new", _("新入驻机构月度抽查")


class PlanStatus(models.TextChoices):
    """Contributions until the close; then both lists are sealed, everything is opened, and drawn."""

    COLLECTING = "collecting", _("征集随机数")
    SEALED = "sealed", _("名单已封存")
    DRAWN = "drawn", _("检查中")
    DONE = "done", _("结果已全部公开")


class Plan(models.Model):
    """What is inspected and how many; its case file is its number.

    `scope` is {"region", "item", "grades", "since", "until"}, what is not limited left out; `excluded` is
    [{"uscc", "reason"}] as the officer says, to which the seal adds what the rules exclude.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PlanKind.choices)
    title = models.CharField(_("名称"), max_length=120)
    # The first day of the month whose newcomers are checked; one such plan a month.
    month = models.DateField(null=True, unique=True)
    scope = models.JSONField(default=dict)
    excluded = models.JSONField(default=list)
    agencies_wanted = models.PositiveSmallIntegerField(_("抽取机构数"))
    inspectors_wanted = models.PositiveSmallIntegerField(_("每家检查人员数"))
    checks = models.JSONField(_("检查事项"))
    ruleset = models.CharField(max_length=20)
    by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    of_agencies = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="+")
    of_inspectors = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="+")
    # What keeps whom from inspecting whom, sealed with the lists: [{"inspector", "agency", "reason"}].
    ties = models.JSONField(default=list)
    status = models.CharField(max_length=12, choices=PlanStatus.choices, default=PlanStatus.COLLECTING)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status"], name="plan_at_work", condition=~models.Q(status="done"))]
        constraints = [
            models.CheckConstraint(name="plan_status_known", condition=models.Q(status__in=PlanStatus.values)),
            models.CheckConstraint(
                name="plan_draws_somebody", condition=models.Q(agencies_wanted__gt=0, inspectors_wanted__gte=2)
            ),
            models.CheckConstraint(
                name="plan_of_newcomers_has_its_month",
                condition=models.Q(kind=PlanKind.NEW, month__isnull=False)
                | models.Q(kind=PlanKind.PLANNED, month__isnull=True, created_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Finding(models.TextChoices):
    CLEAN = "clean", _("未发现问题")
    CORRECTED = "corrected", _("发现问题，已当场整改")
    PROBLEM = "problem", _("发现问题，依法处理")
    ABSENT = "absent", _("不配合检查或联系不上")


# What opens an exit case; a finding itself sanctions nobody.
SERIOUS_FINDINGS = (Finding.PROBLEM, Finding.ABSENT)


class Inspection(models.Model):
    """One drawn agency and its drawn inspectors: one of them reports, another confirms, and then it is public.

    `sheet` is [{"check", "ok", "note"}], one for each check of the plan.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="inspections")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="inspections")
    rank = models.PositiveSmallIntegerField()
    inspectors = models.ManyToManyField(Inspector, related_name="inspections")
    due_at = models.DateTimeField()
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    sheet = models.JSONField(default=list)
    summary = models.TextField(_("检查结果（公开）"), max_length=2000, blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    opened = models.ForeignKey(ExitCase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["plan", "rank"]
        indexes = [
            models.Index(fields=["due_at"], name="inspection_due", condition=models.Q(published_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "agency"], name="agency_drawn_once_a_plan"),
            models.CheckConstraint(
                name="reported_inspection_says_what_was_found",
                condition=models.Q(reported_by__isnull=True, reported_at__isnull=True, finding="")
                | ~models.Q(finding="")
                & ~models.Q(summary="")
                & models.Q(reported_by__isnull=False, reported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="inspection_is_published_by_two",
                condition=models.Q(published_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(published_at__isnull=False, confirmed_by__isnull=False, reported_by__isnull=False)
                & ~models.Q(confirmed_by=models.F("reported_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.agency}"


class InspectionFile(models.Model):
    """Evidence of an inspection; never public, every look is recorded."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
