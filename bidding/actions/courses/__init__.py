"""What happens between the end of enrolment and the result: one course for each selection method (R3).

A course is what `Strategy` is not: it writes. Both are found by the same enum. All of it runs under the case lock.
"""

from typing import Protocol, assert_never

from bidding.actions.courses.average import AverageCourse
from bidding.actions.courses.credit_draw import CreditDrawCourse
from bidding.actions.courses.direct import DirectCourse
from bidding.actions.courses.draw import DrawCourse
from bidding.actions.courses.live import LiveCourse
from bidding.actions.courses.merit import MeritCourse
from bidding.actions.courses.sealed import SealedCourse
from journal.actions import Held
from marketplace.models import Method, Request


class Course(Protocol):
    """How a selection goes on. Parts of larger verbs: the case is held by the caller."""

    def begin(self, held: Held, request: Request) -> None:
        """Enrolment is over with enough entrants; the request is `selecting` from now on."""

    def go_on(self, held: Held, request: Request) -> None:
        """What it waited for is there, or its time has come: make the next move.

        Must leave the selection ended, or waiting for something that is not due at `held.now`.
        """


def course_of(method: Method) -> Course:
    """The course of a method."""
    match method:
        case Method.LIVE:
            return LiveCourse()
        case Method.SEALED:
            return SealedCourse()
        case Method.AVERAGE:
            return AverageCourse()
        case Method.MERIT:
            return MeritCourse()
        case Method.DRAW:
            return DrawCourse()
        case Method.CREDIT_DRAW:
            return CreditDrawCourse()
        case Method.DIRECT:
            return DirectCourse()
        case _:
            assert_never(method)
