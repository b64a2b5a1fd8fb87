"""Policy radar (UX §2.14): published requests whose words restrict who may come, lawfully or not (P20.3, P20.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from marketplace.checking import findings_of
from marketplace.models import Request, RequestStatus
from marketplace.policy import Finding

# Restrictions by place, capital, age, ownership, sector, and lists or names that narrow the choice.
RESTRICTING = frozenset(
    {
        "P_REGION",
        "P_LOCAL_OFFICE",
        "P_CAPITAL",
        "P_YEARS",
        "P_OWNERSHIP",
        "P_SECTOR",
        "P_SHORTLIST",
        "P_DESIGNATION",
    }
)
# So many of the newest are read again.
LOOKED_AT = 100
_RELATED = ("item", "buyer", "region")


@dataclass(frozen=True)
class Seen:
    """A request, and what restricts in it; `lawful` if it cites a law for it."""

    request: Request
    findings: list[Finding]

    @property
    def lawful(self) -> bool:
        """Is a law cited?"""
        return bool(self.request.cited_law)


def suspects() -> QuerySet[Request]:
    """Published requests that restrict by the law they cite; the newest first."""
    published = Request.objects.exclude(status=RequestStatus.DRAFT).exclude(cited_law="")
    return published.select_related(*_RELATED).order_by("-published_at", "-pk")


def latest(most: int) -> QuerySet[Request]:
    """The newest published ones that cite no law: the check let them pass, and is asked again with today's words."""
    published = Request.objects.exclude(status=RequestStatus.DRAFT).filter(cited_law="")
    return published.select_related(*_RELATED).order_by("-published_at", "-pk")[:most]


def restrictions(request: Request) -> list[Finding]:
    """What in a request restricts who may come."""
    return [found for found in findings_of(request) if found.code in RESTRICTING]


def seen(requests: Sequence[Request], *, all_of_them: bool = False) -> list[Seen]:
    """These with what restricts in them; without `all_of_them` only those in which something does."""
    looked = [Seen(one, restrictions(one)) for one in requests]
    return [one for one in looked if one.findings or all_of_them]


def unlawful() -> list[Seen]:
    """Of the newest LOOKED_AT that cite no law, those in which something restricts."""
    return seen(list(latest(LOOKED_AT)))
