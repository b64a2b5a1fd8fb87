"""A room's public state, read from the database and kept for a moment, so that a thousand arrivals cost one read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The public part of the `state` message at entry `seq`."""

    seq: int
    read_at: float
    public: dict[str, Any]
    due_at: datetime | None
