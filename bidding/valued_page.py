"""Selections by mean and by merit as pages show them: how far they are, the marks once published, and how the award came about."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from accounts.models import Organisation
from agencies.models import Agency
from bidding import experts, plans, queries
from bidding.methods.average import exactly
from bidding.methods.merit import points
from bidding.models import Enrolment, Plan, Seat, Selection
from bidding.rules.marking import far_off
from draws.models import Draw
from draws.shown import DrawShown, shown
from journal.awards.outcome import Outcome
from journal.queries import entries_of
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import Merit, ruleset

VALUED = {Method.AVERAGE: "F", Method.MERIT: "E"}


@dataclass(frozen=True)
class Progress:
    """How far a selection is, as everybody may see it. `draw`: of the factor or the experts; `seats`: who sits, by number."""

    subject: Request
    selection: Selection | None
    draw: DrawShown | None
    plans: int
    seats: list[Seat]

    @property
    def given(self) -> int:
        """How many experts have given their marks."""
        return sum(one.given_at is not None for one in self.seats)


def progress(subject: Request, now: datetime) -> Progress | None:
    """What the panel of a 均价 or 综合比选 shows; None for other methods, and once it is over."""
    if subject.method not in VALUED or queries.auction_over(subject):
        return None
    draw = Draw.objects.filter(name=f"{subject.number}-{VALUED[Method(subject.method)]}").first()
    selection = Selection.objects.filter(request=subject).first()
    return Progress(
        subject=subject,
        selection=selection,
        draw=shown(draw, now) if draw else None,
        plans=len(plans.with_a_price(subject)) if selection and subject.method == Method.MERIT else 0,
        seats=experts.sitting(subject),
    )


@dataclass(frozen=True)
class PlanPanel:
    """An entrant's own plan: what is in force, and whether it may still be changed."""

    subject: Request
    enrolment: Enrolment
    own: Plan | None
    open: bool


def plan_panel(subject: Request, agency: Agency | None, now: datetime) -> PlanPanel | None:
    """For an entrant of a 综合比选 that is not over; None to everybody else."""
    if subject.method != Method.MERIT or agency is None or queries.auction_over(subject):
        return None
    entrants = queries.standing_enrolments(subject).filter(agency=agency, barred_at__isnull=True)
    enrolment = entrants.first()
    if enrolment is None:
        return None
    until = subject.enrol_until
    taking = subject.status == RequestStatus.PUBLISHED and until is not None and now < until
    return PlanPanel(subject, enrolment, plans.own_plan(enrolment), taking)


def published_marks(subject: Request) -> list[dict[str, Any]]:
    """Each plan with its marks by expert, and which of them are far from the median; empty before they are published."""
    told = entries_of(subject.number or "").filter(kind="marks.published").first()
    if told is None:
        return []
    beyond = ruleset(subject.ruleset).of(Merit).explain_beyond_points
    by_label: dict[str, list[dict[str, Any]]] = {}
    for one in told.data["experts"]:
        for mark in one["marks"]:
            by_label.setdefault(mark["label"], []).append({"expert": one["expert"], **mark})
    named = _names(subject) if queries.auction_over(subject) else {}
    return [_marked(label, marks, beyond, named.get(label)) for label, marks in sorted(by_label.items())]


def _marked(label: str, marks: list[dict[str, Any]], beyond: int, body: Organisation | None) -> dict[str, Any]:
    of_all = [mark["points"] for mark in marks]
    rows = [{**mark, "far": far_off(mark["points"], of_all, beyond)} for mark in marks]
    return {
        "label": label,
        "marks": rows,
        "median": sorted(of_all)[len(of_all) // 2],
        "organisation": body,
        "beyond": beyond,
    }


def averaged_rows(subject: Request, outcome: Outcome) -> list[dict[str, Any]]:
    """Every valid price of a 均价: how far from the median, whether it counts, how far from the benchmark, and its place."""
    facts, names = outcome.facts, _names(subject)
    if "benchmark" not in facts:
        return []
    places = {place.label: place.rank for place in outcome.ranking}
    rows = [
        {
            "label": label,
            "organisation": names.get(label),
            "price": price,
            "off": exactly(abs(price - facts["median"])),
            "dropped": label in facts["dropped"],
            "gap": _signed(price - facts["benchmark"]),
            "place": places.get(label),
            "winner": label == outcome.winner,
        }
        for label, price in facts["valid"].items()
    ]
    return sorted(rows, key=lambda row: (row["place"] is None, row["place"] or 0, row["price"]))


def averaged_numbers(outcome: Outcome) -> dict[str, str]:
    """The numbers on the way to the benchmark, as pages write them; empty before there is one."""
    facts = outcome.facts
    if "benchmark" not in facts:
        return {}
    found = {name: exactly(facts[name]) for name in ("median", "mad", "limit", "mean", "benchmark")}
    return {**found, "factor": f"{facts['factor_permille'] / 1000:.2f}", "mads": str(facts["mads"])}


def merit_rows(subject: Request, outcome: Outcome) -> list[dict[str, Any]]:
    """Every entrant who could win a 综合比选, the best first: price, marks, K, and the points of each."""
    facts, names = outcome.facts, _names(subject)
    if "scores" not in facts:
        return []
    return [
        {
            "place": place.rank,
            "label": place.label,
            "organisation": names.get(place.label),
            "price": place.amount,
            "parts": {name: points(part) for name, part in facts["parts"][place.label].items()},
            "quality": facts["quality"][place.label],
            "marks": facts["marks"][place.label],
            "k": f"{float(facts['credit'][place.label]):.1f}",
            "score": points(facts["scores"][place.label]),
            "winner": place.label == outcome.winner,
        }
        for place in outcome.ranking
    ]


def _names(subject: Request) -> dict[str, Organisation]:
    return {one.label: one.agency.organisation for one in queries.standing_enrolments(subject)}


def _signed(gap: Fraction) -> str:
    """`−¥12.30` below, `+¥12.30` above, as far as needed."""
    return exactly(gap) if not gap else f"{'+' if gap > 0 else '−'}{exactly(abs(gap)).replace('≈ ', '≈')}"
