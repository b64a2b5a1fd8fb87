"""What an address asks to compare: a page's, a download's or a program's."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from accounts.models import Organisation
from agencies.models import Agency
from core.errors import Refused
from core.models import Region
from core.queries import regions
from marketplace.models import Request, ServiceItem
from marketplace.queries import items_in_public, named_agency
from ratings.queries import comparing
from ratings.rules.comparison import MOST, UnknownAgency


@dataclass
class Asked:
    """What the address asks to compare, for whose request; `problems` are what of it could not be had."""

    agencies: list[Agency] = field(default_factory=list)
    item: ServiceItem | None = None
    place: Region | None = None
    request: Request | None = None
    # The request form that waits for the comparison: a draft's number, or "new".
    form: str = ""
    problems: list[Refused] = field(default_factory=list)

    def document(self, now: datetime) -> dict[str, Any]:
        """The "comparison/1" of what was asked; raises the first of its problems, or TooFewToCompare."""
        if self.problems:
            raise self.problems[0]
        return comparing.comparison(self.agencies, self.item, self.place, now)


def asked_for(given: QueryDict, by: Organisation | None, own: Request | None = None) -> Asked:
    """Reads a query string: `a` (again and again), `add`, `item`, `at`, `for`, `form`. Raises Http404 for another's request."""
    asked = Asked(request=own)
    form = given.get("form", "")
    asked.form = form if form == "new" or form.isdecimal() else ""
    if number := given.get("for"):
        asked.request = comparing.own_request(by, number)
    codes = given.getlist("a")
    if added := given.get("add", "").strip():
        found = named_agency(added)
        if found is None:
            asked.problems.append(UnknownAgency(uscc=added[:40]))
        else:
            codes = [*codes, found.uscc]
    for code in dict.fromkeys(code.strip().upper() for code in codes if code.strip()):
        try:
            asked.agencies += comparing.agencies_named([code])
        except UnknownAgency as unknown:
            asked.problems.append(unknown)
        if len(asked.agencies) + len(asked.problems) > MOST:
            break
    _place(asked, given.get("item"), given.get("at"))
    return asked


def _place(asked: Asked, item: str | None, at: str | None) -> None:
    """The item and the place: the request's where there is one, else what the address says."""
    if asked.request is not None:
        asked.item, asked.place = asked.request.item, asked.request.region
        return
    asked.item = next((one for one in items_in_public() if one.code == item), None)
    asked.place = next((one for one in regions() if one.code == at), None)
