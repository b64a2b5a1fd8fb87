"""Take tenders of other systems as drafts of their buyer: nothing of it is public before the buyer publishes it (P12.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from core.clock import database_now
from core.models import Region
from marketplace.actions import save_draft
from marketplace.models import Request, ServiceItem
from opendata.models import ImportedTender


@transaction.atomic(durable=True)
def import_tenders(user: User, buyer: Organisation, chosen: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Request]:
    """A draft of each `(ocid, values)`; one that this buyer has already is left out. All of them or none.

    Raises PolicyRefused for what may not even be kept.
    """
    now, made = database_now(), []
    known = set(ImportedTender.objects.filter(buyer=buyer).values_list("ocid", flat=True))
    for ocid, said in chosen:
        if ocid in known:
            continue
        known.add(ocid)
        request = save_draft(user, buyer, _values(buyer, said))
        ImportedTender.objects.create(buyer=buyer, ocid=ocid, request=request, at=now)
        made.append(request)
    return made


def _values(buyer: Organisation, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the form would give: a place that the file does not name is the buyer's own."""
    region = Region.objects.filter(code=said.get("region")).first() or buyer.region
    texts = {
        name: said.get(name, "") for name in ("title", "scope", "deliverables", "materials", "budget_line", "cited_law")
    }
    numbers = {name: said[name] for name in ("term_workdays", "ceiling", "method")}
    item = ServiceItem.objects.get(code=said["item"])
    return {**texts, **numbers, "item": item, "region": region, "public_funds": bool(said.get("public_funds"))}
