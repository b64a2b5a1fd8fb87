"""Reads about objections to an award: which steps are whose now (R5.9)."""

import contextlib
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404

from accounts.models import Kind, Organisation, User
from accounts.queries import organisation_of
from bidding.models import PENDING_OBJECTIONS, Award, AwardStatus, Objection, ObjectionStatus
from bidding.queries import standing_enrolments
from bidding.rules.objections import Step, judge_step
from core import clock
from core.errors import Refused
from marketplace.models import Request, RequestStatus


def objection_doors(request: Request, award: Award | None, user: User | AnonymousUser) -> dict[str, Any]:
    """What the reader may do about an award: object, decline, and for each objection the steps that are theirs now."""
    organisation = organisation_of(user)
    if award is None or organisation is None:
        return {"can_object": False, "can_decline": False, "steps": {}}
    now = clock.database_now()
    standing = award.status == AwardStatus.STANDSTILL and now < award.standstill_until
    winner = award.winner.agency.organisation_id == organisation.pk
    unsigned = request.status in (RequestStatus.STANDSTILL, RequestStatus.AWARDED)
    entered = standing_enrolments(request).filter(agency__organisation=organisation).exists()
    own_pending = award.objections.filter(by=organisation, status__in=PENDING_OBJECTIONS).exists()
    return {
        "can_object": standing and entered and not winner and not own_pending,
        "can_decline": winner and unsigned and award.status in (AwardStatus.STANDSTILL, AwardStatus.FINAL),
        "steps": {
            objection.pk: _steps(objection, request, organisation, now)
            for objection in Objection.objects.filter(award__request=request)
        },
    }


def _steps(objection: Objection, request: Request, organisation: Organisation, now: datetime) -> list[str]:
    """The steps that this organisation could take now; the action judges again under the lock."""
    by_whom = {
        Step.ANSWER: organisation.pk == request.buyer_id,
        Step.COMPLAIN: organisation.pk == objection.by_id,
        Step.WITHDRAW: organisation.pk == objection.by_id,
        Step.DECIDE: organisation.kind == Kind.REGULATOR,
        Step.EXTEND: organisation.kind == Kind.REGULATOR,
    }
    found = []
    for step, theirs in by_whom.items():
        with contextlib.suppress(Refused):
            if theirs:
                status = ObjectionStatus(objection.status)
                judge_step(step, status, now=now, due_at=objection.due_at, extended=objection.extended)
                found.append(step.name.lower())
    return found


def objection_in_public(pk: int) -> Objection:
    """One objection; raises Http404."""
    return get_object_or_404(Objection.objects.select_related("award__request"), pk=pk)
