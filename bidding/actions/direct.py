"""The agency that an enterprise named confirms, or declines and says why (直接选取, R3)."""

import secrets

from django.db import transaction

from accounts.models import User
from agencies.models import Agency
from bidding import entries, queries
from bidding.actions.courses.ending import close, decided, fail
from bidding.actions.progress import make_due_moves
from bidding.entries.lots import direct_confirmed, direct_declined
from bidding.models import Enrolment
from bidding.rules import picking as rules
from bidding.rules.enrolment import personal_blockers
from bidding.rules.labels import draw_label
from core.text import clean
from journal.actions import Held, lock_case
from marketplace.models import Method, Request


@transaction.atomic(durable=True)
def confirm(user: User | None, agency: Agency, number: str) -> Request:
    """Accept what was named at the price that was named: the award follows.

    Raises NotNamed, ConfirmStep, or the first of the blockers of enrolment with all of them in its facts.
    """
    held, request = _asked(agency, number)
    against = personal_blockers(queries.applicant(agency, request), queries.opening(request))
    if against:
        against[0].facts["blockers"] = [blocker.as_wire() for blocker in against]
        raise against[0]
    assert request.direct_price is not None
    enrolment = Enrolment.objects.create(
        request=request,
        agency=agency,
        label=draw_label(()),
        salt=secrets.token_bytes(32),
        enrolled_at=held.now,
        enrolled_by=user,
    )
    held.append(*entries.enrolled(enrolment.label, bytes(enrolment.salt), agency.uscc))
    held.append(*direct_confirmed(enrolment.label, request.direct_price))
    close(held, request, decided(held, request))
    return request


@transaction.atomic(durable=True)
def decline(agency: Agency, number: str, reason: str) -> Request:
    """Decline, with a reason that is public: the selection fails. Raises NotNamed, ConfirmStep or DeclineUnexplained."""
    held, request = _asked(agency, number)
    said = clean(reason)
    if not said:
        raise rules.DeclineUnexplained()
    held.append(*direct_declined(said))
    fail(held, request, "declined")
    return request


def _asked(agency: Agency, number: str) -> tuple[Held, Request]:
    """Hold the case; raises NotNamed or ConfirmStep unless this agency is asked now, whether or not a clock has run."""
    held = lock_case(number)
    make_due_moves(held)
    request = queries.request_of(number)
    if request.method != Method.DIRECT or request.direct_agency_id != agency.pk:
        raise rules.NotNamed()
    selection = getattr(request, "selection", None)
    stage, due_at = (selection.stage, selection.due_at) if selection else (None, None)
    rules.judge_confirming(stage, due_at, held.now)
    return held, request
