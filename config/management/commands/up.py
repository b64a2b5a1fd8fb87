"""Run the whole platform from one terminal: database, pages and sockets, clock, job worker and, in the demo, bots."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from config import own, postgres
from config.environment import ROOT
from config.probe import is_ready, reachable
from config.supervisor import Child, Supervisor

T = TypeVar("T")
_MANAGE = [sys.executable, str(ROOT / "manage.py")]
# name, command line; the last two exist only where the demo is installed.
_COMPANIONS = (
    ("clock", ["clock"]),
    ("job worker", ["db_worker", "--no-startup-delay", "--verbosity", "0"]),
    ("demo bots", ["bots"]),
)


class Command(BaseCommand):
    help = "Start everything at one address; Ctrl-C or SIGTERM stops all of it, the database too."
    requires_system_checks = []

    def handle(self, **_: Any) -> None:
        try:
            with own.the_only_run(settings.DATA_DIR) as note:
                self._run(note)
        except (own.AlreadyRunning, postgres.DatabaseUnavailable, OSError) as problem:
            raise CommandError(str(problem)) from problem

    def _run(self, note: Path) -> None:
        started = time.monotonic()
        supervisor = Supervisor(self._say)
        supervisor.listen()
        cluster = None if settings.ENV.database_url else postgres.Cluster(settings.DATA_DIR / "postgres")
        try:
            owner_url, serve_url, clock_url = self._database(cluster)
            port = own.first_free_port(settings.ENV.host, settings.ENV.port)
            environment = _environment(serve_url, port)
            self._prepare(supervisor, environment, owner_url)
            self._start(supervisor, environment, port, clock_url)
            if not supervisor.is_ending:
                note.write_text(f"{environment['SITE_URL']}, process {os.getpid()}\n")
                self._say(
                    f"\n  {environment['SITE_URL']}   ready in {time.monotonic() - started:.1f} s; Ctrl-C stops it\n"
                )
            self._keep(supervisor, cluster)
        finally:
            self._say("  stopping …")
            supervisor.stop()
            if cluster:
                cluster.stop(at_once=supervisor.is_hurried)

    def _database(self, cluster: postgres.Cluster | None) -> tuple[str, str, str]:
        """The addresses of the owner, of the serving role and of the clock's."""
        if cluster is None:
            serve_url = settings.ENV.database_url or ""
            clock_url = settings.ENV.clock_database_url or serve_url
            return settings.ENV.owner_database_url or serve_url, serve_url, clock_url
        address = self._timed(f"PostgreSQL in {cluster.home}", cluster.start)
        return address.url(postgres.OWNER), address.url(postgres.SERVE), address.url(postgres.CLOCK)

    def _prepare(self, supervisor: Supervisor, environment: dict[str, str], owner_url: str) -> None:
        serving_role = urlsplit(environment["DATABASE_URL"]).username or ""
        command = [*_MANAGE, "prepare", "--serving-role", serving_role, "--demo"]
        done = supervisor.run(command, {**environment, "DATABASE_URL": owner_url})
        if done and not supervisor.is_ending:
            raise CommandError("The database could not be prepared; the reason stands above.")

    def _start(self, supervisor: Supervisor, environment: dict[str, str], port: int, clock_url: str) -> None:
        """The web server first, with the machine to itself, then its companions; the clock under a role of its own."""
        if supervisor.is_ending:
            return
        supervisor.add(Child("web server", [*_MANAGE, "serve"], environment))
        self._timed("web server", lambda: supervisor.watch(until=lambda: is_ready(settings.ENV.host, port)))
        for name, command in _COMPANIONS:
            if command[0] in get_commands() and not supervisor.is_ending:
                own_url = {"DATABASE_URL": clock_url} if name == "clock" else {}
                supervisor.add(Child(name, [*_MANAGE, *command], environment | own_url))
        self._say("  " + ", ".join(child.name for child in supervisor.children[1:]))

    def _keep(self, supervisor: Supervisor, cluster: postgres.Cluster | None) -> None:
        while not supervisor.is_ending:
            supervisor.watch(until=lambda: cluster is not None and not cluster.is_running())
            if cluster is not None and not supervisor.is_ending:
                self._say("!! PostgreSQL ended; starting it again")
                cluster.start()

    def _timed(self, what: str, do: Callable[[], T]) -> T:
        started = time.monotonic()
        result = do()
        self._say(f"  {what:<30}{(time.monotonic() - started) * 1000:>7.0f} ms")
        return result

    def _say(self, text: str) -> None:
        # The terminal may be gone by the time we say goodbye.
        with suppress(OSError):
            self.stdout.write(text)
            self.stdout.flush()


def _environment(serve_url: str, port: int) -> dict[str, str]:
    """What every child reads: this process's environment, made exact."""
    host = reachable(settings.ENV.host)
    return {
        **os.environ,
        "DATABASE_URL": serve_url,
        "PORT": str(port),
        "SITE_URL": os.environ.get("SITE_URL") or f"http://{host}:{port}",
        "PYTHONUNBUFFERED": "1",
    }
