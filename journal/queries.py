"""Read case files."""

from collections.abc import Iterator

from django.db.models import QuerySet

from journal import canon
from journal.models import Case, Entry


def entries_of(name: str) -> QuerySet[Entry]:
    """The entries of a case file, oldest first."""
    return Entry.objects.filter(case__name=name).order_by("seq")


def lines_after(name: str, seq: int, limit: int) -> tuple[int, list[bytes]]:
    """`(first seq, wire lines)` of up to `limit` entries after `seq`."""
    rows = entries_of(name).filter(seq__gt=seq).values_list("seq", "body", "hash")[:limit]
    lines = [canon.on_wire(name, bytes(body), bytes(hashed)) for _seq, body, hashed in rows]
    return seq + 1, lines


def head_of(name: str) -> int:
    """The number of the newest entry; 0 for an empty or unknown case."""
    return Case.objects.filter(name=name).values_list("seq", flat=True).first() or 0


def record(name: str) -> Iterator[bytes]:
    """The public record of one case as JSON text in pieces (docs/protocol.md, "The record file")."""
    case = Case.objects.get(name=name)
    yield b'{"format":"case-record/1","case":"' + case.name.encode() + b'","entries":['
    rows = entries_of(name).filter(seq__lte=case.seq).values_list("body", "hash")
    for number, (body, hashed) in enumerate(rows.iterator(chunk_size=1000)):
        yield ((b"," if number else b"") + bytes(body)[:-1] + b',"hash":"' + bytes(hashed).hex().encode() + b'"}')
    yield b'],"seq":' + str(case.seq).encode() + b',"head":"' + bytes(case.head).hex().encode() + b'"}'
