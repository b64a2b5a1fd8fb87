"""The load of the bidding: bidders who never rest, in a process of its own.

`python -m bench.rush JSON` seats every bidder in its auction, prints a line, waits for one on stdin, and lets each bid
again as soon as it has its answer. The bidders of one auction share a falling price, so that nearly every bid stands.
"""

import asyncio
import itertools
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import uvloop

from bench.line import Line, dial

_WARM_UP = 1.0


@dataclass
class Score:
    """What the bidders were told, from `since` on."""

    since: float = float("inf")
    until: float = float("inf")
    accepted: int = 0
    refused: int = 0
    errors: int = 0
    pressed: int = 0  # from the first moment on
    waits: list[float] = field(default_factory=list)


class Bidder:
    """One socket with one bid under way at any time."""

    def __init__(self, score: Score, prices: "itertools.count[int]") -> None:
        self._score, self._prices = score, prices
        self._sent = 0.0
        self.seated = False
        self.line: Line

    def bid(self) -> None:
        self._sent = time.monotonic()
        self._score.pressed += 1
        text = f'{{"type":"bid","key":"{uuid.uuid4()}","amount":"{next(self._prices)}.00"}}'
        self.line.say(text.encode())

    def __call__(self, data: bytes, begin: int, _end: int) -> None:
        if data.startswith(b'{"type":"entries"', begin):
            return
        if data.startswith(b'{"type":"state"', begin):
            self.seated = True
            return
        now = time.monotonic()
        accepted = data.startswith(b'{"type":"accepted"', begin)
        if not accepted and not data.startswith((b'{"type":"refused"', b'{"type":"error"'), begin):
            return
        if self._score.since <= now < self._score.until:
            self._score.accepted += accepted
            self._score.refused += data.startswith(b'{"type":"refused"', begin)
            self._score.errors += data.startswith(b'{"type":"error"', begin)
            self._score.waits.append(now - self._sent)
        if now < self._score.until:
            self.bid()


async def main(plan: dict[str, Any]) -> None:
    score = Score()
    bidders: list[Bidder] = []
    for room in plan["rooms"]:
        prices = itertools.count(room["price"] - 1, -1)
        for session in room["sessions"]:
            bidder = Bidder(score, prices)
            bidder.line = await dial(room["url"], bidder, session=session)
            bidders.append(bidder)
    while not all(bidder.seated for bidder in bidders):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    print(json.dumps({"seated": len(bidders)}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    start = time.monotonic()
    score.since, score.until = start + _WARM_UP, start + _WARM_UP + plan["seconds"]
    for bidder in bidders:
        bidder.bid()
    await asyncio.sleep(_WARM_UP + plan["seconds"] + 0.3)
    print(json.dumps(_result(score, plan["seconds"])), flush=True)


def _result(score: Score, seconds: float) -> dict[str, Any]:
    waits = sorted(score.waits) or [0.0]
    return {
        "per_second": score.accepted / seconds,
        "accepted": score.accepted,
        "refused": score.refused,
        "errors": score.errors,
        "pressed": score.pressed,
        "wait_p50": waits[len(waits) // 2],
        "wait_p99": waits[len(waits) * 99 // 100],
    }


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
