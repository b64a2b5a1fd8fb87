"""Facts that belong to no single package: the calendar's corrections, regions, stored files."""

from pathlib import Path

from django.conf import settings
from django.db import models

from core.text import in_reader_language


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
