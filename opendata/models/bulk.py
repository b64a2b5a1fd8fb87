"""Files for bulk download: what there is, and how far one that is being made has come."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BulkKind(models.TextChoices):
    RELEASES = "releases", _("OCDS 发布（releases）")
    RECORDS = "records", _("OCDS 记录（records）")
    CREDIT = "credit", _("信用信息")


class BulkStatus(models.TextChoices):
    MAKING = "making", _("生成中")
    READY = "ready", _("可下载")


class BulkFile(models.Model):
    """A `.jsonl.gz` of everything of one kind in one period: a day, a month, or `all`.

    It holds what happened up to `until`. While it is made, `cursor` is the last row taken and `part_size` how many bytes of
    the part file belong to the rows up to it: who goes on after a crash cuts the part to that size.
    """

    kind = models.CharField(max_length=10, choices=BulkKind.choices)
    period = models.CharField(max_length=10)
    status = models.CharField(max_length=6, choices=BulkStatus.choices, default=BulkStatus.MAKING)
    begins = models.DateTimeField()
    until = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    part_size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-period", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "period", "status"], name="one_bulk_file_made_and_one_ready"),
            models.CheckConstraint(name="bulk_period_in_order", condition=models.Q(begins__lt=models.F("until"))),
            models.CheckConstraint(
                name="bulk_file_ready_says_its_hash",
                condition=models.Q(status=BulkStatus.MAKING, sha256="", made_at__isnull=True)
                | models.Q(status=BulkStatus.READY, sha256__regex=r"^[0-9a-f]{64}$", made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the download is called."""
        return f"{self.kind}-{self.period}.jsonl.gz"

    @property
    def of_a_day(self) -> bool:
        """Whether its period is one day, `2026-11-27`."""
        return self.period.count("-") == 2

    @property
    def path(self) -> Path:
        """Where the bytes lie once it is ready: beside uploads, under their hash."""
        return Path(settings.DATA_DIR) / "files" / self.sha256[:2] / self.sha256

    @property
    def part(self) -> Path:
        """Where they lie until then."""
        return Path(settings.DATA_DIR) / "files" / "parts" / f"bulk-{self.pk}"
