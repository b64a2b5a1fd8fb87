"""Keeps the platform's processes running, and ends them all together.

Each child stands in a session of its own, so that Ctrl-C reaches only the supervisor, which ends them in order. On Linux
the kernel ends them too when the supervisor is killed. A child that dies is started again, after a longer wait each time.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config.processes import dies_with_parent

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_HEALTHY_AFTER = 60.0
_STOP_WITHIN = 6.0
_ROUND = 0.1


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    pause: float = _FIRST_PAUSE
    start_at: float = 0.0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own commands)
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(),  # noqa: PLW1509 (prctl only)
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, what: signal.Signals) -> None:
        """To the child and whatever it started."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, what)


class Supervisor:
    """Starts children, restarts the dead, and stops on a signal; a second signal stops without waiting."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self._say = say
        self._asked = 0

    def listen(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP ask for the end instead of being it; `nohup` keeps its meaning."""
        signal.signal(signal.SIGINT, self._heard)
        signal.signal(signal.SIGTERM, self._heard)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._heard)

    @property
    def is_ending(self) -> bool:
        return self._asked > 0

    @property
    def is_hurried(self) -> bool:
        return self._asked > 1

    def add(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep the children alive until a signal comes or `until` holds."""
        while not self.is_ending and not until():
            now = time.monotonic()
            for child in self.children:
                self._tend(child, now)
            time.sleep(_ROUND)

    def run(self, command: list[str], environment: Mapping[str, str]) -> int:
        """Run one command to its end, or to ours; its exit code."""
        child = Child("step", command, environment)
        child.start()
        while child.is_running() and not self.is_ending:
            time.sleep(0.02)
        _end([child], hurried=lambda: self.is_hurried)
        return child.process.returncode if child.process else 1

    def stop(self) -> None:
        """End every child: kindly first, by force those that do not listen."""
        _end(self.children, hurried=lambda: self.is_hurried)
        self.children = []

    def _heard(self, *_: object) -> None:
        self._asked += 1

    def _tend(self, child: Child, now: float) -> None:
        if child.is_running():
            if now - child.started_at > _HEALTHY_AFTER:
                child.pause = _FIRST_PAUSE
        elif child.process is None:
            if now >= child.start_at:
                child.start()
        else:
            self._say(f"!! {child.name} ended with {child.process.returncode}; starting it again in {child.pause:g} s")
            child.process = None
            child.start_at = now + child.pause
            child.pause = min(child.pause * 2, _LONGEST_PAUSE)


def _end(children: list[Child], *, hurried: Callable[[], bool]) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    give_up = time.monotonic() + _STOP_WITHIN
    while any(child.is_running() for child in children) and time.monotonic() < give_up and not hurried():
        time.sleep(0.02)
    for child in children:
        child.signal(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
