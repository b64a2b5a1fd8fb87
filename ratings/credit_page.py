"""The public credit page (UX §2.11): both tracks with every term, sums that add up, and a drawing of the history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Kind, Organisation
from agencies.models import Agency
from ratings.models import Act, ActEvent, CreditPoint, Rectification, Relation, Repair, RepairStatus
from ratings.queries.credit import credit_facts, history, standing_of_peers
from ratings.queries.credit_notes import rectifications, relations
from ratings.rules.conduct import ActStatus, ConductTerm, Year
from ratings.rules.quality import QualityTerm
from ratings.rules.score import Credit, CreditFacts, compute, mean_before
from ratings.rules.standing import months_after
from ratings.rules.sums import effects
from ratings.rulesets import credit_rules
from ratings.wording import ACTS, STATUSES, TIERS

_PEERS = 6
# What one page shows of them; all are in credit.json.
_RATINGS = 200
_MONTH = timedelta(days=30)
_WIDTH, _HEIGHT = 240, 48
_GONE = (ActStatus.STRUCK, ActStatus.REPAIRED)


@dataclass
class ActRow:
    """One act of conduct with what its reader may do about it."""

    term: ConductTerm
    act: Act
    label: Any
    tier: Any
    status: Any
    events: list[ActEvent] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    forms: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RatingRow:
    """One rating with what it does to Q, how it counts where not fully, and what was to be put right after it."""

    term: QualityTerm
    effect: Decimal
    relation: Relation | None = None
    rectifications: Sequence[Rectification] = ()


@dataclass
class CreditPage:
    """All of it, at one moment."""

    agency: Agency
    credit: Credit
    acts: list[ActRow]
    ratings: list[RatingRow]
    points: list[CreditPoint]
    line: str
    peers: list[tuple[Any, Any]]

    @property
    def older(self) -> int:
        """How many ratings are not shown one by one."""
        return len(self.credit.quality.terms) - len(self.ratings)

    @property
    def month_ago(self) -> Decimal | None:
        """K as it was thirty days before."""
        before = [point for point in self.points if point.at <= self.credit.at - _MONTH]
        return before[-1].credit if before else None

    @property
    def earned(self) -> list[Year]:
        """The years that raise C."""
        return [year for year in self.credit.conduct.years if year.earned]


def page_of(agency: Agency, reader: Organisation | None, now: datetime) -> CreditPage:
    """The page as this reader sees it."""
    rules = credit_rules()
    facts = credit_facts(agency, now)
    credit = compute(facts, now, rules)
    by_seq = {act.seq: act for act in Act.objects.filter(agency=agency).prefetch_related("events", "repairs")}
    shown = [term for term in reversed(credit.conduct.terms) if term.status not in _GONE]
    rows = [_act(term, by_seq[term.fact.seq], reader, now) for term in shown]
    ratings = _ratings(agency, facts, credit, now)
    points = list(history(agency))
    offered = [offering.item for offering in agency.offerings.select_related("item")[:_PEERS]]
    peers = [(item, standing_of_peers(agency, item.code, now)) for item in offered]
    return CreditPage(agency, credit, rows, ratings, points, drawn(points), peers)


def _ratings(agency: Agency, facts: CreditFacts, credit: Credit, now: datetime) -> list[RatingRow]:
    """The newest ratings first."""
    rules = credit_rules()
    newest = list(reversed(credit.quality.terms))[:_RATINGS]
    entries = [term.fact.seq for term in newest]
    of_each = effects(
        facts.ratings, [term.fact.key for term in newest], now, mean_before(facts.means, rules), rules.quality
    )
    how, tasks = relations(agency, entries, now), rectifications(agency, entries)
    return [
        RatingRow(term, of_each[term.fact.key], how.get(term.fact.seq), tasks.get(term.fact.seq, ())) for term in newest
    ]


def doors_of(row: ActRow, reader: Organisation | None, now: datetime) -> list[str]:
    """What this reader may do about an act now: `object` and `repair` its agency, `decide` an officer."""
    if reader is None:
        return []
    if reader.pk == row.act.agency.organisation_id:
        if row.term.status is ActStatus.PENDING:
            return ["object"]
        return ["repair"] if _may_be_repaired(row.act, row.term.status, now) else []
    return ["decide"] if reader.kind == Kind.REGULATOR and row.term.status is ActStatus.OBJECTED else []


def drawn(points: list[CreditPoint]) -> str:
    """The history of K as the points of an SVG line in a box of 240 × 48; empty with fewer than two."""
    known = [(point.at, point.credit) for point in points if point.credit is not None]
    if len(known) < 2:
        return ""
    first, last = known[0][0], known[-1][0]
    span = max((last - first).total_seconds(), 1)
    low, high = min(k for _at, k in known), max(k for _at, k in known)
    rise = max(high - low, Decimal(1))
    places = (
        (_WIDTH * (at - first).total_seconds() / span, float(_HEIGHT - 4 - (k - low) / rise * (_HEIGHT - 8)))
        for at, k in known
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _act(term: ConductTerm, act: Act, reader: Organisation | None, now: datetime) -> ActRow:
    row = ActRow(
        term,
        act,
        ACTS[act.code],
        TIERS[act.tier],
        STATUSES[term.status],
        list(act.events.all()),
        list(act.repairs.all()),
    )
    row.forms = dict.fromkeys(doors_of(row, reader, now))
    return row


def _may_be_repaired(act: Act, status: ActStatus, now: datetime) -> bool:
    months = credit_rules(act.ruleset).conduct.tiers[act.tier].repair_after_months
    asked = any(one.status == RepairStatus.ASKED for one in act.repairs.all())
    return bool(months) and status is ActStatus.COUNTS and not asked and now >= months_after(act.noted_at, months)
