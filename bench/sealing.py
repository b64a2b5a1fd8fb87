"""What the seal costs: on the way of a bid, for a million entries, for a proof, and for whoever verifies a big record."""

import json
import time
from contextlib import closing
from statistics import median

import psycopg2

from bench.database import Ground
from bench.table import Row
from journal.notes import Signer

_BLOCKS, _BLOCK = 60, 100
_ORIGIN = "bench/log"
_APPEND = """
PREPARE append AS INSERT INTO journal_entry (case_id, at, seq, kind, body, prev, hash)
SELECT id, now(), $2, 'bid.placed', decode(repeat('ab', 150), 'hex'), decode(repeat('cd', 32), 'hex'),
       decode(repeat('ef', 32), 'hex')
FROM journal_case WHERE id = $1
"""


def measure(ground: Ground, case: int, entries: int, of_one: int) -> list[Row]:
    """Append to a case file; then fill the journal with `entries`, `of_one` of them in one case, seal and verify."""
    return [*_queue(ground, case), *_log(ground, entries, of_one)]


def _queue(ground: Ground, case: int) -> list[Row]:
    """One entry's INSERT with the trigger that queues it and without, in turns, without the commit; medians."""
    times: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    with closing(psycopg2.connect(ground.owner_url)) as link, link.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(_APPEND)
        link.commit()
        for block in range(_BLOCKS):
            state = ("ENABLE", "DISABLE")[block % 2]
            cursor.execute(f"ALTER TABLE journal_entry {state} TRIGGER queue_entries")
            for n in range(_BLOCK):
                started = time.perf_counter()
                cursor.execute("EXECUTE append (%s, %s)", [case, 10**9 + block * _BLOCK + n])
                times[state].append(time.perf_counter() - started)
            link.commit()
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER queue_entries")
        link.commit()
    queued, plain = (median(times[state]) * 1e6 for state in ("ENABLE", "DISABLE"))
    return [
        Row("one entry inserted and queued", f"{queued:.0f} µs", f"without the queue {plain:.0f} µs", queued / plain)
    ]


def _log(ground: Ground, entries: int, of_one: int) -> list[Row]:
    environment = ground.environment | {"LOG_KEY": Signer.new(_ORIGIN).secret(), "LOG_ORIGIN": _ORIGIN}
    printed = Ground(ground.owner_url, environment).run(["-m", "bench.sealed", str(entries), str(of_one)])
    told = json.loads(printed.splitlines()[-1])
    count, case = told["entries"], told["case"]
    name = f"sealing {count:,} entries at once"
    proof, growth = told["inclusion"], told["consistency"]
    verify = f"verifying a case of {case:,} entries"
    return [
        Row(name, f"{told['sealed']:.1f} s, {told['sealed'] / count * 1e6:.0f} µs each", "", None),
        Row(
            f"{name}: CPU of the sealer",
            f"{told['cpu']:.1f} s",
            f"its tree alone {told['tree']:.1f} s",
            told["cpu"] / told["tree"],
        ),
        Row(f"{name}: leaves on disk", f"{told['table'] / count:.0f} bytes each"),
        Row("a proof of inclusion", f"p50 {proof['p50'] * 1e3:.1f} ms, p99 {proof['p99'] * 1e3:.1f} ms"),
        Row("a proof of consistency", f"p50 {growth['p50'] * 1e3:.1f} ms, p99 {growth['p99'] * 1e3:.1f} ms"),
        Row(f"writing the record of {case:,} entries", f"{told['wrote']:.2f} s, {told['record'] / 1e6:.1f} MB"),
        Row(
            verify,
            f"{told['verify']:.2f} s",
            f"hashing its bytes {told['once']:.3f} s",
            told["verify"] / told["once"],
            5,
        ),
        Row(
            verify,
            f"{told['verify']:.2f} s",
            f"hashing entry by entry {told['chain']:.3f} s",
            told["verify"] / told["chain"],
        ),
        Row(
            verify, f"{told['verify']:.2f} s", f"json.loads of it {told['parse']:.2f} s", told["verify"] / told["parse"]
        ),
        Row(f"{verify}, chain alone", f"{told['verify_unsealed']:.2f} s"),
    ]
