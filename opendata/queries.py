"""Reads for open data: the releases of one request, the newest of all."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings

from core.models import Region
from journal.models import Entry
from journal.queries import entries_of
from marketplace.models import Request
from opendata.rules.course import Line
from opendata.rules.merging import record
from opendata.rules.packages import record_package, release_package
from opendata.rules.releases import RULES, releases
from opendata.rules.shapes import Facts, Release

NEWEST = 50
# Entries looked through for the newest releases: of those that yield none there are few beside the others.
_LOOKED_AT = 1000


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


def newest() -> list[Entry]:
    """The newest entries that yield releases, newest first, each with its case."""
    found = Entry.objects.select_related("case").order_by("-pk")[:_LOOKED_AT]
    wanted = [one for one in found if one.kind in RULES and one.case.name.startswith("GS-")]
    return wanted[:NEWEST]
