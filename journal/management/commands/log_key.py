"""`manage.py log_key`: make a key that signs the log's checkpoints, and print it. Nothing is stored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from journal.notes import Signer


class Command(BaseCommand):
    help = (
        "Makes a signing key. Give it to the clock in LOG_KEY, behind the current one until that shows it as announced."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        made = Signer.new(settings.LOG_ORIGIN)
        self.stderr.write("The first line is secret and goes into LOG_KEY; the second is what others check with.")
        self.stdout.write(made.secret())
        self.stdout.write(str(made.verifier))
