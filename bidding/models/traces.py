"""Marks that entrants leave on a process, for the comparison of C10 (R10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bidding.models.enrolment import Enrolment


class TraceKind(models.TextChoices):
    """What left the mark."""

    NETWORK = "network", _("网络段")
    DEVICE = "device", _("浏览器")
    AUTHOR = "author", _("文件作者")


class Trace(models.Model):
    """A mark of an entrant. `key` is a keyed hash, never the fact itself, and rows are forgotten after a year."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="traces")
    kind = models.CharField(max_length=10, choices=TraceKind)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "kind", "key"], name="trace_once_per_enrolment"),
            models.CheckConstraint(name="trace_is_a_hash", condition=models.Q(key__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="trace_kind_is_known", condition=models.Q(kind__in=TraceKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.kind}"
