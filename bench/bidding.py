"""Accepted bids a second through real sockets, against pgbench doing one bid per transaction on the same tables."""

from typing import Any

from bench import floor
from bench.database import Ground
from bench.processes import Load, platform
from bench.table import Row


def measure(
    ground: Ground, rooms: list[dict[str, Any]], rows: list[dict[str, Any]], seconds: float, server: str, reach: float
) -> list[Row]:
    """All bidders of `rooms` at once; the floor writes to `rows`, as many, and runs before and after."""
    name = f"{sum(len(room['sessions']) for room in rooms)} bidders on {_auctions(len(rooms))}"
    best, clients = floor.best(ground.owner_url, rows, seconds / 4)
    result = _rush(ground, rooms, seconds, server)
    best = max(best, floor.rate(ground.owner_url, rows, clients, seconds / 4))
    pressed = max(1, result["accepted"] + result["refused"] + result["errors"])
    waits = f"p50 {result['wait_p50'] * 1e3:.0f} ms, p99 {result['wait_p99'] * 1e3:.0f} ms"
    rate = result["per_second"]
    return [
        Row(
            f"{name}: accepted", f"{rate:,.0f}/s", f"pgbench {best:,.0f}/s, {clients} clients", rate / best, reach, True
        ),
        Row(f"{name}: answered in", waits),
        Row(f"{name}: refused", f"{1 - result['accepted'] / pressed:.1%}"),
    ]


def _rush(ground: Ground, rooms: list[dict[str, Any]], seconds: float, server: str) -> dict[str, Any]:
    with platform(ground.environment, server) as running:
        where = [
            {
                "url": f"ws://{running.address}/ws/requests/{room['number']}/",
                "price": room["price"],
                "sessions": room["sessions"],
            }
            for room in rooms
        ]
        load = Load("bench.rush", {"rooms": where, "seconds": seconds})
        result = load.run()
        load.end()
    return result


def _auctions(count: int) -> str:
    return "one auction" if count == 1 else f"{count} auctions"
