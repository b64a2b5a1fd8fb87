"""The newest checkpoint that was published, kept outside the database: what an old backup must not contradict.

The file is written, and on disk, before the checkpoint is in the database, from where it is served. So nobody has ever
seen a checkpoint that is newer than the file's.
"""

import os
from pathlib import Path

from django.conf import settings

from journal.notes import Checkpoint, Malformed, Note


class Unreadable(Exception):
    """The file is there, but holds no checkpoint."""


def newest() -> Checkpoint | None:
    """What the file holds; None where there is none yet. Raises Unreadable."""
    try:
        return Checkpoint.read(Note.read(_path().read_text()).text)
    except FileNotFoundError:
        return None
    except (Malformed, UnicodeDecodeError) as error:
        raise Unreadable(f"{_path()} holds no checkpoint: {error}") from error


def keep(note: str) -> None:
    """Put `note` into the file's place, whole or not at all, and wait until it is on disk."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh.open("w") as writer:
        writer.write(note)
        writer.flush()
        os.fsync(writer.fileno())
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def keep_if_missing(note: str) -> None:
    """Write a file that was lost anew."""
    if not _path().exists():
        keep(note)


def _path() -> Path:
    return Path(settings.LOG_CHECKPOINT)
