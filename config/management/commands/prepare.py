"""Make all ready to serve: migrations, cache table, static files, the serving role's rights, demo data if wanted."""

from argparse import ArgumentParser
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import Organisation
from config.chores import FOLLOWERS
from config.roles import grant_serving_role
from journal.following import begin
from marketplace.actions import load_catalogue


class Command(BaseCommand):
    help = "Migrate, make the cache table and grant the serving role its rights. Run it as the tables' owner."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--serving-role", help="the role that will serve, if it is not the one connected now")
        parser.add_argument("--demo", action="store_true", help="for demo mode: fill an empty database with its year")

    def handle(self, *, serving_role: str | None, demo: bool, **_: Any) -> None:
        demo = demo and settings.DEMO_MODE
        self._step("migrations", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("cache table", lambda: call_command("createcachetable", verbosity=0))
        self._step("static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        if serving_role and serving_role != connection.settings_dict["USER"]:
            self._step(
                f"rights of {serving_role}", lambda: grant_serving_role(connection, serving_role, settings.OPENER_ROLE)
            )
        self._step("catalogue", load_catalogue)
        if demo:
            self._demo()
        self._step("followers of the log", lambda: begin(*FOLLOWERS))

    def _demo(self) -> None:
        if not Organisation.objects.exists():
            if "demo" in get_commands():
                self._step("a year of demo data", lambda: call_command("demo", verbosity=0))
        elif not Organisation.objects.filter(demo=True).exists():
            raise CommandError(
                "DEMO_MODE is on, but this database holds real organisations and none of the demo's. "
                "Set DEMO_MODE=0 to serve them, or DATABASE_URL to an empty database for the demo."
            )

    def _step(self, name: str, do: Callable[[], object]) -> None:
        started = monotonic()
        do()
        self.stdout.write(f"    {name:<28}{(monotonic() - started) * 1000:>7.0f} ms")
        self.stdout.flush()
