"""The pool of experts, and who of them sits in a 综合比选 (R3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from marketplace.models import Request, ServiceItem


class Expert(models.Model):
    """A person who marks plans, known in public by number only. `organisation` employs them; without items they know all."""

    number = models.PositiveIntegerField(unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="expertise")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    items = models.ManyToManyField(ServiceItem, blank=True, related_name="+")
    nominated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    nominated_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="expert_once_at_a_time", condition=models.Q(retired_at__isnull=True)
            ),
            models.CheckConstraint(name="expert_numbers_count_from_one", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number as draws and entries have it."""
        return f"{self.number:04d}"


class Gone(models.TextChoices):
    """Why an expert sits no more."""

    CONFLICT = "conflict", _("声明回避")
    SILENT = "silent", _("逾期未评")


class Seat(models.Model):
    """An expert who was drawn for a request: the marks, and when they were due.

    `marks` are `[{"label", "points", "reason"}]` by label, sealed by `commitment` under `salt` until all have given theirs.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="seats")
    place = models.PositiveSmallIntegerField()
    appointed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    marks = models.JSONField(null=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=Gone.choices, blank=True)

    class Meta:
        ordering = ["request", "place"]
        constraints = [
            models.UniqueConstraint(fields=["request", "expert"], name="expert_sits_once_per_request"),
            models.CheckConstraint(
                name="marks_are_given_with_their_commitment",
                condition=models.Q(given_at__isnull=True, marks__isnull=True, salt__isnull=True, commitment="")
                | models.Q(
                    given_at__isnull=False, marks__isnull=False, salt__isnull=False, commitment__regex=r"^[0-9a-f]{64}$"
                ),
            ),
            models.CheckConstraint(
                name="who_sits_no_more_gives_no_marks",
                condition=models.Q(ended_at__isnull=True, ended_because="")
                | models.Q(ended_at__isnull=False, given_at__isnull=True, ended_because__in=Gone.values),
            ),
            models.CheckConstraint(
                name="marks_are_given_in_time",
                condition=models.Q(given_at__isnull=True) | models.Q(given_at__lt=models.F("due_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.expert_id}"
