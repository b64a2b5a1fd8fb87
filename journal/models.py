"""Case files (案卷) and their entries. Whatever happens is one entry, appended with the state it changes."""

import json
from typing import Any

from django.db import models

from journal import canon


class Case(models.Model):
    """A case file. Its row is the lock for everything about its subject.

    `name` is `GS-2026-000123` for a request, `A-<USCC>` for an agency, `P` for the platform.
    """

    name = models.CharField(max_length=40, unique=True)
    seq = models.BigIntegerField(default=0)
    head = models.BinaryField(default=canon.GENESIS)
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One thing that happened. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    body = models.BinaryField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ["case", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="entry_seq_once_per_case"),
            models.CheckConstraint(name="entry_seq_positive", condition=models.Q(seq__gt=0)),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="entry_by_kind")]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.kind}"

    @property
    def data(self) -> dict[str, Any]:
        """What the entry says."""
        data: dict[str, Any] = json.loads(bytes(self.body))["data"]
        return data
