"""The database server of a test run, and databases of a test's own on it."""

import atexit
import fcntl
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg2
import psycopg2.errors

from config import places, postgres

# The serving role's address on the same server, told from the first process of a run to its workers.
SERVE_URL = "TEST_SERVE_ADDRESS"
CLOCK_URL = "TEST_CLOCK_ADDRESS"
# What tells this run's databases from another's on the same server.
RUN = "TEST_RUN"
_HOME = re.compile(r"market-test-(\d+)-")


def provide(environment: MutableMapping[str, str]) -> None:
    """Set DATABASE_URL, unless it is set, to the owner's address on a server that lives as long as this process."""
    if RUN in environment:
        return
    # Begins with a letter, so that it is never taken for the number of a process that ended.
    environment[RUN] = f"r{secrets.token_hex(4)}"
    environment["DATA_DIR"] = str(Path(tempfile.gettempdir()) / f"market-test-{environment[RUN]}-data")
    atexit.register(_remove_traces, environment[RUN])
    if environment.get("DATABASE_URL"):
        atexit.register(_drop_templates)
        return
    _sweep()
    cluster = postgres.Cluster(temporary_home(), durable=False, settings={"autovacuum": "off"})
    atexit.register(cluster.remove)
    address = cluster.start()
    environment["DATABASE_URL"] = address.url(postgres.OWNER)
    environment[SERVE_URL] = address.url(postgres.SERVE)
    environment[CLOCK_URL] = address.url(postgres.CLOCK)


def temporary_home() -> Path:
    """A folder name for a cluster of this process, in a place that the server's user can enter."""
    return Path(tempfile.gettempdir()) / f"market-test-{os.getpid()}-{secrets.token_hex(4)}"


def of_run(name: str) -> Path:
    """A folder name of this run's, removed when it ends."""
    return Path(tempfile.gettempdir()) / f"market-test-{os.environ[RUN]}-{name}"


@dataclass(frozen=True)
class Database:
    """One database, by its addresses: the owner's, the serving role's, and the clock's."""

    owner_url: str
    url: str
    clock_url: str

    @classmethod
    def named(cls, name: str, owner_url: str, serve_url: str, clock_url: str) -> "Database":
        return cls(*(_with_name(url, name) for url in (owner_url, serve_url, clock_url)))

    @property
    def name(self) -> str:
        return urlsplit(self.url).path[1:]

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a statement gives, asked as the owner in a transaction of its own."""
        with psycopg2.connect(self.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall() if cursor.description else []
        connection.close()
        return found

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row."""
        return self.rows(sql, *values)[0][0]


def create(name: str, *, template: str | None = None) -> Database:
    """A new database on the run's server, empty or a copy of `template`."""
    source = f' TEMPLATE "{template}"' if template else ""
    _administer(f'CREATE DATABASE "{name}"{source}')
    return of_name(name)


def drop(name: str) -> None:
    """Drop it once the connections of the processes just killed are gone; the owner may not end another role's."""
    give_up = time.monotonic() + 15
    while True:
        try:
            _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectInUse):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
        else:
            return


def rename(old: str, new: str) -> None:
    _administer(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def exists(name: str) -> bool:
    return bool(of_name("postgres").rows("SELECT 1 FROM pg_database WHERE datname = %s", name))


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Among the workers of this run, only one at a time does `what`."""
    path = Path(tempfile.gettempdir()) / f"market-test-{os.environ[RUN]}-{what}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def of_name(name: str) -> Database:
    owner = os.environ["DATABASE_URL"]
    serve = os.environ.get(SERVE_URL, owner)
    return Database.named(name, owner, serve, os.environ.get(CLOCK_URL, serve))


def _administer(statement: str) -> None:
    connection = psycopg2.connect(_with_name(os.environ["DATABASE_URL"], "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _drop_templates() -> None:
    for (name,) in of_name("postgres").rows(
        "SELECT datname FROM pg_database WHERE datname LIKE %s", f"template\\_%{os.environ[RUN]}%"
    ):
        drop(name)


def _remove_traces(run: str) -> None:
    """Its data folder and locks."""
    for trace in Path(tempfile.gettempdir()).glob(f"market-test-{run}-*"):
        if trace.is_dir():
            shutil.rmtree(trace, ignore_errors=True)
        else:
            trace.unlink(missing_ok=True)


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _sweep() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob("market-test-*"):
        owner = _HOME.match(folder.name)
        if owner and not psutil.pid_exists(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)
            places.remove_socket_folder(folder)
