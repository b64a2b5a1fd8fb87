"""What the one search box finds: items, requests, agencies and awards that fit a text, the best of each."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from agencies import queries as agency_queries
from agencies.filters import AgencyFilter
from bidding import queries
from bidding.filters import AwardFilter
from core.filtering import Searching
from core.text import clean
from marketplace.filters import RequestFilter
from marketplace.models import ServiceItem
from marketplace.queries import requests_in_public
from marketplace.searching import items_like

LONGEST = 80
_SHOWN, _ITEMS = 5, 3


@dataclass(frozen=True)
class Best:
    """The best of a kind, and how many there are; beyond what pages count to, the text says so."""

    rows: list[Any] = field(default_factory=list)
    count: Any = 0


@dataclass(frozen=True)
class Found:
    """What fits a text as it was understood; nothing fits an empty one."""

    text: str
    items: list[ServiceItem] = field(default_factory=list)
    requests: Best = Best()
    agencies: Best = Best()
    awards: Best = Best()

    @property
    def query(self) -> str:
        """The query string that asks the whole lists."""
        return _asked(self.text).urlencode()

    @property
    def nothing(self) -> bool:
        """Was something asked and nothing found?"""
        there = self.items or self.requests.rows or self.agencies.rows or self.awards.rows
        return bool(self.text) and not there


def found(typed: str) -> Found:
    """The best of each kind for what was typed."""
    text = clean(typed)[:LONGEST]
    if not text:
        return Found(text)
    asked = _asked(text)
    return Found(
        text,
        items_like(text)[:_ITEMS],
        _best(RequestFilter(asked, queryset=requests_in_public())),
        _best(AgencyFilter(asked, queryset=agency_queries.directory())),
        _best(AwardFilter(asked, queryset=queries.awards_newest_first())),
    )


def _asked(text: str) -> QueryDict:
    asked = QueryDict(mutable=True)
    asked["q"] = text
    return asked


def _best(narrowed: Searching) -> Best:
    pages = narrowed.pages
    return Best(list(pages.get_page(1))[:_SHOWN], pages.shown)
