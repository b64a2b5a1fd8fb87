"""Experts mark unnamed plans, once, sealed until all have; or declare a conflict, and the next of the order follows (R3)."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from bidding import experts, plans, queries
from bidding.actions.courses import seating
from bidding.actions.courses.merit import marks_are_in
from bidding.entries import merit as entries
from bidding.models import Gone, Seat, Stage
from bidding.rules.marking import judge_sitting, read_marks
from journal.actions import Held, lock_case
from journal.awards.experts import commitment
from marketplace.models import Request

_SALT_BYTES = 32


@transaction.atomic(durable=True)
def give_marks(user: User, number: str, sent: Mapping[str, Mapping[str, Any]]) -> Seat:
    """An expert's marks for every plan, `{label: {"points", "reason"}}`; those of the last one publish all.

    Raises NotAnExpertHere, MarksGiven, MarksLate, MarksStrange or MarksIncomplete.
    """
    held, request, seat = _hold(user, number)
    labels = [one.enrolment.label for one in plans.with_a_price(request)]
    seat.marks, seat.salt, seat.given_at = read_marks(sent, labels), secrets.token_bytes(_SALT_BYTES), held.now
    seat.commitment = commitment(seat.salt, seat.marks)
    seat.save(update_fields=["marks", "salt", "given_at", "commitment"])
    held.append(*entries.marks_given(seat.expert.code, seat.commitment))
    if experts.waited_for(experts.sitting(request)):
        seating.wait_for_the_rest(request)
    else:
        marks_are_in(held, request)
    return seat


@transaction.atomic(durable=True)
def recuse(user: User, number: str) -> None:
    """An expert declares a conflict of interest before giving marks; it takes no reason, and has none on record.

    Raises NotAnExpertHere, MarksGiven or MarksLate.
    """
    held, request, seat = _hold(user, number)
    seating.replace(held, request, seat, Gone.CONFLICT)


def _hold(user: User, number: str) -> tuple[Held, Request, Seat]:
    """The case held, and the seat that the user may act from now."""
    held = lock_case(number)
    request = queries.request_of(number)
    seat = experts.seat_of(user, request)
    selection = getattr(request, "selection", None)
    scoring = selection is not None and selection.stage == Stage.SCORING
    judge_sitting(experts.as_sitting(seat), held.now, scoring=scoring)
    assert seat is not None
    return held, request, seat
