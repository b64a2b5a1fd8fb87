"""What the journal itself enters into the platform's own case file `P`."""

from enum import StrEnum


class LogEntry(StrEnum):
    """About the keys that sign the log: `log.key_announced {key}`, `log.key_rotated {from: key|null, to}`."""

    KEY_ANNOUNCED = "log.key_announced"
    KEY_ROTATED = "log.key_rotated"
