"""`make bench`: the numbers of DESIGN §9, measured on this machine in one run (docs/performance.md says how)."""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path

from bench import bidding, credit, fanout, lists, sealing
from bench.database import ground
from bench.table import Row, table

_LAST = Path(__file__).parent / "last.json"


def main() -> int:
    """Measure, print the table, keep it as JSON; 1 if a target was missed and that counts."""
    wanted = _arguments()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    started, load = time.monotonic(), os.getloadavg()[0]
    rows = _measure(wanted)
    print(table(rows))
    print(f"\n{time.monotonic() - started:.0f} s; load of the machine {load:.1f} before, {os.cpu_count()} cores")
    _LAST.write_text(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1))
    return int(wanted.strict and not all(row.reached for row in rows))


def _measure(wanted: argparse.Namespace) -> list[Row]:
    rows = _rooms(wanted) if wanted.only not in ("credit", "lists") else []
    if wanted.only in (None, "credit"):
        # A world of its own: both begin with the first organisation.
        with ground() as place:
            rows += credit.measure(place)
        _say("credit")
    if wanted.only == "lists":
        # Filling takes longer than all else together: only when asked for.
        rows += lists.measure(wanted.requests, wanted.agencies, wanted.keep)
    return rows


def _rooms(wanted: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    with ground() as place:
        _say("database")
        made = place.auctions([2, 2, 2, 64, *[4] * 16, *[2] * 17])
        crowded, one, sixteen, floor = made[:3], made[3:4], made[4:20], made[20:]
        _say("auctions")
        if wanted.only in (None, "bids"):
            rows += bidding.measure(place, one, floor[:1], wanted.seconds, wanted.server, 2.0)
            _say("bids on one auction")
            rows += bidding.measure(place, sixteen, floor[1:], wanted.seconds, wanted.server, 0.5)
            _say("bids on sixteen")
        if wanted.only in (None, "fanout"):
            rows = fanout.measure(place, crowded, wanted.watchers, wanted.seconds, wanted.server) + rows
            _say("fan-out")
        if wanted.only in (None, "seal"):
            rows += sealing.measure(place, floor[0]["case"], wanted.entries, wanted.entries // 10)
            _say("seal")
    return rows


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--only", choices=("fanout", "bids", "credit", "seal", "lists"))
    words.add_argument("--watchers", type=int, default=1500)
    words.add_argument("--entries", type=int, default=1_000_000, help="to seal, a tenth of them in one case")
    words.add_argument("--requests", type=int, default=1_000_000, help="to list")
    words.add_argument("--agencies", type=int, default=100_000, help="to list")
    words.add_argument("--keep", type=Path, help="folder to keep the filled lists in, and to find them in")
    words.add_argument("--seconds", type=float, default=9, help="of each measurement")
    words.add_argument("--server", choices=("uvicorn", "granian"), default="uvicorn")
    words.add_argument("--strict", action="store_true", help="exit with 1 if a target is missed")
    return words.parse_args()


def _say(what: str) -> None:
    print(f"  … {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
