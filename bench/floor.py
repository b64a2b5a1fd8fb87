"""The floor of the bidding: pgbench placing one bid per transaction in the same tables, with nothing before it.

The script takes the lock, reads the clock, and writes what the platform writes for a bid: entry, bid, auction and case.
It judges nothing, hashes nothing, and its statements are prepared.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from config import places
from config.processes import Account

CLIENTS = (1, 2, 4, 8, 16, 32, 64)

_SCRIPT = """
BEGIN;
SELECT id FROM journal_case WHERE id = {case} FOR NO KEY UPDATE;
SELECT seq + 1 AS seq, clock_timestamp() AS now FROM journal_case WHERE id = {case} \\gset
INSERT INTO journal_entry (case_id, seq, at, kind, body, prev, hash)
 VALUES ({case}, :seq, :now, 'bid.placed', decode(repeat('ab', 150), 'hex'), decode(repeat('cd', 32), 'hex'),
         decode(repeat('ef', 32), 'hex'));
INSERT INTO bidding_bid (auction_id, enrolment_id, key, amount, seq, at)
 VALUES ({auction}, {enrolment}, gen_random_uuid(), {price}00 - :seq, :seq, :now);
UPDATE bidding_auction SET best = {price}00 - :seq, leader_id = {enrolment}, bid_count = bid_count + 1
 WHERE id = {auction};
UPDATE journal_case SET seq = :seq, head = decode(repeat('ef', 32), 'hex'), last_at = :now WHERE id = {case};
COMMIT;
"""


def rate(url: str, rooms: list[dict[str, Any]], clients: int, seconds: float) -> float:
    """Bids a second that `clients` connections of pgbench commit, on as many rows as there are `rooms`."""
    folder = Path(tempfile.mkdtemp(prefix="market-bench-"))
    try:
        files = []
        for room in rooms:
            script = folder / f"{room['auction']}.sql"
            script.write_text(_SCRIPT.format(**room))
            files += ["-f", str(script)]
        command = [str(places.binaries(Account.for_database()) / "pgbench"), "-n", "-M", "prepared"]
        command += ["-c", str(clients), "-j", str(min(clients, 2)), "-T", str(max(1, round(seconds))), *files, url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = re.search(r"tps = ([0-9.]+)", done.stdout)
        if done.returncode or found is None:
            raise RuntimeError(done.stdout + done.stderr)
        return float(found[1])
    finally:
        shutil.rmtree(folder)


def best(url: str, rooms: list[dict[str, Any]], seconds: float) -> tuple[float, int]:
    """The best rate over all client counts, and its count."""
    return max((rate(url, rooms, clients, seconds), clients) for clients in CLIENTS)
