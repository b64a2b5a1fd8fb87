"""Documents of exit cases (文书), their evidence, and every look at what is protected."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency
from core.models import StoredFile
from ratings.models.exits import ExitCase
from ratings.models.repair import Repair


class DocumentKind(models.TextChoices):
    """文书. Each is made from a template with facts and basis filled in."""

    NOTICE = "notice", _("处理事先告知书")
    DEFENCE = "defence", _("陈述申辩书")
    DEFENCE_RECEIPT = "defence_receipt", _("陈述申辩回执")
    HEARING_NOTICE = "hearing_notice", _("听证通知书")
    MINUTES = "minutes", _("听证笔录")
    DECISION = "decision", _("处理决定书")
    INTERIM = "interim", _("暂时停止通知书")
    APPEAL = "appeal", _("申诉书")
    APPEAL_DECISION = "appeal_decision", _("申诉决定书")
    LAPSE = "lapse", _("案件终结通知书")
    REPAIR = "repair", _("信用修复决定书")
    REENTRY = "reentry", _("重新入驻决定书")
    CORRECTION = "correction", _("更正公告")


class Document(models.Model):
    """One document of a case: its words as they were written, never edited. `text` is what its `sha256` stands for.

    `public` ones are shown to everybody once `public_at` has come; the others to the agency and the regulators, and every
    look of an officer at them is recorded.
    """

    case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, null=True, related_name="documents")
    # Of an act's repair, which has no case.
    repair = models.OneToOneField(Repair, on_delete=models.PROTECT, null=True, related_name="document")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = models.CharField(_("文号"), max_length=40, unique=True)
    # {"title", "sections": [{"heading", "paragraphs"}]}, as it was written, and in English for reading.
    body = models.JSONField()
    body_en = models.JSONField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    public_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(
                name="document_of_a_case_or_of_an_acts_repair",
                condition=models.Q(case__isnull=False, repair__isnull=True)
                | models.Q(case__isnull=True, repair__isnull=False, public_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def agency(self) -> Agency:
        """Whom it is about."""
        if self.case is not None:
            return self.case.agency
        assert self.repair is not None
        return self.repair.agency


class Evidence(models.Model):
    """A file in an exit case, put in by an officer or by the agency with its defence. Never public."""

    case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    of_agency = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["case", "id"]

    def __str__(self) -> str:
        return self.name


class Look(models.Model):
    """Somebody looked at a protected document or file: who, what, when. Append-only."""

    subject = models.CharField(max_length=80)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject", "-at"], name="look_at_subject")]

    def __str__(self) -> str:
        return self.subject
