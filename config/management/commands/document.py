"""`manage.py document`: make the tables of docs/protocol.md anew from the code."""

from typing import Any

from django.core.management.base import BaseCommand

from config import documents


class Command(BaseCommand):
    help = "Writes the tables of entry kinds and refusal codes into docs/protocol.md."

    def handle(self, *args: Any, **options: Any) -> None:
        documents.PROTOCOL.write_text(documents.protocol())
        self.stdout.write(f"{documents.PROTOCOL.name} is up to date")
