"""Child processes that never outlive us, and the user they run as."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_PR_SET_PDEATHSIG = 1


def dies_with_parent(with_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """A `preexec_fn` that has the kernel send `with_signal` when the parent dies; None where no kernel does."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arm


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    @classmethod
    def for_database(cls) -> "Account":
        """Who runs the database server: we ourselves, or `nobody` when we are root (PostgreSQL refuses root)."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def to_run_as(self) -> dict[str, Any]:
        """The arguments for `subprocess` that start a process as this user."""
        return {} if self.is_us else {"user": self.uid, "group": self.gid, "extra_groups": []}
