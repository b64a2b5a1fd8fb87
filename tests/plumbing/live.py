"""The real platform in processes of its own, for tests that drive it from outside.

`live_database()` gives a fresh database, migrated, with the rights of the serving role; `live_database(demo=True)` one
with the demo's year in it. `start_server(database)` serves it on a free port. Both are cleaned up after the test.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest

from config.environment import ROOT
from config.postgres import Address, Cluster, free_port
from config.probe import is_ready
from config.processes import dies_with_parent
from tests.plumbing import cluster
from tests.plumbing.cluster import Database

_READY_WITHIN = 40.0
_MANAGE = [sys.executable, str(ROOT / "manage.py")]


class Process:
    """One process of the platform: `manage.py` with some command."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command = command
        self.environment = environment
        self.log = log
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*_MANAGE, *self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """kill -9, and whatever it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and force if it does not listen."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(8)
            except subprocess.TimeoutExpired:
                self.kill()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


class LiveServer(Process):
    """A web server process on a port of its own."""

    def __init__(
        self, port: int, database: Database, environment: dict[str, str], log: Path, *, server: str = "uvicorn"
    ) -> None:
        self.port = port
        self.database = database
        self.url = f"http://127.0.0.1:{port}"
        self.ws_url = f"ws://127.0.0.1:{port}"
        super().__init__(["serve", "--server", server], environment, log)
        self.wait_until_ready()

    def restart(self) -> None:
        """Start it again on the same port, after `kill` or `stop`."""
        self.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        give_up = time.monotonic() + _READY_WITHIN
        while not is_ready("127.0.0.1", self.port):
            if self.process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                raise AssertionError(f"The server did not get ready:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)


class StartServer(Protocol):
    def __call__(
        self,
        database: Database,
        *,
        clock: bool = True,
        bots: bool = False,
        redis_url: str | None = None,
        demo: bool = True,
        server: str = "uvicorn",
    ) -> LiveServer: ...


class StartProcess(Protocol):
    def __call__(self, database: Database, *command: str, redis_url: str | None = None) -> Process: ...


@contextmanager
def copied(source: str) -> Iterator[Database]:
    """A database of its own that begins as a copy of another, and is dropped at the end."""
    name = f"live_{secrets.token_hex(6)}"
    database = cluster.create(name, template=source)
    try:
        yield database
    finally:
        cluster.drop(name)


@pytest.fixture
def live_database() -> Iterator[Callable[..., Database]]:
    """Make a database for a live server: `live_database()`, or with the demo's year `live_database(demo=True)`."""
    made: list[str] = []

    def make(*, demo: bool = False) -> Database:
        name = f"live_{secrets.token_hex(6)}"
        database = cluster.create(name, template=template(demo=demo))
        made.append(name)
        return database

    yield make
    for name in made:
        cluster.drop(name)


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[StartProcess]:
    """Run another `manage.py` process against a live database, such as `start_process(database, "clock")`."""
    running: list[Process] = []

    def start(database: Database, *command: str, redis_url: str | None = None) -> Process:
        log = tmp_path / f"{command[0]}-{len(running)}.log"
        environment = environment_of(database, redis_url, free_port()) | _own_role(database, command[0])
        running.append(Process(list(command), environment, log))
        return running[-1]

    yield start
    for process in running:
        process.kill()


@pytest.fixture
def start_server(tmp_path: Path, start_process: StartProcess) -> Iterator[StartServer]:
    """Serve a live database on a free port, with its clock, as `manage.py up` would."""
    running: list[LiveServer] = []

    def start(
        database: Database,
        *,
        clock: bool = True,
        bots: bool = False,
        redis_url: str | None = None,
        demo: bool = True,
        server: str = "uvicorn",
    ) -> LiveServer:
        port = free_port()
        given = environment_of(database, redis_url, port) | {"DEMO_MODE": "01"[demo]}
        live = LiveServer(port, database, given, tmp_path / f"server-{len(running)}.log", server=server)
        running.append(live)
        for companion, wanted in (("clock", clock), ("bots", bots)):
            if wanted:
                start_process(database, companion, redis_url=redis_url)
        return live

    yield start
    for live in running:
        live.kill()


@pytest.fixture
def durable_database() -> Iterator[tuple[Cluster, Database]]:
    """A cluster of the test's own that keeps what it acknowledged (fsync on), with a migrated database."""
    made = _prepared_cluster()
    own = Cluster(cluster.temporary_home(), durable=True)
    # With its owners, since the server may run as somebody else than we.
    subprocess.run(["cp", "-a", str(made), str(own.home)], check=True)
    try:
        yield own, _main_database(own.start())
    finally:
        own.remove()


def _prepared_cluster() -> Path:
    """The stopped cluster that durable ones are copied from, made once in a run by whoever comes first."""
    whole = Cluster(cluster.of_run("durable"))
    with cluster.alone("durable"):
        if not whole.home.exists():
            unfinished = Cluster(cluster.temporary_home(), durable=False)
            try:
                _prepare(_main_database(unfinished.start()), demo=False)
                unfinished.stop()
                unfinished.home.rename(whole.home)
            finally:
                unfinished.remove()
    return whole.home


def _main_database(address: Address) -> Database:
    return Database.named("market", *(address.url(role) for role in ("owner", "serve", "clock")))


def start_demo(database: Database, port: int, logs: Path) -> list[Process]:
    """The demo as `manage.py up` serves it: web server first, then clock and bots. The caller kills them."""
    environment = environment_of(database, None, port) | {"DEMO_MODE": "1"}
    server = LiveServer(port, database, environment, logs / "server.log")
    companions = ((name, environment | _own_role(database, name)) for name in ("clock", "bots"))
    return [server, *(Process([name], own, logs / f"{name}.log") for name, own in companions)]


def template(*, demo: bool) -> str:
    """The database that live ones are copied from, made once in a run by whoever comes first."""
    if demo:
        return _once("demo", _settled, base=lambda: template(demo=False))
    return _once("empty", lambda database: _prepare(database, demo=False), base=migrated)


def migrated() -> str:
    """A database with tables and nothing else, which each worker's own is copied from."""
    return _once("migrated", lambda database: _manage(database, "migrate"))


def _once(what: str, fill: Callable[[Database], None], *, base: Callable[[], str] | None = None) -> str:
    name = f"template_{what}_{os.environ[cluster.RUN]}"
    with cluster.alone(name):
        if not cluster.exists(name):
            cluster.drop(f"{name}_unfinished")
            unfinished = cluster.create(f"{name}_unfinished", template=base() if base else None)
            fill(unfinished)
            cluster.rename(unfinished.name, name)
    return name


def _prepare(database: Database, *, demo: bool) -> None:
    serving_role = urlsplit(database.url).username or ""
    _manage(database, "prepare", "--serving-role", serving_role, *(["--demo"] if demo else []))


def _settled(database: Database) -> None:
    """The demo's year, after which clocks have done what a year leaves to do: no copy has to do it again."""
    _prepare(database, demo=True)
    database.rows("ANALYZE")
    _run([sys.executable, "-m", "tests.plumbing.settling"], database, DATABASE_URL=database.clock_url, DEMO_MODE="1")


def _manage(database: Database, *command: str) -> None:
    _run([*_MANAGE, *command], database, DATABASE_URL=database.owner_url)


def _run(command: list[str], database: Database, **more: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_CHECKPOINT": str(cluster.of_run("data") / "log" / database.name),
        **more,
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _own_role(database: Database, command: str) -> dict[str, str]:
    """The clock has a role of its own."""
    return {"DATABASE_URL": database.clock_url} if command == "clock" else {}


def environment_of(database: Database, redis_url: str | None, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database.url,
        "REDIS_URL": redis_url or "",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOG_CHECKPOINT": str(cluster.of_run("data") / "log" / database.name),
        "PYTHONUNBUFFERED": "1",
    }
