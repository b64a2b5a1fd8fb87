"""What an agency offers. Anyone may offer anything; it counts at once (P19.1)."""

from collections.abc import Mapping

from django.db import transaction

from agencies.models import Agency
from journal.actions import lock_case
from marketplace import entries, queries
from marketplace.models import Offering


@transaction.atomic(durable=True)
def offer(agency: Agency, items: Mapping[str, int | None]) -> None:
    """Let `agency` offer exactly `items`: code → reference price in fen, or None. Unknown codes are left out."""
    held = lock_case(f"A-{agency.uscc}")
    known = set(queries.items_in_public().values_list("code", flat=True))
    before = set(Offering.objects.filter(agency=agency).values_list("item_id", flat=True))
    wanted = {code: price for code, price in items.items() if code in known}
    Offering.objects.filter(agency=agency, item_id__in=before - set(wanted)).delete()
    for code, price in wanted.items():
        Offering.objects.update_or_create(agency=agency, item_id=code, defaults={"price_from": price})
    added, removed = set(wanted) - before, before - set(wanted)
    if added or removed:
        held.append(*entries.services_changed(added, removed))
