"""Publish an award and bring its standstill to an end (R5.9). Parts of larger verbs: the case is held by the caller."""

from bidding import entries
from bidding.models import Award, AwardStatus, Enrolment
from core.queries import calendar
from journal.actions import Held
from marketplace.models import Request, RequestStatus
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
    Request.objects.filter(pk=request.pk).update(status=RequestStatus.STANDSTILL)
    request.status = RequestStatus.STANDSTILL
    return award


def finish(held: Held, request: Request) -> None:
    """The standstill is over and no objection is pending: the award is final."""
    changed = Award.objects.filter(request=request, status=AwardStatus.STANDSTILL).update(status=AwardStatus.FINAL)
    assert changed == 1, f"request {request.pk} has no award in standstill"
    Request.objects.filter(pk=request.pk).update(status=RequestStatus.AWARDED)
    request.status = RequestStatus.AWARDED
    held.append(*entries.award_final())


def _rule(request: Request, rank: int) -> str:
    return f"{request.method}/R5.4" if rank == 1 else f"{request.method}/R5.9"
