"""Lists, search and an agency's page among a million requests and 100,000 agencies, against the same among a thousand."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.database import Ground, ground
from bench.table import Row

_SMALL = 1000
_ROUNDS = 2
_TARGET = 2.0
_PAGES = {
    "/requests/": "request list",
    "/requests/?region=620000&item=WAT-01&sort=closing": "request list, three filters",
    "/requests/?page=20": "request list, page 20",
    "/requests/?q=水保": "requests, 水保",
    "/requests/?q=环境影响": "requests, 环境影响",
    "/requests/?q=检测&status=published": "requests, 检测 in one state",
    "/requests/?q=hjyxpj": "requests, hjyxpj",
    "/requests/?q=GS-2026-0000123": "requests, a number",
    "/search/?q=水保": "site search, 水保",
    "/agencies/": "agency list",
    "/agencies/?q=咨询": "agencies, 咨询",
    "/agencies/?item=WAT-01&origin=outside": "agency list, two filters",
    "/agencies/?sort=name": "agencies by name",
    "/agencies/?sort=credit": "agencies by credit",
    "/a/916200000000000123/": "an agency's page",
    "/compare/?a=916200000000000123&a=916200000000000124": "two agencies compared",
    "/live/": "live auctions, and just closed",
    "/awards/": "award list",
    "/awards/?q=水保": "awards, 水保",
    "/awards/?q=咨询": "awards, 咨询",
    "/exits/": "exit list",
    "/exits/?q=咨询": "exits, 咨询",
}


def measure(requests: int, agencies: int, keep: Path | None = None) -> list[Row]:
    """Fill a small and a large database, ask each page of both in turns, and compare the best medians.

    Filled ones are kept in the folder `keep`, if there is one, and found there.
    """
    with ground("small", keep) as small, ground("large", keep) as large:
        _fill(small, _SMALL, _SMALL)
        told = _fill(large, requests, agencies)
        rounds = [(_ask(small), _ask(large)) for _ in range(_ROUNDS)]
    filled = Row(f"filling with {requests:,} requests and {agencies:,} agencies", f"{told:.0f} s")
    return [filled, *(_row(address, name, rounds, requests, agencies) for address, name in _PAGES.items())]


def _fill(place: Ground, requests: int, agencies: int) -> float:
    told, wanted = place.home / "filled.json", [requests, agencies]
    kept = json.loads(told.read_text()) if told.exists() else None
    if kept is None:
        printed = place.run(["-m", "bench.filling", str(requests), str(agencies)])
        kept = {"with": wanted, "seconds": float(json.loads(printed.splitlines()[-1])["seconds"])}
        told.write_text(json.dumps(kept))
    elif kept["with"] != wanted:
        raise SystemExit(f"{place.home} is filled with {kept['with']}, not with {wanted}.")
    print(f"  … {requests:,} requests", file=sys.stderr, flush=True)
    return float(kept["seconds"])


Asked = dict[str, dict[str, float]]


def _ask(place: Ground) -> Asked:
    printed = place.run(["-m", "bench.listing", json.dumps(list(_PAGES))])
    found: Asked = json.loads(printed.splitlines()[-1])
    return found


def _row(address: str, name: str, rounds: Sequence[tuple[Asked, Asked]], requests: int, agencies: int) -> Row:
    small, large = (min(asked[at][address]["time"] for asked in rounds) for at in (0, 1))
    queries = [int(asked[address]["queries"]) for asked in rounds[0]]
    among = f"{agencies:,}" if "agenc" in name else f"{requests:,}"
    same = f"{queries[1]} queries" if queries[0] == queries[1] else f"{queries[0]} and {queries[1]} QUERIES"
    return Row(
        f"{name}, among {among}", f"{large * 1e3:.0f} ms, {same}", f"{small * 1e3:.0f} ms", large / small, _TARGET
    )
