"""`manage.py load_catalogue`: the 25 items with their blocks; what is there already is left alone."""

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.actions import load_catalogue


class Command(BaseCommand):
    help = "Puts the service items of the catalogue in place. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_catalogue()} new items")
