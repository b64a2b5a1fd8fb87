"""The processes of a measurement: servers with their meters, and loads that speak JSON lines."""

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import Any

import psutil

from config.environment import ROOT
from config.postgres import free_port
from config.processes import dies_with_parent

_READY_WITHIN = 30.0


class Server:
    """A server process (with the processes it starts), and what it has used."""

    def __init__(self, command: list[str], environment: Mapping[str, str], port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the server)
        self._process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 (prctl only)
        )
        give_up = time.monotonic() + _READY_WITHIN
        while not _answers(port):
            if self._process.poll() is not None or time.monotonic() > give_up:
                self._log.seek(0)
                raise RuntimeError(f"{command} did not start:\n{self._log.read().decode(errors='replace')[-3000:]}")
            time.sleep(0.05)
        time.sleep(0.5)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            for one in self._family():
                one.kill()
            self._process.wait()
        self._log.close()

    def cpu(self) -> float:
        """Seconds of processor time used so far, user and system."""
        return sum(times.user + times.system for times in (one.cpu_times() for one in self._family()))

    def memory(self) -> int:
        """Bytes resident."""
        return sum(one.memory_info().rss for one in self._family())

    def _family(self) -> list[psutil.Process]:
        parent = psutil.Process(self._process.pid)
        return [parent, *parent.children(recursive=True)]


class Load:
    """A load process: it gets ready, waits for the word, and tells its result."""

    def __init__(self, module: str, plan: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, json.dumps(plan)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 (prctl only)
        )
        self._hear()

    def run(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()
        return self._hear()

    def cpu(self) -> float:
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)

    def end(self) -> None:
        self._process.communicate()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a load process ended with {self._process.wait()}; its reason stands above")
        heard: dict[str, Any] = json.loads(line)
        return heard


def platform(environment: Mapping[str, str], server: str) -> Server:
    """The whole platform, as `manage.py serve` runs it."""
    port = free_port()
    told = {**environment, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
    return Server([sys.executable, "manage.py", "serve", "--server", server], told, port)


def bare(environment: Mapping[str, str]) -> Server:
    """`websockets.broadcast` and nothing else."""
    port = free_port()
    return Server([sys.executable, "-m", "bench.bare", str(port)], environment, port)


def stock(environment: Mapping[str, str]) -> Server:
    """Channels' tutorial on the same ASGI server."""
    port = free_port()
    options = ["--loop", "uvloop", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
    command = [sys.executable, "-m", "uvicorn", "bench.stock:application", "--port", str(port), "--backlog", "2048"]
    return Server([*command, *options, "--log-level", "warning", "--no-access-log"], environment, port)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
