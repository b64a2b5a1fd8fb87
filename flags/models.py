"""Red flags: what a rule saw, and what people made of it. Never a sanction, never part of a score (R10)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journal.models import Case
from ratings.models import ExitCase


class Status(models.TextChoices):
    """`raised → triage → dismissed | watch | case → confirmed | refuted`."""

    RAISED = "raised", _("待分拣")
    WATCH = "watch", _("观察中")
    CASE = "case", _("已立案或移送")
    DISMISSED = "dismissed", _("已排除")
    CONFIRMED = "confirmed", _("已证实")
    REFUTED = "refuted", _("未证实")


LIVE = (Status.RAISED, Status.WATCH, Status.CASE)
JUDGED = (Status.DISMISSED, Status.CONFIRMED, Status.REFUTED)


class AboutKind(models.TextChoices):
    """What a flag is about; the same as `rules.base.About`."""

    REQUEST = "request", _("采购")
    AUCTION = "auction", _("竞价")
    CONTRACT = "contract", _("合同")
    PAIR = "pair", _("两家机构")
    GROUP = "group", _("一组机构")
    AGENCY = "agency", _("机构")
    BUYER = "buyer", _("采购人")
    DEPARTMENT = "department", _("部门")
    MARKET = "market", _("市场")


class Flag(models.Model):
    """One flag, changed only under its own case file `F-…`, which nobody but regulators knows of until it is confirmed.

    `numbers` fill the rule's sentence, `evidence` are its rows. `due_at` is the end of triage, or of watching. `exit_case`
    decides of a flag about an agency; another officer than `opened_by` decides of one that was referred elsewhere.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="flag")
    rule = models.CharField(_("规则"), max_length=8)
    version = models.PositiveSmallIntegerField()
    ruleset = models.CharField(max_length=20)
    about = models.CharField(max_length=10, choices=AboutKind.choices)
    subject = ArrayField(models.CharField(max_length=40))
    # The subject in one word, and where its market is: an item's code, a region's.
    subject_key = models.CharField(max_length=200)
    item = models.CharField(max_length=10, blank=True)
    region = models.CharField(max_length=6, blank=True)
    agencies = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    severity = models.PositiveSmallIntegerField()
    numbers = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RAISED)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    triaged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    triaged_at = models.DateTimeField(null=True)
    reason = models.TextField(_("理由"), max_length=2000, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    referred_to = models.CharField(_("移送单位"), max_length=120, blank=True)
    exit_case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, null=True, related_name="flags")
    concluded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True)
    conclusion = models.TextField(_("结论"), max_length=2000, blank=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(fields=["status", "due_at"], name="flag_due"),
            models.Index(fields=["rule", "version", "status"], name="flag_of_rule"),
            models.Index(fields=["rule", "subject_key"], name="flag_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(name="flag_status_known", condition=models.Q(status__in=Status.values)),
            models.UniqueConstraint(
                fields=["rule", "subject_key"],
                condition=models.Q(status__in=LIVE),
                name="one_live_flag_per_rule_and_subject",
            ),
            models.CheckConstraint(
                name="flag_dismissed_says_who_and_why",
                condition=~models.Q(status=Status.DISMISSED)
                | models.Q(triaged_by__isnull=False, triaged_at__isnull=False) & ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="flag_in_a_case_says_who_opened_it",
                condition=~models.Q(status__in=[Status.CASE, Status.CONFIRMED, Status.REFUTED])
                | models.Q(opened_by__isnull=False) & (models.Q(exit_case__isnull=False) | ~models.Q(referred_to="")),
            ),
            models.CheckConstraint(
                name="flag_is_concluded_by_another_than_its_opener",
                condition=models.Q(concluded_by__isnull=True) | ~models.Q(concluded_by=models.F("opened_by")),
            ),
            models.CheckConstraint(
                name="flag_confirmed_or_refuted_says_when_and_why",
                condition=~models.Q(status__in=[Status.CONFIRMED, Status.REFUTED])
                | models.Q(concluded_at__isnull=False) & ~models.Q(conclusion=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.rule} {self.status}"


class SwitchedOff(models.Model):
    """A version of a rule that was wrong too often; on record in the platform's case file. A new version begins anew."""

    rule = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    judged = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="rule_version_switched_off_once")]

    def __str__(self) -> str:
        return f"{self.rule}/{self.version}"


class Moved(models.Model):
    """A market, buyer or agency of which something is new; the clock looks at its year and takes the row away."""

    scope = models.CharField(max_length=10)
    key = models.CharField(max_length=60)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="what_moved_waits_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
