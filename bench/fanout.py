"""Fan-out: one auction, many watchers, ten bids a second, against a bare broadcast and against stock Channels."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.database import Ground
from bench.processes import Load, Server, bare, platform, stock
from bench.table import Row

RATE = 10


@dataclass(frozen=True)
class Run:
    """One server under the crowd."""

    cpu: float  # seconds of the server's processor time for each message that arrived
    to_last: list[float]  # seconds from a message's being spoken to the last watcher's having it, sorted
    share: float  # of the messages, how many arrived while the crowd had patience
    memory: float  # bytes that the server grew by for each watcher

    @property
    def p50(self) -> float:
        return _percentile(self.to_last, 50)

    @property
    def p99(self) -> float:
        return _percentile(self.to_last, 99)


def measure(ground: Ground, rooms: list[dict[str, Any]], watchers: int, seconds: float, server: str) -> list[Row]:
    """The platform and the bare broadcast in turns, as often as there are `rooms`, and stock Channels once."""
    ours: list[Run] = []
    floor: list[Run] = []
    for room in rooms:
        floor.append(run(lambda: bare(ground.environment), None, watchers, seconds))
        ours.append(run(lambda: platform(ground.environment, server), room, watchers, seconds))
    tutorial = run(lambda: stock(ground.environment), None, watchers, seconds)
    return _rows(watchers, ours, floor, tutorial)


def run(start: Callable[[], Server], room: dict[str, Any] | None, watchers: int, seconds: float) -> Run:
    with start() as server:
        memory = server.memory()
        load = Load(
            "bench.crowd",
            {
                "url": f"ws://{server.address}/ws/requests/{room['number']}/" if room else f"ws://{server.address}/",
                "watchers": watchers,
                "sessions": room["sessions"] if room else [],
                "price": room["price"] if room else 0,
                "rate": RATE,
                "seconds": seconds,
                "patience": 5,
            },
        )
        time.sleep(1.5)  # the count of watchers goes round once more
        cpu = server.cpu()
        result = load.run()
        cpu = server.cpu() - cpu
        memory = server.memory() - memory
        load.end()
    return Run(
        cpu / max(1, result["delivered"]),
        result["to_last"] or [float("inf")],
        result["delivered"] / max(1, result["expected"]),
        memory / watchers,
    )


def _rows(watchers: int, ours: list[Run], floor: list[Run], tutorial: Run) -> list[Row]:
    cpu, bare_cpu = median(run.cpu for run in ours), median(run.cpu for run in floor)
    # Disturbance from outside only ever adds to a wait: the best run of each tells most about the server.
    p99, bare_p99 = min(run.p99 for run in ours), min(run.p99 for run in floor)
    p50, bare_p50 = min(run.p50 for run in ours), min(run.p50 for run in floor)
    memory = max(run.memory for run in ours) / 1024
    name = f"fan-out to {watchers:,} watchers"
    return [
        Row(f"{name}: CPU per message", _us(cpu), f"bare {_us(bare_cpu)}", cpu / bare_cpu, 1.2),
        Row(f"{name}: p99 to the last", _ms(p99), f"bare {_ms(bare_p99)}", p99 / bare_p99, 2),
        Row(f"{name}: p50 to the last", _ms(p50), f"bare {_ms(bare_p50)}", p50 / bare_p50),
        Row(f"{name}: CPU per message", _us(cpu), f"stock {_us(tutorial.cpu)}", cpu / tutorial.cpu, 1 / 15),
        Row(f"{name}: arrived in time", _percent(min(run.share for run in ours)), f"stock {_percent(tutorial.share)}"),
        Row("memory per watcher", f"{memory:.1f} KB", "40 KB", memory / 40, 1),
    ]


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


def _percent(share: float) -> str:
    return f"{share:.0%}"
