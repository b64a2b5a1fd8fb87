"""The one error of the verifier."""

from collections.abc import Iterator
from contextlib import contextmanager


class Broken(Exception):
    """The record does not hold; `seq` is the first entry that is wrong, None where it is the file as a whole.

    `area` says which part of the check found it: form, chain, reveal, draw, ruleset, seal, offers or award.
    """

    def __init__(self, seq: int | None, reason: str, area: str = "") -> None:
        self.seq, self.reason, self.area = seq, reason, area
        super().__init__(f"entry {seq}: {reason}" if seq is not None else reason)


@contextmanager
def area(name: str) -> Iterator[None]:
    """Whatever breaks in here belongs to this part of the check, unless it says so itself."""
    try:
        yield
    except Broken as broken:
        broken.area = broken.area or name
        raise
