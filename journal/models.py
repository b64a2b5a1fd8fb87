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


class Unsealed(models.Model):
    """An entry that waits to be sealed. A trigger puts it here in the statement that appends the entry.

    The table is a heap without any index: it costs an append as little as can be, and it is nearly always empty. Rows go
    only when their leaf is there; a trigger refuses anything else.
    """

    entry_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"entry {self.entry_id}"


class Leaf(models.Model):
    """An entry's place in the log's Merkle tree. Append-only.

    `hashes` are those of the perfect subtrees that the leaf completes, from level 0 (`SHA-256(0x00 ‖ entry.hash)`) upwards,
    32 bytes each. So every node of the tree that will ever be needed stands in exactly one row, and no row ever changes.
    """

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="leaf")
    hashes = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="leaf_index_not_negative", condition=models.Q(index__gte=0)),
        ]

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Checkpoint(models.Model):
    """The tree at one moment, signed: `note` is the C2SP signed note that was published. Append-only."""

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "size"], name="one_checkpoint_per_size"),
            models.CheckConstraint(name="checkpoint_size_positive", condition=models.Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Follower(models.Model):
    """Who reads along with the log, and how many leaves it has taken. Its row is the lock of its reading."""

    name = models.CharField(max_length=60, unique=True)
    position = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_followers_position_is_not_negative", condition=models.Q(position__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class LogKey(models.Model):
    """A key that signs checkpoints, signed once or will: announced, current, retired. Stays published for ever."""

    verifier = models.CharField(max_length=300, unique=True)
    announced = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    current_since = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                name="one_current_log_key",
                condition=models.Q(current_since__isnull=False, retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="only_a_log_key_that_was_current_retires",
                condition=models.Q(retired_at__isnull=True) | models.Q(current_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.verifier
