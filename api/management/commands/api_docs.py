"""Write docs/openapi.yaml and the tables of docs/api.md anew."""

from typing import Any

from django.core.management.base import BaseCommand

from api import document


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        document.OPENAPI.write_bytes(document.openapi())
        document.GUIDE.write_text(document.guide())
