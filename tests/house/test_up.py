"""`manage.py up` serves at one address and, ended in any way, leaves nothing behind."""

import fcntl
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config.environment import ROOT
from config.postgres import Cluster, free_port
from config.probe import is_ready
from config.processes import dies_with_parent

_READY_WITHIN = 180.0
# Seconds in which an idle machine of two cores loads the platform.
_ONE_PROCESS = 1.0
pytestmark = pytest.mark.slow


class House:
    """One `manage.py up` in a data folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir.parent / f"{data_dir.name}.log"

    def start(self) -> None:
        own = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if name not in own}
        environment |= {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "DEMO_MODE": "0"}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "up"],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    def start_and_wait(self) -> str:
        """Start it; the address it printed."""
        self.start()
        give_up = time.monotonic() + _READY_WITHIN
        while time.monotonic() < give_up and self.process.poll() is None:
            if found := re.search(r"(http://\S+) +ready in", self.said):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(self.said)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def everyone(self) -> list[psutil.Process]:
        """The process and all that it started."""
        family = psutil.Process(self.process.pid)
        return [family, *family.children(recursive=True)]

    def wait(self) -> int:
        return self.process.wait(30)


@pytest.fixture
def house() -> Iterator[House]:
    folder = Path(tempfile.gettempdir()) / f"market-test-{os.getpid()}-{secrets.token_hex(4)}"
    made = House(folder)
    yield made
    if made.process.poll() is None:
        made.process.terminate()
        made.wait()
    Cluster(folder / "postgres").remove()
    shutil.rmtree(folder, ignore_errors=True)
    made.log.unlink()


def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after a while."""
    _gone, left = psutil.wait_procs(processes, timeout=10)
    return left


def eventually(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def slowdown() -> float:
    """How much slower than an idle machine this one is now, by the start of one process; 1 if it is not."""
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--tag", "models"]
    started = time.monotonic()
    subprocess.run(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}, check=True)
    return max(1.0, (time.monotonic() - started) / _ONE_PROCESS)


def line_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def names(processes: list[psutil.Process]) -> str:
    return " ".join(" ".join(line_of(process)) for process in processes)


def test_it_heals_what_dies_and_stops_everything_when_told(house: House):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port))
        taken.listen()
        address = house.start_and_wait()
    port = int(address.rsplit(":", 1)[1])
    assert port > house.port, "a busy port moves to the next"
    for command in ("serve", "clock", "db_worker", "bin/postgres"):
        eventually(lambda command=command: command in names(house.everyone()))

    next(process for process in house.everyone() if "clock" in line_of(process)).kill()
    eventually(lambda: "clock ended with -9; starting it again in 0.5 s" in house.said)
    eventually(lambda: "clock" in names(house.everyone()))

    server = next(process for process in house.everyone() if process.name() == "postgres")
    server.send_signal(signal.SIGQUIT)
    server.wait(10)
    eventually(lambda: "PostgreSQL ended; starting it again" in house.said)
    eventually(lambda: is_ready("127.0.0.1", port))

    everyone = house.everyone()
    house.process.terminate()
    assert house.wait() == 0, house.said
    assert left_of(everyone) == []
    assert not is_ready("127.0.0.1", port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killed_it_leaves_nothing_and_starts_again_within_ten_seconds(house: House):
    house.start_and_wait()
    everyone = house.everyone()
    house.process.kill()
    house.wait()
    assert left_of(everyone) == []

    crowding = slowdown()
    started = time.monotonic()
    house.start_and_wait()
    assert time.monotonic() - started <= 10 * crowding

    everyone = house.everyone()
    for _impatient in range(2):
        # As Ctrl-C does, to the whole process group.
        os.killpg(house.process.pid, signal.SIGINT)
        time.sleep(0.05)
    assert house.wait() == 0, house.said
    assert left_of(everyone) == []


def test_it_runs_once_in_a_folder(house: House):
    house.data_dir.mkdir()
    with (house.data_dir / "running").open("w") as lock:
        lock.write("http://127.0.0.1:8000, process 1")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        house.start()
        assert house.wait() == 1
    assert "This clone runs already (http://127.0.0.1:8000, process 1)" in house.said
