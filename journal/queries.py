"""Read case files."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet

from journal import canon
from journal.models import Case, Entry
from journal.sealing.queries import Seal


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


def record(name: str, ruleset: tuple[str, str] | None = None) -> Iterator[bytes]:
    """The public record of one case as JSON text in pieces (docs/protocol.md, "The record file").

    `ruleset` is id and TOML text of the rule set that the case was published under, for whoever recomputes its award.
    """
    seal = Seal.newest()  # before the entries: what is in its tree is then among them
    case = Case.objects.get(name=name)
    yield b'{"format":"case-record/2","case":"' + case.name.encode() + b'","entries":['
    rows = entries_of(name).filter(seq__lte=case.seq).values_list("body", "hash")
    for number, (body, hashed) in enumerate(rows.iterator(chunk_size=1000)):
        yield ((b"," if number else b"") + bytes(body)[:-1] + b',"hash":"' + bytes(hashed).hex().encode() + b'"}')
    yield b'],"seq":' + str(case.seq).encode() + b',"head":"' + bytes(case.head).hex().encode() + b'","ruleset":'
    yield json.dumps(ruleset and {"id": ruleset[0], "toml": ruleset[1]}, ensure_ascii=False).encode()
    yield b',"sealing":'
    yield from seal.of_case(case) if seal is not None else (b"null",)
    yield b"}"
