"""Facts that belong to no single package: the calendar's corrections, regions, stored files."""

from pathlib import Path

from django.conf import settings
from django.db import models

from core.search.models import Synonym
from core.text import in_reader_language

__all__ = ["MOST_ATTEMPTS", "Region", "Rendering", "StoredFile", "Synonym", "WorkdayOverride"]

# How often a document is tried before it counts as one that cannot be made.
MOST_ATTEMPTS = 5


class WorkdayOverride(models.Model):
    """An operator's correction of the calendar: this date is (not) a working day, whatever the library says."""

    date = models.DateField("日期", unique=True)
    works = models.BooleanField("上班")
    name = models.CharField("说明", max_length=100)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Region(models.Model):
    """A province of China or a prefecture of Gansu (GB/T 2260). Codes change, hence the validity."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name_zh = models.CharField("名称", max_length=40)
    name_en = models.CharField("英文名称", max_length=60)
    valid_from = models.DateField("启用", null=True, blank=True)
    valid_to = models.DateField("停用", null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_reader_language(self.name_zh, self.name_en)


class StoredFile(models.Model):
    """The bytes of an upload, kept once under their SHA-256 outside the web root."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stored_file_hash_is_sha256", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return Path(settings.DATA_DIR) / "files" / self.sha256[:2] / self.sha256


class Rendering(models.Model):
    """A document that a page wants as PDF, known by the hash of everything that decides its bytes."""

    key = models.CharField(max_length=64, unique=True)
    template = models.CharField(max_length=40)
    # May hold what is not public, so it is forgotten once the file is there or given up.
    data = models.JSONField(null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    # When it was last requested, tried or put into the queue again.
    touched_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="rendering_key_is_sha256", condition=models.Q(key__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="rendering_forgets_its_data_once_there_is_a_file",
                condition=models.Q(file__isnull=True) | models.Q(data__isnull=True),
            ),
            models.CheckConstraint(
                name="rendering_keeps_its_data_while_it_may_be_tried",
                condition=models.Q(file__isnull=False) | models.Q(data__isnull=False) | ~models.Q(error=""),
            ),
        ]
        indexes = [
            models.Index("touched_at", condition=models.Q(data__isnull=False), name="renderings_still_to_make"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.key[:12]}"

    @property
    def state(self) -> str:
        """`ready`, `failed` (it may be tried again and come after all) or `waiting`."""
        if self.file_id is not None:
            return "ready"
        return "failed" if self.error else "waiting"
