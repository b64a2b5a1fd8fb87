"""Steps of the tests about standings: change one, lock an item, read what the case file tells."""

from typing import Any

from agencies.models import Agency, Standing
from bidding.models import Enrolment
from core.clock import database_now
from journal.queries import entries_of
from marketplace.models import ItemLock, Request, ServiceItem


def make(agency: Agency, standing: Standing) -> None:
    """As `ratings` does, without its case."""
    agency.standing = standing
    agency.save(update_fields=["standing"])


def lock(agency: Agency, item: ServiceItem, **fields: Any) -> ItemLock:
    return ItemLock.objects.create(
        agency=agency, item=item, **({"case": "E-2026-000001", "since": database_now()} | fields)
    )


def told(request: Request, kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in entries_of(request.number or "").filter(kind=kind)]


def label(request: Request, agency: Agency) -> str:
    return Enrolment.objects.get(request=request, agency=agency).label
