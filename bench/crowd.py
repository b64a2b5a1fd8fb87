"""The load of the fan-out: a crowd of watchers and somebody who speaks to them, in a process of its own.

`python -m bench.crowd JSON` opens the sockets, prints one line when all are seated, waits for a line on stdin, speaks
`rate` times a second for `seconds`, and prints what arrived when.
"""

import asyncio
import json
import sys
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import uvloop

from bench.line import Line, dial, dial_many

_SEQ = b'"seq":'


@dataclass
class Tally:
    """For each message: when it was spoken, when the last watcher had it, and how many have."""

    spoken: dict[int, float] = field(default_factory=dict)
    last: dict[int, float] = field(default_factory=dict)
    heard: dict[int, int] = field(default_factory=lambda: defaultdict(int))


class Watcher:
    """One socket's ear: notes the numbers of the entries in each frame."""

    __slots__ = ("_tally", "seated", "seq")

    def __init__(self, tally: Tally) -> None:
        self._tally, self.seq, self.seated = tally, 0, False

    def __call__(self, data: bytes, begin: int, end: int) -> None:
        now = time.monotonic()
        if data.startswith(b'{"type":"entries"', begin):
            seq = _number(data, data.rfind(_SEQ, begin, end))
            for one in range(self.seq + 1, seq + 1) if self.seq else (seq,):
                self._tally.last[one] = now
                self._tally.heard[one] += 1
            self.seq = max(self.seq, seq)
        elif data.startswith(b'{"type":"state"', begin):
            self.seq = _number(data, data.find(_SEQ, begin, end))
            self.seated = True


class Bidders:
    """Speaks by placing real bids, in turn, each a step below the last."""

    def __init__(self, tally: Tally, plan: dict[str, Any]) -> None:
        self._tally, self._plan = tally, plan
        self._price = plan["price"]
        self._lines: list[Line] = []
        self._turn = 0
        self._sent: dict[bytes, float] = {}

    async def open(self) -> None:
        self._lines = [await dial(self._plan["url"], self._hear, session=one) for one in self._plan["sessions"]]

    def speak(self) -> None:
        self._price -= 1
        self._turn += 1
        key = str(uuid.uuid4())
        self._sent[key.encode()] = time.monotonic()
        bid = f'{{"type":"bid","key":"{key}","amount":"{self._price}.00"}}'
        self._lines[self._turn % len(self._lines)].say(bid.encode())

    def _hear(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(b'{"type":"accepted"', begin):
            answer = json.loads(data[begin:end])
            self._tally.spoken[answer["seq"]] = self._sent.pop(answer["key"].encode())
        elif data.startswith((b'{"type":"refused"', b'{"type":"error"'), begin):
            raise SystemExit(data[begin:end].decode())


class Echo:
    """Speaks by sending one finished message, of a bid's size, that the server passes on."""

    def __init__(self, tally: Tally, plan: dict[str, Any]) -> None:
        self._tally, self._plan = tally, plan
        self._seq = 0

    async def open(self) -> None:
        self._line = await dial(self._plan["url"], lambda *_: None)

    def speak(self) -> None:
        self._seq += 1
        self._tally.spoken[self._seq] = time.monotonic()
        self._line.say(message(self._seq))


def message(seq: int) -> bytes:
    """What the platform sends for one bid, with invented content."""
    entry = (
        f'{{"at":"2026-11-23T06:05:00.123Z","data":{{"amount":"89999{seq:03d}.00","label":"银杏白鹭"}},'
        f'"kind":"bid.placed","seq":{seq},"hash":"{"0123456789abcdef" * 4}"}}'
    )
    return f'{{"type":"entries","entries":[{entry}]}}'.encode()


async def main(plan: dict[str, Any]) -> None:
    tally = Tally()
    watchers = [Watcher(tally) for _ in range(plan["watchers"])]
    lines = await dial_many(plan["url"], list(watchers))
    speaker = Bidders(tally, plan) if plan["sessions"] else Echo(tally, plan)
    await speaker.open()
    while plan["sessions"] and not all(watcher.seated for watcher in watchers):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    print(json.dumps({"seated": len(watchers)}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await _speak(speaker, plan["rate"], plan["seconds"])
    give_up = time.monotonic() + plan["patience"]
    while time.monotonic() < give_up and not _all_heard(tally, len(watchers)):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    print(json.dumps(_result(tally, len(watchers), sum(line.closed for line in lines))), flush=True)
    for line in lines:
        line.hang_up()


async def _speak(speaker: Bidders | Echo, rate: float, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    start = time.monotonic()
    for turn in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, start + turn / rate - time.monotonic()))
        loop.call_soon(speaker.speak)
    await asyncio.sleep(1 / rate)


def _all_heard(tally: Tally, watchers: int) -> bool:
    return all(tally.heard.get(seq) == watchers for seq in list(tally.spoken))


def _result(tally: Tally, watchers: int, lost: int) -> dict[str, Any]:
    whole = [seq for seq in tally.spoken if tally.heard.get(seq) == watchers]
    return {
        "spoken": len(tally.spoken),
        "delivered": sum(tally.heard[seq] for seq in tally.spoken),
        "expected": len(tally.spoken) * watchers,
        "reached_all": len(whole),
        "to_last": sorted(tally.last[seq] - tally.spoken[seq] for seq in whole),
        "lost_sockets": lost,
    }


def _number(data: bytes, at: int) -> int:
    at += len(_SEQ)
    end = at
    while 48 <= data[end] <= 57:
        end += 1
    return int(data[at:end])


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
