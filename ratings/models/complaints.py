"""Complaints (投诉举报) on agencies, buyers, requests and departments: what was said, how it was handled, how it ended.

Who complained is known to the officers who handle it and to nobody else: no entry, notice, page or file name has it.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts.models import Delivery
from core.models import StoredFile
from marketplace.models import Request, ServiceItem


class ComplaintKind(models.TextChoices):
    """What a complaint is about."""

    AGENCY = "agency", _("投诉机构")
    BUYER = "buyer", _("投诉采购人")
    REQUEST = "request", _("投诉采购公告")
    STEERING = "steering", _("举报部门变相指定")
    DEMAND = "demand", _("举报仍索要已取消事项")


class ComplaintStatus(models.TextChoices):
    FILED = "filed", _("待受理")
    INVESTIGATING = "investigating", _("已受理，调查中")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    UPHELD = "upheld", _("投诉成立")
    DISMISSED = "dismissed", _("投诉不成立")


COMPLAINTS_OPEN = (ComplaintStatus.FILED, ComplaintStatus.INVESTIGATING)


def _about(kind: ComplaintKind, **present: bool) -> models.Q:
    fields: dict[str, Any] = {"agency": False, "request": False, "item": False, **present}
    return models.Q(kind=kind, **{f"{name}__isnull": not there for name, there in fields.items()})


class Complaint(models.Model):
    """One complaint, changed only under the case of its subject (`case_name`).

    `due_at` is the date of the officers' next step: acceptance, then the outcome. `put` is the reproach in an officer's own
    words, which the subject answers in `statement` until `statement_until`. `summary` is public once upheld.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=ComplaintKind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="complaints")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="complaints")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="complaints")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, null=True, related_name="complaints")
    # A department that is not on the platform, as the complainer names it.
    department = models.CharField(_("部门名称"), max_length=120, blank=True)
    # A buyer's rejection that is complained about.
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="complaints")
    text = models.TextField(_("事实经过"), max_length=5000)
    ruleset = models.CharField(max_length=20)
    # Of the commitment that stands in the entry in place of the text.
    salt = models.BinaryField(max_length=32)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    status = models.CharField(max_length=14, choices=ComplaintStatus.choices, default=ComplaintStatus.FILED)
    due_at = models.DateTimeField(null=True)
    # When the clock said in the case file that the date is over.
    overdue_at = models.DateTimeField(null=True)

    accept_due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    decide_due_at = models.DateTimeField(null=True)
    # The officer who handles it: the one who may see who complained.
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    extended = models.BooleanField(default=False)
    put = models.TextField(_("需要说明的事项"), max_length=3000, blank=True)
    put_at = models.DateTimeField(null=True)
    statement_until = models.DateTimeField(null=True)
    statement = models.TextField(_("被投诉方说明"), max_length=5000, blank=True)
    stated_at = models.DateTimeField(null=True)
    stated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    # The act that an upheld complaint on an agency costs.
    act_code = models.CharField(max_length=40, blank=True)
    summary = models.TextField(_("公开摘要"), max_length=1000, blank=True)
    reasons = models.TextField(_("理由"), max_length=5000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    public_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-filed_at", "-id"]
        indexes = [
            models.Index(fields=["status", "due_at"], name="complaint_due"),
            models.Index(fields=["filed_by", "-filed_at"], name="complaint_of_complainer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="complaint_has_one_subject",
                condition=_about(ComplaintKind.AGENCY, agency=True) & models.Q(organisation__isnull=True, department="")
                | _about(ComplaintKind.BUYER) & models.Q(organisation__isnull=False, department="")
                | _about(ComplaintKind.REQUEST, request=True) & models.Q(organisation__isnull=True, department="")
                | _about(ComplaintKind.STEERING)
                & (
                    models.Q(organisation__isnull=False, department="")
                    | models.Q(organisation__isnull=True) & ~models.Q(department="")
                )
                | _about(ComplaintKind.DEMAND, item=True)
                & models.Q(organisation__isnull=True)
                & ~models.Q(department=""),
            ),
            models.CheckConstraint(
                name="complaint_status_known", condition=models.Q(status__in=ComplaintStatus.values)
            ),
            models.CheckConstraint(
                name="open_complaints_have_a_date",
                condition=models.Q(status__in=COMPLAINTS_OPEN, due_at__isnull=False)
                | ~models.Q(status__in=COMPLAINTS_OPEN) & models.Q(due_at__isnull=True),
            ),
            models.CheckConstraint(
                name="complaint_decided_says_who_and_why",
                condition=models.Q(status__in=COMPLAINTS_OPEN, decided_by__isnull=True, decided_at__isnull=True)
                | ~models.Q(status__in=COMPLAINTS_OPEN)
                & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~models.Q(reasons=""),
            ),
            # I9: not the complainer, and not who answered for the subject.
            models.CheckConstraint(
                name="complainer_does_not_decide",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("filed_by")),
            ),
            models.CheckConstraint(
                name="who_answered_does_not_decide",
                condition=models.Q(decided_by__isnull=True)
                | models.Q(stated_by__isnull=True)
                | ~models.Q(decided_by=models.F("stated_by")),
            ),
            models.CheckConstraint(
                name="subject_is_heard_before_upheld",
                condition=~models.Q(status=ComplaintStatus.UPHELD)
                | models.Q(put_at__isnull=False)
                & (models.Q(stated_at__isnull=False) | models.Q(decided_at__gte=models.F("statement_until")))
                & ~models.Q(summary=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.status}"

    @property
    def case_name(self) -> str:
        """The case file its entries stand in."""
        if self.agency is not None:
            return f"A-{self.agency.uscc}"
        return (self.request.number or "") if self.request is not None else "P"

    @property
    def answerable(self) -> Organisation | None:
        """Who answers for the subject on the platform; None for a department that is not on it."""
        if self.agency is not None:
            return self.agency.organisation
        return self.request.buyer if self.request is not None else self.organisation

    @property
    def subject_name(self) -> str:
        """Whom or what it is about, as it is named."""
        if self.request is not None:
            return f"{self.request.number} {self.request.title}"
        party = self.answerable
        return party.name if party is not None else self.department


class ComplaintFile(models.Model):
    """Evidence of a complaint. Its own name is not kept: it may name who complained."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="files")
    n = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["complaint", "n"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "n"], name="complaint_file_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.n}"
