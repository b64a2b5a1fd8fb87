"""Reads of credit: what an agency's credit is computed from, what was cached and kept of it, and its place among peers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from agencies.models import Agency, Grade, Standing
from contracts.models import Contract, ContractStatus
from core.clock import database_now, to_milliseconds
from ratings.models import Act, ActEvent, CreditPoint, MarketFigures, Rating, RatingEvent, Relation
from ratings.rules.conduct import ActFact, FinishedContract, Happening, years_that_earn
from ratings.rules.credit import Snapshot, shown
from ratings.rules.market import Figures, from_data
from ratings.rules.quality import RatingFact
from ratings.rules.score import Credit, CreditFacts, ItemMean, compute
from ratings.rulesets import credit_rules

_NO_FIGURES = Figures()


@dataclass(frozen=True)
class Rank:
    """An agency's place by K among those that offer an item: `place` of `among`, in the first `percent` per cent."""

    place: int
    among: int

    @property
    def percent(self) -> int:
        """Rounded up: nobody is in the first 0 %."""
        return -(-100 * self.place // self.among)


def credit_of(agency: Agency) -> Snapshot:
    """The agency's credit as cached with it; without any evaluation that is N, 新入驻，暂无评分."""
    return shown(Grade(agency.grade), agency.credit)


def computed(agency: Agency, now: datetime | None = None) -> Credit:
    """The agency's credit, computed from both ledgers as they stood at `now`."""
    now = now or database_now()
    return compute(credit_facts(agency, now), now, credit_rules())


def credit_facts(agency: Agency, now: datetime | None = None) -> CreditFacts:
    """What the agency's credit is computed from at `now`; the same few queries whatever it has done."""
    return facts_of([agency], now or database_now())[agency.pk]


def facts_of(agencies: Sequence[Agency], now: datetime) -> dict[int, CreditFacts]:
    """The facts of many agencies by their key, in as many queries as for one."""
    figures = figures_in_force(now)[1]
    acts, ratings, contracts = _acts(agencies), _ratings(agencies, now), _contracts(agencies)
    return {
        agency.pk: _facts(
            agency, acts[agency.pk], ratings[agency.pk], contracts[agency.organisation_id], figures, floor_of(agency)
        )
        for agency in agencies
    }


def rating_facts(
    agency: Agency, figures: Figures, now: datetime, groups: Collection[str] | None = None
) -> list[RatingFact]:
    """The agency's ratings as they count at `now`, of these groups of buyers only if some are given; named by their entries."""
    rows = Rating.objects.filter(agency=agency, at__lte=now)
    if groups is not None:
        rows = rows.filter(group__in=groups)
    rows = rows.prefetch_related(Prefetch("events", RatingEvent.objects.order_by("pk")))
    return [_rating_fact(one, str(one.seq), relation_of(one, now), figures) for one in rows]


def act_facts(agency: Agency) -> tuple[ActFact, ...]:
    """All acts of one agency."""
    return tuple(act_fact(act) for act in _acts([agency])[agency.pk])


def completed_by_year(agency: Agency, now: datetime) -> dict[int, int]:
    """How many contracts the agency completed in each year since registration that may earn something; one query."""
    years = years_that_earn(to_milliseconds(agency.registered_at), now, credit_rules().conduct)
    done = Contract.objects.filter(agency=agency.organisation_id, status=ContractStatus.COMPLETED)
    counts = {
        f"year_{n}": Count("pk", filter=Q(completed_at__gte=begins, completed_at__lt=ends))
        for n, (begins, ends) in years.items()
    }
    found = done.aggregate(**counts) if counts else {}
    return {n: found[f"year_{n}"] for n in years}


def figures_in_force(now: datetime) -> tuple[MarketFigures | None, Figures]:
    """The newest figures published until `now`, as row and as plain values; empty ones before the first."""
    row = MarketFigures.objects.filter(at__lte=now).order_by("-at").first()
    return row, from_data(row.data, row.seq) if row else _NO_FIGURES


def floor_of(agency: Agency) -> Decimal | None:
    """What holds C up: on probation after re-entry C is at least 60 (R8)."""
    on_probation = agency.standing == Standing.PROBATION
    return Decimal(credit_rules().exit.probation_conduct) if on_probation else None


def history(agency: Agency) -> QuerySet[CreditPoint]:
    """The agency's credit wherever it changed, oldest first. For life (P22.4)."""
    return agency.credit_points.select_related("figures").order_by("at", "id")


def standing_of_peers(agency: Agency, item: str, now: datetime | None = None) -> Rank:
    """The agency's place among the agencies that offer the item: one more than those with a higher K.

    A new one counts with the item's median K, so that being new never makes it last (R7).
    """
    middle = figures_in_force(now or database_now())[1]
    peers = list(Agency.objects.filter(offerings__item=item).exclude(pk=agency.pk).values_list("credit", flat=True))
    scores = [k for k in (*peers, agency.credit) if k is not None]
    if not scores:
        return Rank(1, len(peers) + 1)
    # Published once a month: others may have risen above it all since.
    median = max(middle.of(item).credit or middle.credit or scores[0], min(scores))
    own = median if agency.credit is None else agency.credit
    higher = sum((median if k is None else k) > own for k in peers)
    return Rank(higher + 1, len(peers) + 1)


def act_fact(act: Act) -> ActFact:
    """One act with its prefetched events, as the rules judge it."""
    events = tuple(Happening(event.kind, event.at, event.seq) for event in act.events.all())
    return ActFact(
        key=str(act.seq),
        code=act.code,
        tier=act.tier,
        points=act.points,
        happened_at=act.happened_at,
        noted_at=act.noted_at,
        counts_from=act.counts_from,
        expires_at=act.expires_at,
        seq=act.seq,
        evidence=act.evidence,
        path=act.path,
        events=events,
    )


def relation_weight(relation: Relation) -> Decimal:
    """r of R7."""
    match relation:
        case Relation.NONE:
            return Decimal(1)
        case Relation.FLAGGED:
            return credit_rules().quality.related
        case Relation.DISPUTED | Relation.CONFIRMED:
            return Decimal(0)


def relation_of(rating: Rating, now: datetime) -> Relation:
    """How the rating counts at `now`, by its prefetched events: the newest one holds."""
    told = [event for event in rating.events.all() if event.at <= now]
    return Relation(max(told, key=lambda event: event.pk).relation) if told else Relation.NONE


def _facts(
    agency: Agency,
    acts: Iterable[Act],
    ratings: Sequence[tuple[Rating, str, Relation]],
    contracts: Iterable[FinishedContract],
    figures: Figures,
    floor: Decimal | None,
) -> CreditFacts:
    times = Counter(rating.item_id for rating, _number, relation in ratings if relation_weight(relation))
    return CreditFacts(
        registered_at=to_milliseconds(agency.registered_at),
        acts=tuple(act_fact(act) for act in acts),
        contracts=tuple(contracts),
        ratings=tuple(_rating_fact(rating, number, relation, figures) for rating, number, relation in ratings),
        means=tuple(ItemMean(item, figures.of(item).mean, count) for item, count in sorted(times.items())),
        floor=floor,
    )


def _rating_fact(rating: Rating, number: str, relation: Relation, figures: Figures) -> RatingFact:
    return RatingFact(
        key=number,
        group=rating.group,
        item=rating.item_id,
        amount=rating.amount,
        median=figures.of(rating.item_id).amount or 0,
        x=rating.x,
        at=rating.at,
        relation=relation_weight(relation),
        seq=rating.seq,
    )


def _acts(agencies: Sequence[Agency]) -> dict[int, list[Act]]:
    found: dict[int, list[Act]] = defaultdict(list)
    rows = Act.objects.filter(agency__in=agencies).order_by("happened_at", "seq")
    for act in rows.prefetch_related(Prefetch("events", ActEvent.objects.order_by("pk"))):
        found[act.agency_id].append(act)
    return found


def _ratings(agencies: Sequence[Agency], now: datetime) -> dict[int, list[tuple[Rating, str, Relation]]]:
    found: dict[int, list[tuple[Rating, str, Relation]]] = defaultdict(list)
    rows = Rating.objects.filter(agency__in=agencies, at__lte=now).select_related("contract__award__request")
    for rating in rows.order_by("at", "seq").prefetch_related(Prefetch("events", RatingEvent.objects.order_by("pk"))):
        number = rating.contract.award.request.number or ""
        found[rating.agency_id].append((rating, number, relation_of(rating, now)))
    return found


def _contracts(agencies: Sequence[Agency]) -> dict[int, list[FinishedContract]]:
    found: dict[int, list[FinishedContract]] = defaultdict(list)
    organisations = [agency.organisation_id for agency in agencies]
    rows = Contract.objects.filter(agency__in=organisations, status=ContractStatus.COMPLETED).order_by("completed_at")
    for organisation, number, at in rows.values_list("agency_id", "award__request__number", "completed_at"):
        if number and at:
            found[organisation].append(FinishedContract(number, to_milliseconds(at)))
    return found
