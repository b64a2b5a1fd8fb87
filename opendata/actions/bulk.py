"""Make a bulk file, a slice at a time: claimed, written, and only then said to be there."""

import gzip
import hashlib
import os
from datetime import datetime
from pathlib import Path

from django.db import transaction

from opendata import bulk
from opendata.models import BulkFile, BulkKind, BulkStatus
from opendata.rules.periods import Period


@transaction.atomic(durable=True)
def begin(kind: BulkKind, period: Period) -> BulkFile:
    """Begin the file of a period; the one that is being made, if there is one, begins anew where it was for another end."""
    file, made = BulkFile.objects.select_for_update().get_or_create(
        kind=kind,
        period=period.name,
        status=BulkStatus.MAKING,
        defaults={"begins": period.begins, "until": period.until},
    )
    if not made and file.until != period.until:
        file.begins, file.until, file.cursor, file.part_size, file.rows = period.begins, period.until, 0, 0, 0
        file.save()
    return file


@transaction.atomic(durable=True)
def go_on(pk: int, now: datetime) -> bool:
    """Take the next slice of a file; False once it is ready, or while another clock is at it.

    The slice's bytes are on disk before its row says so, and the row is locked while they are written. A process that is
    killed in between leaves bytes that no row knows of, which the next one cuts off.
    """
    file = BulkFile.objects.select_for_update(skip_locked=True).filter(pk=pk, status=BulkStatus.MAKING).first()
    if file is None:
        return False
    _cut(file)
    taken = list(bulk.lines(file))
    if not taken:
        _finish(file, now)
        return False
    found = [line for _cursor, some in taken for line in some]
    if found:
        file.part_size = _append(file.part, gzip.compress(b"".join(found), mtime=0))
    file.cursor, file.rows = taken[-1][0], file.rows + len(found)
    file.save(update_fields=["cursor", "rows", "part_size"])
    return True


@transaction.atomic(durable=True)
def withdraw(files: list[BulkFile]) -> None:
    """These are not kept any more."""
    withdraw_now(files)


def withdraw_now(files: list[BulkFile]) -> None:
    """They are not to be had from this moment: the rows at once, the bytes after the commit. Part of a larger verb."""
    BulkFile.objects.filter(pk__in=[one.pk for one in files]).delete()
    transaction.on_commit(lambda: _forget(files), robust=True)


def _cut(file: BulkFile) -> None:
    """Cut the part to what the row knows of; begin anew where it has less than that."""
    file.part.parent.mkdir(parents=True, exist_ok=True)
    file.part.touch()
    if file.part.stat().st_size < file.part_size:
        file.cursor, file.part_size, file.rows = 0, 0, 0
    os.truncate(file.part, file.part_size)


def _append(part: Path, content: bytes) -> int:
    with part.open("ab") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
        return out.tell()


def _finish(file: BulkFile, now: datetime) -> None:
    """Put the bytes under their hash; what was there before for this period makes way."""
    if not file.part_size:
        file.part_size = _append(file.part, gzip.compress(b"", mtime=0))
    with file.part.open("rb") as content:
        file.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    file.path.parent.mkdir(parents=True, exist_ok=True)
    part = file.part
    before = list(BulkFile.objects.filter(kind=file.kind, period=file.period, status=BulkStatus.READY))
    BulkFile.objects.filter(pk__in=[one.pk for one in before]).delete()
    file.status, file.size, file.made_at = BulkStatus.READY, file.part_size, now
    file.save()
    if not file.path.exists():
        os.link(part, file.path)
    transaction.on_commit(lambda: _settle(part, before), robust=True)


def _settle(part: Path, before: list[BulkFile]) -> None:
    part.unlink(missing_ok=True)
    _forget(before)


def _forget(files: list[BulkFile]) -> None:
    """Delete the bytes of files that no row names any more."""
    for one in files:
        if one.sha256 and not BulkFile.objects.filter(sha256=one.sha256).exists():
            one.path.unlink(missing_ok=True)
        one.part.unlink(missing_ok=True)
