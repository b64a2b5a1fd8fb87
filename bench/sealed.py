"""Seal a big journal and prove from it. `python -m bench.sealed ENTRIES OF_ONE_CASE` prints what it took, as JSON."""

import hashlib
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 (apps first)

from journal import canon, queries, verify  # noqa: E402
from journal.merkle import Frontier, leaf_hash  # noqa: E402
from journal.models import Case, Entry, Leaf  # noqa: E402
from journal.sealing.actions import seal  # noqa: E402
from journal.sealing.queries import Seal, consistency  # noqa: E402

_BIG = "GS-2026-900001"
_OTHERS = 1000
_CHUNK = 20_000
_PROOFS = 300
_AT = "2026-11-23T06:05:00.000Z"
_START = "2026-11-23 06:05:00Z"


def measure(count: int, of_one: int) -> dict[str, Any]:
    """Fill the journal, seal it in one go, prove single entries, write the record of the big case and verify it."""
    filled = _timed(lambda: _fill(count, of_one))
    cpu = time.process_time()
    sealed = _timed(seal)
    cpu = time.process_time() - cpu
    hashes = [bytes(h) for h in Entry.objects.order_by("id").values_list("hash", flat=True)]
    record: list[bytes] = []
    wrote = _timed(lambda: record.extend(queries.record(_BIG)))
    text = b"".join(record)
    return {
        "entries": Leaf.objects.count(),
        "filled": filled,
        "sealed": sealed,
        "cpu": cpu,
        "tree": _timed(lambda: _tree(hashes)),
        "inclusion": _inclusions(),
        "consistency": _consistencies(),
        "wrote": wrote,
        **_verified(text),
        "table": _size("journal_leaf"),
    }


def _fill(count: int, of_one: int) -> None:
    """One case with a real chain, its entries spread among those of others, which have any hash."""
    names = [_BIG, *(f"GS-2026-8{n:05d}" for n in range(_OTHERS))]
    Case.objects.bulk_create([Case(name=name) for name in names])
    ids = dict(Case.objects.in_bulk(names, field_name="name").items())
    every = max(1, count // of_one)
    head, rows = canon.GENESIS, 0
    for start in range(0, count, _CHUNK):
        lines = io.StringIO()
        for n in range(start, min(start + _CHUNK, count)):
            if n % every == 0:
                rows += 1
                body = canon.body(_BIG, rows, _AT, "bid.placed", {"label": "青松", "amount": f"{90_000_000 - rows}.00"})
                head = canon.digest(head, body)
                case, seq, hashed = ids[_BIG].pk, rows, head
            else:
                case, seq = ids[f"GS-2026-8{n % _OTHERS:05d}"].pk, n + 1
                body, hashed = b"{}", hashlib.sha256(str(n).encode()).digest()
            lines.write(f"{case}\t{seq}\t{_START}\tbid.placed\t\\\\x{body.hex()}\t\\\\x\t\\\\x{hashed.hex()}\n")
        lines.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY journal_entry (case_id, seq, at, kind, body, prev, hash) FROM STDIN", lines)
    Case.objects.filter(name=_BIG).update(seq=rows, head=head)


def _tree(hashes: list[bytes]) -> None:
    grown = Frontier(0, [])
    for one in hashes:
        grown.append(leaf_hash(one))


def _inclusions() -> dict[str, float]:
    seal_now = Seal.newest()
    assert seal_now is not None
    size = seal_now.checkpoint.size
    chosen = random.Random(7).sample(range(size), _PROOFS)
    entries = [leaf.entry for leaf in Leaf.objects.filter(index__in=chosen).select_related("entry")]
    return _spread([_timed(lambda entry=entry: seal_now.of_entry(entry)) for entry in entries])  # type: ignore[misc]


def _consistencies() -> dict[str, float]:
    size = Leaf.objects.count()
    chosen = random.Random(8).sample(range(1, size), _PROOFS)
    return _spread([_timed(lambda first=first: consistency(first, size)) for first in chosen])  # type: ignore[misc]


def _verified(text: bytes) -> dict[str, Any]:
    bodies = list(_bodies(text))
    unsealed = text[: text.rindex(b',"sealing":')] + b',"sealing":null}'
    return {
        "record": len(text),
        "case": len(bodies),
        "verify": min(_timed(lambda: verify.verify(io.BytesIO(text))) for _ in range(3)),
        "verify_unsealed": min(_timed(lambda: verify.verify(io.BytesIO(unsealed))) for _ in range(3)),
        "chain": min(_timed(lambda: _chain(bodies)) for _ in range(3)),
        "once": min(_timed(lambda: hashlib.sha256(text).digest()) for _ in range(3)),
        "parse": min(_timed(lambda: json.loads(text)) for _ in range(3)),
    }


def _bodies(text: bytes) -> Iterator[bytes]:
    for entry in json.loads(text)["entries"]:
        yield canon.body(entry["case"], entry["seq"], entry["at"], entry["kind"], entry["data"])


def _chain(bodies: list[bytes]) -> None:
    head = canon.GENESIS
    for body in bodies:
        head = hashlib.sha256(head + body).digest()


def _size(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
        return int(cursor.fetchone()[0])


def _spread(times: list[float]) -> dict[str, float]:
    times.sort()
    return {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
