"""Reads of the demo's own tables."""

from django.db.models import QuerySet

from demo.models import DemoHook, DemoMail, PretendCheckout


def newest_mails(count: int = 50) -> QuerySet[DemoMail]:
    """The mails kept last, the newest first."""
    return DemoMail.objects.all()[:count]


def newest_hooks(count: int = 50) -> QuerySet[DemoHook]:
    """The calls kept last, the newest first."""
    return DemoHook.objects.all()[:count]


def checkout(reference: str) -> PretendCheckout | None:
    """An order of the pretend provider."""
    return PretendCheckout.objects.filter(reference=reference).first()
