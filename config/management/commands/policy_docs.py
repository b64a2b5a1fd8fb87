"""`manage.py policy_docs`: make docs/policy.md and the table behind /policy/ anew from the code."""

from typing import Any

from django.core.management.base import BaseCommand

from config import documents, policy_table


class Command(BaseCommand):
    help = "Writes docs/policy.md and marketplace/data/policy.json."

    def handle(self, *args: Any, **options: Any) -> None:
        documents.load_every_package()
        for path, text in policy_table.outputs().items():
            path.write_text(text)
            self.stdout.write(path.name)
