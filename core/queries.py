"""Reads that every package shares."""

from django.db.models import Q, QuerySet

from core.models import Region, WorkdayOverride
from core.workdays import Calendar


def calendar() -> Calendar:
    """Working days as they stand now: the library's year with the operator's corrections on top."""
    return Calendar({o.date: (o.works, o.name) for o in WorkdayOverride.objects.all()})


def regions() -> QuerySet[Region]:
    """Regions whose code is in force."""
    return Region.objects.filter(Q(valid_to__isnull=True))


def lies_in(path: str, code: str) -> Q:
    """Rows whose region, the foreign key at `path`, is that prefecture, or lies in that province."""
    if not code.endswith("0000"):
        return Q(**{path: code})
    return Q(**{f"{path}__gte": f"{code[:2]}0000", f"{path}__lte": f"{code[:2]}9999"})
