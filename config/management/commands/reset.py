"""Delete everything that `manage.py up` made: the embedded database, uploaded files, the secret key."""

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import own, places, postgres


class Command(BaseCommand):
    help = "Delete the embedded database, uploaded files and the secret key of this clone."
    requires_system_checks = []

    def handle(self, **_: Any) -> None:
        try:
            with own.the_only_run(settings.DATA_DIR):
                postgres.Cluster(settings.DATA_DIR / "postgres").remove()
                places.remove_binaries()
                shutil.rmtree(settings.DATA_DIR)
                settings.DATA_DIR.mkdir()
        except own.AlreadyRunning as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("Deleted. `make run` begins anew.")
