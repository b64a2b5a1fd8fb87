"""What people type for what is written: 环评 for 环境影响评价. Operators edit it."""

from django.db import models

from core.text import initials


class Synonym(models.Model):
    """A short form and one of the long forms it stands for; searched in both directions."""

    short = models.CharField("简称", max_length=20)
    long = models.CharField("全称", max_length=40)
    short_initials = models.CharField(max_length=20)
    long_initials = models.CharField(max_length=40)

    class Meta:
        app_label = "core"
        ordering = ["short", "long"]
        constraints = [
            models.UniqueConstraint(fields=["short", "long"], name="synonym_once"),
            models.CheckConstraint(name="synonym_says_something_else", condition=~models.Q(short=models.F("long"))),
        ]

    def __str__(self) -> str:
        return f"{self.short} → {self.long}"

    @classmethod
    def of(cls, short: str, long: str) -> "Synonym":
        """A row, not yet kept, with the initials that both are typed by."""
        return cls(short=short, long=long, short_initials=initials(short)[:20], long_initials=initials(long)[:40])
