"""What the seal costs: on the way of a bid, for a million entries, for a proof, and for whoever verifies a big record."""

from contextlib import closing
from typing import Any

import psycopg2

from bench import floor
from bench.database import Ground
from bench.table import Row
from journal.notes import Signer

ROUNDS = 4
_ORIGIN = "bench/log"


def measure(ground: Ground, rows: list[dict[str, Any]], seconds: float, entries: int, of_one: int) -> list[Row]:
    """`rows` are auctions that pgbench writes to; the journal is then filled with `entries`, `of_one` of them in one case."""
    return [*_queue(ground, rows, seconds), *_log(ground, entries, of_one)]


def _queue(ground: Ground, rows: list[dict[str, Any]], seconds: float) -> list[Row]:
    """pgbench's bids with and without the trigger that queues entries, in turns; the best of each counts."""
    best = {"ENABLE": 0.0, "DISABLE": 0.0}
    for turn in range(2 * ROUNDS):
        state = ("ENABLE", "DISABLE")[turn % 2]
        _alter(ground, f"ALTER TABLE journal_entry {state} TRIGGER queue_entries")
        best[state] = max(best[state], floor.rate(ground.owner_url, rows, 8, seconds / ROUNDS))
    _alter(ground, "ALTER TABLE journal_entry ENABLE TRIGGER queue_entries")
    ratio = best["ENABLE"] / best["DISABLE"]
    against = f"without it {best['DISABLE']:,.0f}/s"
    return [Row(f"pgbench's bids on {len(rows)} rows, each entry queued", f"{best['ENABLE']:,.0f}/s", against, ratio)]


def _log(ground: Ground, entries: int, of_one: int) -> list[Row]:
    environment = ground.environment | {"LOG_KEY": Signer.new(_ORIGIN).secret(), "LOG_ORIGIN": _ORIGIN}
    told = Ground(ground.owner_url, environment).run("bench.sealed", str(entries), str(of_one))
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


def _alter(ground: Ground, statement: str) -> None:
    with closing(psycopg2.connect(ground.owner_url)) as link, link, link.cursor() as cursor:
        cursor.execute(statement)
