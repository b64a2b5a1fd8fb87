"""`manage.py flag_docs`: make docs/red-flags.md anew from the rules."""

from typing import Any

from django.core.management.base import BaseCommand

from flags import document


class Command(BaseCommand):
    help = "Writes docs/red-flags.md."

    def handle(self, *args: Any, **options: Any) -> None:
        document.PATH.write_text(document.text())
        self.stdout.write(f"{document.PATH.name} is up to date")
