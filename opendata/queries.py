"""Reads for open data: the releases of one request, the newest of all."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, When
from django.db.models.functions import Length
from django.shortcuts import get_object_or_404

from core.models import Region
from journal.models import Entry
from journal.queries import entries_of
from journal.sealing.actions import newest_checkpoint
from marketplace.models import Request
from opendata.models import BulkFile, BulkStatus, CreditChange
from opendata.rules.course import Line
from opendata.rules.merging import record
from opendata.rules.packages import record_package, release_package
from opendata.rules.periods import ALL, NEWEST
from opendata.rules.releases import RULES, releases
from opendata.rules.shapes import Facts, Release

CREDIT_PAGE = 500


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    return dict(Region.objects.values_list("code", "name_zh"))


def facts_of(number: str) -> Facts:
    """What the mapping wants to know beside the entries."""
    return Facts(number, settings.OCDS_PREFIX, settings.SITE_URL, _regions())


def lines_of(number: str) -> Iterator[Line]:
    """The entries of a request's case file that may yield releases, oldest first, a thousand at a time in memory."""
    found = entries_of(number).filter(kind__in=RULES)
    return (Line(one.seq, one.at, one.kind, one.data) for one in found.iterator(chunk_size=1000))


def releases_of(number: str) -> Iterator[Release]:
    """The releases of one request, oldest first."""
    return releases(facts_of(number), lines_of(number))


def releases_of_request(request: Request) -> dict[str, Any]:
    """The release package of a request in public."""
    facts = facts_of(request.number or "")
    return release_package(facts, list(releases_of(facts.number)))


def record_of_request(request: Request) -> dict[str, Any]:
    """The record package of a request in public, with its releases in it."""
    facts = facts_of(request.number or "")
    return record_package(facts, record(facts, list(releases_of(facts.number))))


def newest() -> QuerySet[Entry]:
    """The entries of requests that yield releases, the newest first, each with its case."""
    found = Entry.objects.filter(kind__in=RULES, case__name__startswith="GS-")
    return found.select_related("case").order_by("-pk")


def files() -> QuerySet[BulkFile]:
    """The bulk files there are: everything first, then months and days, the newest first."""
    longest = Case(When(period__in=(ALL, NEWEST), then=0), default=1, output_field=IntegerField())
    return BulkFile.objects.filter(status=BulkStatus.READY).order_by(longest, Length("period"), "-period", "kind")


def file_named(name: str) -> BulkFile:
    """The bulk file of that name; a 404 for one that is not ready, or was withdrawn."""
    kind, _dash, period = name.removesuffix(".jsonl.gz").partition("-")
    return get_object_or_404(BulkFile, kind=kind, period=period, status=BulkStatus.READY)


def checkpoint() -> str | None:
    """The log's newest signed checkpoint as it is served (docs/protocol.md); None before the first."""
    newest = newest_checkpoint()
    return newest.note if newest else None


def credit_changes(since: int) -> list[CreditChange]:
    """Up to a page of the changes after number `since`, in the order of their numbers."""
    return list(CreditChange.objects.filter(seq__gt=since).order_by("seq")[:CREDIT_PAGE])


def newest_credit_change() -> int:
    """The number of the newest change; 0 before the first."""
    return CreditChange.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
