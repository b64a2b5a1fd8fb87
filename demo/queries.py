"""Reads of the demo's own table."""

from django.db.models import QuerySet

from demo.models import DemoMail


def newest_mails(count: int = 50) -> QuerySet[DemoMail]:
    """The mails kept last, the newest first."""
    return DemoMail.objects.all()[:count]
