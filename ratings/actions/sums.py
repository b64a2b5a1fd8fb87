"""Keep the sums of an agency's ratings: the groups of buyers that changed are summed anew, the others stay as they are."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from agencies.models import Agency
from ratings.models import GroupSums, QualitySums, Rating, RatingEvent
from ratings.queries.credit import figures_in_force, rating_facts
from ratings.rules.market import Figures
from ratings.rules.quality import RatingFact
from ratings.rules.sums import Sums, sums_of_group
from ratings.rulesets import credit_rules


def bring_up_to_date(agency: Agency, now: datetime) -> tuple[QualitySums, Figures]:
    """The sums as of `now` and the figures they were made against. Part of a larger verb, under the agency's case.

    Everything is summed anew with new figures or rules, or if the ledger holds other ratings than were counted.
    """
    row, figures = figures_in_force(now)
    identity = credit_rules().id
    known = QualitySums.objects.filter(agency=agency).first()
    ledger = Rating.objects.filter(agency=agency, at__lte=now)
    many = ledger.count()
    current = known is not None and (known.figures_id, known.ruleset) == (row.pk if row else None, identity)
    if known and current and _counts(known, ledger, many):
        _take_in(known, _changed(agency, known.at, now), many, figures, now)
        return known, figures
    GroupSums.objects.filter(agency=agency).delete()
    made = QualitySums(agency=agency, figures=row, ruleset=identity, at=now)
    _take_in(made, None, many, figures, now)
    return made, figures


def _counts(known: QualitySums, ledger: QuerySet[Rating], many: int) -> bool:
    """Do these sums and what came since count the whole ledger? Then none of their very moment is missing either."""
    return known.ratings + ledger.filter(at__gt=known.at).count() == many


def _changed(agency: Agency, since: datetime, now: datetime) -> set[str]:
    """The groups of whose ratings something is new; what was said of one at the very moment `since` may be."""
    rated = Rating.objects.filter(agency=agency, at__gt=since, at__lte=now)
    weighed = RatingEvent.objects.filter(rating__agency=agency, at__gte=since, at__lte=now)
    return {*rated.values_list("group", flat=True), *weighed.values_list("rating__group", flat=True)}


def _take_in(kept: QualitySums, groups: Collection[str] | None, many: int, figures: Figures, now: datetime) -> None:
    """Sum these groups anew, all if None, and write what came of it."""
    facts: dict[str, list[RatingFact]] = defaultdict(list)
    if groups is None or groups:
        for fact in rating_facts(kept.agency, figures, now, groups):
            facts[fact.group].append(fact)
    rows = GroupSums.objects.filter(agency=kept.agency, group__in=list(facts))
    before = {row.group: row.sums for row in rows} if groups is not None else {}
    whole, made = kept.sums, []
    for group, of_group in facts.items():
        sums = sums_of_group(of_group, credit_rules().quality)
        whole = whole.changed(before.get(group, Sums()), sums)
        made.append(
            GroupSums(agency=kept.agency, group=group, raw=sums.raw, praised=sums.praised, items=dict(sums.items))
        )
    GroupSums.objects.bulk_create(
        made,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["agency", "group"],
        update_fields=["raw", "praised", "items"],
    )
    kept.raw, kept.praised, kept.items = whole.raw, whole.praised, dict(whole.items)
    kept.ratings, kept.at = many, now
    kept.save()
