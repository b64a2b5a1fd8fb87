"""A selection by draw, by credit or a direct one as pages show it: where it stands, for whom what is to do, and who was drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Organisation
from agencies.models import Agency
from bidding import queries
from bidding.methods.credit_draw import tickets_told
from bidding.models import Enrolment, Selection, Stage
from bidding.rules.enrolment import Blocker, personal_blockers
from core.clock import database_now
from draws.models import Draw
from draws.shown import DrawShown, shown
from journal.awards.outcome import Outcome
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import CreditDraw, ruleset
from marketplace.timeline import barring_reasons

BY_LOT = (Method.DRAW, Method.CREDIT_DRAW)


@dataclass(frozen=True)
class SelectionPage:
    """What the panel beside a notice says. `door` is "pick", "answer" or empty, by what this reader may do now."""

    subject: Request
    selection: Selection | None
    draw: DrawShown | None
    overdue: bool
    door: str
    short_list: list[Enrolment]
    blockers: list[Blocker]
    own_label: str
    numbers: CreditDraw | None

    @property
    def stage(self) -> str:
        """The stage of the selection, "published" before it, "over" after it."""
        if self.subject.status == RequestStatus.PUBLISHED:
            return "published"
        return self.selection.stage if self.selection else "over"

    @property
    def tickets(self) -> str:
        """How many tickets each grade has, as pages say it."""
        return tickets_told(self.numbers.tickets) if self.numbers else ""


def selection_page(subject: Request, reader: Organisation | None, agency: Agency | None) -> SelectionPage:
    """What a reader, who may be nobody, sees of a selection that is no auction."""
    now = database_now()
    selection = Selection.objects.filter(request=subject).first()
    draw = Draw.objects.filter(name=f"{subject.number}-D").first()
    door = _door(subject, selection, reader, agency, now)
    numbers = ruleset(subject.ruleset)
    return SelectionPage(
        subject=subject,
        selection=selection,
        draw=shown(draw, now) if draw else None,
        overdue=bool(selection and selection.due_at and now >= selection.due_at),
        door=door,
        short_list=_short_list(subject) if subject.method == Method.CREDIT_DRAW else [],
        blockers=_against(subject, agency) if door == "answer" and agency else [],
        own_label=_own_label(subject, agency),
        numbers=numbers.of(CreditDraw) if numbers.has(CreditDraw) else None,
    )


def _door(
    subject: Request, selection: Selection | None, reader: Organisation | None, agency: Agency | None, now: datetime
) -> str:
    if selection is None or selection.due_at is None or now >= selection.due_at:
        # A direct request is asked for as soon as it is published, whether or not a clock has run.
        named = agency is not None and subject.direct_agency_id == agency.pk
        return "answer" if named and subject.status == RequestStatus.PUBLISHED else ""
    if selection.stage == Stage.PICKING and reader is not None and reader.pk == subject.buyer_id:
        return "pick"
    if selection.stage == Stage.CONFIRMING and agency is not None and agency.pk == subject.direct_agency_id:
        return "answer"
    return ""


def _short_list(subject: Request) -> list[Enrolment]:
    """Those drawn for the buyer's choice, in the order drawn, with what they are known by from then on."""
    labels = queries.short_list(subject.number or "")
    found = {one.label: one for one in queries.standing_enrolments(subject).filter(label__in=labels)}
    return [found[label] for label in labels if label in found]


def _against(subject: Request, agency: Agency) -> list[Blocker]:
    return personal_blockers(queries.applicant(agency, subject), queries.opening(subject))


def _own_label(subject: Request, agency: Agency | None) -> str:
    if agency is None:
        return ""
    own = Enrolment.objects.filter(request=subject, agency=agency, withdrawn_at__isnull=True).first()
    return own.label if own else ""


def drawn_rows(subject: Request, outcome: Outcome) -> list[dict[str, Any]]:
    """Everybody who took part in a draw, the drawn in their order: what counted for each, and what became of it."""
    facts = outcome.facts
    entrants = {one.label: one for one in queries.standing_enrolments(subject)}
    drawn = list(facts.get("order", ()))
    rest = sorted(set(entrants) - set(drawn))
    return [_row(entrants[label], facts, outcome, drawn) for label in [*drawn, *rest] if label in entrants]


def _row(one: Enrolment, facts: Mapping[str, Any], outcome: Outcome, drawn: list[str]) -> dict[str, Any]:
    label = one.label
    score = facts.get("scores", {}).get(label, {})
    return {
        "label": label,
        "organisation": one.agency.organisation,
        "place": drawn.index(label) + 1 if label in drawn else None,
        "tickets": facts.get("tickets", {}).get(label),
        "k": score.get("k"),
        "grade": score.get("grade"),
        "short_listed": label in facts.get("short_list", ()),
        "winner": label == outcome.winner,
        "excluded": facts.get("excluded", {}).get(label, ""),
        "barred": barring_reasons().get(one.barred_because, one.barred_because),
    }
