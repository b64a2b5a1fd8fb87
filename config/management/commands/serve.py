"""Serve pages and sockets in this process, after the checks that production must pass."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import web
from core.text import initials


class Command(BaseCommand):
    help = "Serve pages and sockets. Refuses to start when a check fails."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.ENV.host)
        parser.add_argument("--port", type=int, default=settings.ENV.port)
        parser.add_argument("--server", choices=("uvicorn", "granian"), default="uvicorn")

    def handle(self, *, host: str, port: int, server: web.Server, **_: Any) -> None:
        self.check(databases=["default"], include_deployment_checks=not settings.DEMO_MODE)
        # Loads the dictionaries now: later they would hold up a live room for half a second.
        initials("甘肃")
        web.serve(server, host, port)
