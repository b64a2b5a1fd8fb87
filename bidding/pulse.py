"""The heartbeat of the clocks (R5.7): each says every second that it lives, and whether the database's clock has jumped."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bidding.rules.pauses import STEP

EVERY = 1.0
_SLOW = 0.25  # an answer that took longer than this says too little about the moment
_GAP = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Reading:
    """The database's clock, and this machine's steady one at the same moment."""

    wall: datetime
    steady: float


def jumped(before: Reading, after: Reading) -> timedelta:
    """How far the database's clock has gone beyond what passed by the steady one; negative where it was set back."""
    return (after.wall - before.wall) - timedelta(seconds=after.steady - before.steady)


class Pulse:
    """One clock's heartbeat. Call `beat` as often as you like; it writes once a second."""

    def __init__(self) -> None:
        self._last: Reading | None = None
        self._due = 0.0

    def beat(self) -> None:
        """Say that this clock lives."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + EVERY
        reading = _read()
        step = None
        if reading is not None:
            step = jumped(self._last, reading) if self._last is not None else None
            self._last = reading
        with connection.cursor() as cursor:
            cursor.execute(_BEAT, {"gap": _GAP.total_seconds()})
            if step is not None and abs(step) > STEP:
                cursor.execute(_STEPPED, [int(step / timedelta(milliseconds=1))])


def _read() -> Reading | None:
    """Both clocks at once; None where the answer took too long to tell."""
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (wall,) = cursor.fetchone()
    after = time.monotonic()
    return Reading(wall, (before + after) / 2) if after - before < _SLOW else None


_BEAT = """
INSERT INTO bidding_heartbeat AS h (id, at) VALUES (1, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET
    gap_from = CASE WHEN excluded.at - h.at > %(gap)s * interval '1 second' THEN h.at ELSE h.gap_from END,
    gap_to = CASE WHEN excluded.at - h.at > %(gap)s * interval '1 second' THEN excluded.at ELSE h.gap_to END,
    at = excluded.at
"""
_STEPPED = "UPDATE bidding_heartbeat SET stepped_at = clock_timestamp(), step_ms = %s WHERE id = 1"
