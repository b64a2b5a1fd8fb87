"""Once all contributions are open, the draw is made; any number of clocks may try, one does."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from draws.actions import make
from draws.models import Contribution, Draw
from journal.actions import lock_case
from journal.clockwork import attempt

_AT_ONCE = 50


def do_due_draws() -> int:
    """Returns how many were made."""
    shut = Contribution.objects.filter(draw=OuterRef("pk"), opened_at__isnull=True)
    ready = Draw.objects.filter(~Exists(shut), sealed_at__isnull=False, drawn_at__isnull=True)
    return sum(attempt(_make, name) for name in ready.order_by("sealed_at").values_list("name", flat=True)[:_AT_ONCE])


@transaction.atomic(durable=True)
def _make(name: str) -> bool:
    held = lock_case(Draw.objects.values_list("case__name", flat=True).get(name=name))
    draw = Draw.objects.get(name=name)
    if draw.drawn_at is not None:
        return False
    make(held, draw)
    return True
