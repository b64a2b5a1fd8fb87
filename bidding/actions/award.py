"""Publish an award and bring its standstill to an end (R5.9). Parts of larger verbs: the case is held by the caller."""

from django.db.models import QuerySet

from bidding import entries, news, queries
from bidding.methods import strategy_for
from bidding.models import PENDING_OBJECTIONS, Award, AwardStatus, Enrolment, Objection, ObjectionStatus
from bidding.rules.objections import next_in_rank
from bidding.standings import barred_among
from core.queries import calendar
from journal.actions import Held
from journal.awards.outcome import Outcome, Place
from journal.models import Case
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import ruleset


def publish_award(held: Held, request: Request, winner: Enrolment, amount: int, rank: int = 1) -> Award:
    """Publish the award to `winner` at `amount` (fen) and start its standstill in working days."""
    days = ruleset(request.ruleset).standstill.wd(government=request.government)
    until = calendar().add(held.now, days)
    award = Award.objects.create(
        request=request, winner=winner, amount=amount, rank=rank, published_at=held.now, standstill_until=until
    )
    organisation = winner.agency.organisation
    held.append(*entries.award(winner.label, organisation.uscc, organisation.name, amount, _rule(request, rank), until))
    _set_status(request, RequestStatus.STANDSTILL)
    return award


def finish(held: Held, request: Request) -> None:
    """The standstill is over and no objection is pending: the award is final."""
    changed = Award.objects.filter(request=request, status=AwardStatus.STANDSTILL).update(status=AwardStatus.FINAL)
    assert changed == 1, f"request {request.pk} has no award in standstill"
    _set_status(request, RequestStatus.AWARDED)
    _close_objections(held, Objection.objects.filter(award__request=request), "lapsed")
    held.append(*entries.award_final())


def lapse_award(held: Held, award: Award, reason: str) -> Award:
    """The winner let the award lapse, such as by not signing; the next in rank follows if close enough (R5.9)."""
    request = queries.request_of(held.name)
    held.append(*entries.award_declined(award.winner.label, reason))
    fall(held, request, award, AwardStatus.DECLINED)
    return award


def fall(held: Held, request: Request, award: Award, status: AwardStatus) -> None:
    """An award was declined or voided: the next in rank follows if close enough in price, else the selection fails."""
    changed = Award.objects.filter(pk=award.pk, status=award.status).update(status=status)
    assert changed == 1, f"award {award.pk} was not {award.status}"
    _close_objections(held, award.objections.all(), "award_fell")
    outcome = strategy_for(Method(request.method)).decide(queries.case_entries(held.name), ruleset(request.ruleset))
    following = _following(held, request, outcome, award)
    if following is None:
        failed = entries.failed if request.method == Method.LIVE else entries.selection_failed
        held.append(*failed(f"award_{status.value}", []))
        _set_status(request, RequestStatus.FAILED)
        news.failed(request)
        return
    winner = queries.standing_enrolments(request).get(label=following.label)
    publish_award(held, request, winner, following.amount, following.rank)


def hold_agencies(request: Request) -> None:
    """Hold the case files of all who are enrolled, by name: until this transaction ends, no standing of theirs changes.

    So nobody is awarded anything by a look at a standing that a decision is just changing. Part of a larger verb.
    """
    cases = queries.standing_enrolments(request).values("agency__case")
    list(Case.objects.filter(pk__in=cases).order_by("name").select_for_update(no_key=True).values_list("pk"))


def _following(held: Held, request: Request, outcome: Outcome, award: Award) -> Place | None:
    """The next in rank who may be selected; whoever may not is passed over, on record (R8)."""
    hold_agencies(request)
    fallen = set(request.awards.values_list("winner__label", flat=True))
    entrants = {one.label: one for one in queries.standing_enrolments(request)}
    barred = barred_among(request, entrants.values(), held.now)
    percent = ruleset(request.ruleset).standstill.next_in_rank_percent
    price = outcome.amount or award.amount
    while following := next_in_rank(outcome.ranking, fallen, price, percent):
        because = barred.get(entrants[following.label].pk)
        if because is None:
            return following
        held.append(*entries.passed_over(following.label, because))
        fallen.add(following.label)
    return None


def _close_objections(held: Held, objections: QuerySet[Objection], because: str) -> None:
    for objection in objections.filter(status__in=PENDING_OBJECTIONS).order_by("pk"):
        objection.status, objection.due_at, objection.lapses_at = ObjectionStatus.CLOSED, None, None
        objection.save(update_fields=["status", "due_at", "lapses_at"])
        held.append(*entries.objection_closed(objection.pk, because))


def _set_status(request: Request, status: RequestStatus) -> None:
    changed = Request.objects.filter(pk=request.pk, status=request.status).update(status=status)
    assert changed == 1, f"request {request.pk} was not {request.status}"
    request.status = status


def _rule(request: Request, rank: int) -> str:
    if rank > 1:
        return f"{request.method}/R5.9"
    return f"{request.method}/R5.4" if request.method == Method.LIVE else f"{request.method}/R3"
