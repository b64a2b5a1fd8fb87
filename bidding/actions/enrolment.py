"""Enrol and leave (报名)."""

import secrets

from django.db import transaction

from accounts.models import User
from agencies.models import Agency
from bidding import entries, queries
from bidding.actions.holding import hold_if_due
from bidding.actions.offers import end_offer
from bidding.actions.plans import end_plan
from bidding.actions.traces import note_origin
from bidding.models import Enrolment
from bidding.rules.enrolment import AlreadyEnrolled, EnrolmentOver, NotEnrolled, blockers
from bidding.rules.labels import draw_label
from bidding.rules.traces import UNKNOWN, Origin
from core import clock
from journal.actions import lock_case
from marketplace.models import Request, RequestStatus


@transaction.atomic(durable=True)
def enrol(user: User | None, agency: Agency, number: str, origin: Origin = UNKNOWN) -> Enrolment:
    """Enrol `agency` in the request `number` under a fresh label.

    Raises AlreadyEnrolled, or the first Blocker with all of them in its facts.
    """
    held = lock_case(number)
    request = queries.request_of(number)
    hold_if_due(held, request)
    earlier = Enrolment.objects.filter(request=request, agency=agency).first()
    if earlier and earlier.withdrawn_at is None:
        raise AlreadyEnrolled(label=earlier.label)
    against = blockers(queries.applicant(agency, request), queries.opening(request), held.now)
    if against:
        against[0].facts["blockers"] = [blocker.as_wire() for blocker in against]
        raise against[0]
    if earlier:
        earlier.withdrawn_at, earlier.enrolled_at = None, held.now
        earlier.save(update_fields=["withdrawn_at", "enrolled_at"])
        enrolment = earlier
    else:
        taken = Enrolment.objects.filter(request=request).values_list("label", flat=True)
        enrolment = Enrolment.objects.create(
            request=request,
            agency=agency,
            label=draw_label(set(taken)),
            salt=secrets.token_bytes(32),
            enrolled_at=held.now,
            enrolled_by=user,
        )
    note_origin(enrolment, origin, held.now)
    held.append(*entries.enrolled(enrolment.label, bytes(enrolment.salt), agency.uscc))
    return enrolment


@transaction.atomic(durable=True)
def leave(agency: Agency, number: str) -> None:
    """Take an enrolment back before the deadline; raises EnrolmentOver or NotEnrolled."""
    held = lock_case(number)
    request = Request.objects.get(number=number)
    hold_if_due(held, request)
    if request.status != RequestStatus.PUBLISHED or request.enrol_until is None or held.now >= request.enrol_until:
        raise EnrolmentOver(enrol_until=clock.beijing(request.enrol_until or held.now))
    enrolment = Enrolment.objects.filter(request=request, agency=agency, withdrawn_at__isnull=True).first()
    if enrolment is None:
        raise NotEnrolled()
    enrolment.withdrawn_at = held.now
    enrolment.save(update_fields=["withdrawn_at"])
    end_offer(held, enrolment)
    end_plan(held, enrolment)
    held.append(*entries.left(enrolment.label))
