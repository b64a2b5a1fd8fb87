"""What stands beside the terms of a credit: how each rating counts, and what was to be put right after it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Prefetch

from agencies.models import Agency
from ratings.models import Rating, RatingEvent, Rectification, Relation
from ratings.queries.credit import relation_of


def relations(agency: Agency, entries: Collection[int], now: datetime) -> dict[int, Relation]:
    """How the agency's ratings of these entries count at `now`, where it is not fully: disputed, related, out of the account."""
    rows = Rating.objects.filter(agency=agency, seq__in=entries, events__isnull=False).distinct()
    told = rows.prefetch_related(Prefetch("events", RatingEvent.objects.order_by("pk")))
    found = {rating.seq: relation_of(rating, now) for rating in told}
    return {seq: relation for seq, relation in found.items() if relation != Relation.NONE}


def rectifications(agency: Agency, entries: Collection[int]) -> dict[int, list[Rectification]]:
    """The tasks of putting things right that the marks behind these ratings opened, by the rating's entry."""
    found: dict[int, list[Rectification]] = {}
    to_rating = "mark__evaluation__contract__rating"
    tasks = Rectification.objects.filter(**{f"{to_rating}__agency": agency, f"{to_rating}__seq__in": entries})
    for task in tasks.select_related(to_rating).order_by("pk"):
        found.setdefault(task.mark.evaluation.contract.rating.seq, []).append(task)
    return found
