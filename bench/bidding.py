"""Accepted bids a second through real sockets, against pgbench doing one bid per transaction on the same tables."""

from typing import Any

from bench import floor
from bench.database import Ground
from bench.processes import Load, Server, platform
from bench.table import Row

ROUNDS = 3


def measure(
    ground: Ground, rooms: list[dict[str, Any]], rows: list[dict[str, Any]], seconds: float, server: str, reach: float
) -> list[Row]:
    """All bidders of `rooms` at once; the floor writes to `rows`, as many. They take turns, and the best of each counts:
    what else the machine does only ever slows them."""
    best, clients = floor.best(ground.owner_url, rows, 1)
    runs: list[dict[str, Any]] = []
    with platform(ground.environment, server) as running:
        for turn in range(ROUNDS):
            runs.append(_rush(running, rooms, turn, seconds / ROUNDS))
            best = max(best, floor.rate(ground.owner_url, rows, clients, seconds / ROUNDS))
    return _rows(len(rooms), sum(len(room["sessions"]) for room in rooms), runs, best, clients, reach)


def _rush(running: Server, rooms: list[dict[str, Any]], turn: int, seconds: float) -> dict[str, Any]:
    where = [
        {
            "url": f"ws://{running.address}/ws/requests/{room['number']}/",
            "price": room["price"] - turn * 1_000_000,
            "sessions": room["sessions"],
        }
        for room in rooms
    ]
    load = Load("bench.rush", {"rooms": where, "seconds": seconds})
    cpu = running.cpu()
    result = load.run()
    cpu = running.cpu() - cpu
    load.end()
    return result | {"cpu": cpu / max(1, result["pressed"])}


def _rows(
    auctions: int, bidders: int, runs: list[dict[str, Any]], floor_rate: float, clients: int, reach: float
) -> list[Row]:
    name = f"{bidders} bidders on {_auctions(auctions)}"
    fastest = max(runs, key=lambda run: float(run["per_second"]))
    rate = float(fastest["per_second"])
    waits = f"p50 {fastest['wait_p50'] * 1e3:.0f} ms, p99 {fastest['wait_p99'] * 1e3:.0f} ms"
    told = sum(run["accepted"] + run["refused"] + run["errors"] for run in runs)
    refused = sum(run["refused"] + run["errors"] for run in runs) / max(1, told)
    against = f"pgbench {floor_rate:,.0f}/s, {clients} client{'s' * (clients > 1)}"
    return [
        Row(f"{name}: accepted", f"{rate:,.0f}/s", against, rate / floor_rate, reach, True),
        Row(f"{name}: answered in", waits),
        Row(f"{name}: refused; CPU of the server a bid", f"{refused:.1%}; {fastest['cpu'] * 1e6:.0f} µs"),
    ]


def _auctions(count: int) -> str:
    return "one auction" if count == 1 else f"{count} auctions"
