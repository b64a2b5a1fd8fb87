"""Which lists a search may be saved of, and its one spelling. Lists of upper packages are added when those are ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import django_filters

from accounts.models import Organisation
from agencies import queries as agency_queries
from agencies.filters import AgencyFilter
from core.filtering import told
from marketplace import queries
from marketplace.filters import RequestFilter
from marketplace.models import SavedSearch


@dataclass(frozen=True)
class List:
    """A list by the name of its page: its FilterSet and the rows that this narrows."""

    page: str
    title: Promise
    filters: Callable[..., django_filters.FilterSet]
    rows: Callable[[], QuerySet[Any]]

    def of(self, query: str, rows: QuerySet[Any] | None = None) -> django_filters.FilterSet:
        """The FilterSet as that query string sets it, over all rows or `rows`."""
        return self.filters(QueryDict(query), queryset=self.rows() if rows is None else rows)


REQUESTS = "request_list"
_lists: dict[str, List] = {}


def savable(found: List) -> None:
    """Let searches of that list be saved; called once, when its package is ready."""
    _lists[found.page] = found


def list_of(page: str) -> List | None:
    """The list of that page; None if no search of it can be saved."""
    return _lists.get(page)


def kept_by(organisation: Organisation) -> QuerySet[SavedSearch]:
    """What an organisation keeps of the lists there are, the newest first."""
    return SavedSearch.objects.filter(organisation=organisation, list__in=list(_lists))


def spelling(found: List, query: str) -> str | None:
    """The filters in force in the order of the form, all else left out; None for a query that the page calls wrong."""
    asked = found.of(query)
    if not asked.is_valid():
        return None
    kept = QueryDict(mutable=True)
    for name in asked.form.fields:
        if asked.form.cleaned_data.get(name) and name != "sort":
            kept[name] = asked.data[name]
    return kept.urlencode()


def name_for(found: List, query: str) -> str:
    """What to call it while nobody has given it a name: its filters, told back."""
    return told(found.of(query))[:80]


savable(List(REQUESTS, _("采购公告"), RequestFilter, queries.requests_in_public))
savable(List("agency_list", _("机构"), AgencyFilter, agency_queries.directory))
