"""A case file as OCDS releases: each entry that changes the procurement yields one. Pure.

A release says only what its entry changed; `merging.compiled` adds them up to what holds now. Its `id` is `<number>-<seq>` of the entry,
its `date` the entry's moment. Entries of one moment stand microseconds apart, in their order, so that whoever sorts releases by date
merges them as they happened. What changes no procurement (hidden floors, keys, marks, reminders) yields none; sealed offers
are counted only after the deadline, as on pages.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from opendata.rules import carrying_out, notices, selecting
from opendata.rules.course import Course, Data, Line, Part
from opendata.rules.shapes import LANGUAGE, Facts, Release

Rule = Callable[[Course, Data], Part | None]

RULES: dict[str, Rule] = {
    "request.published": notices.published,
    "request.changed": notices.changed,
    "request.cancelled": notices.cancelled,
    "request.extended": notices.extended,
    "request.enrolled": notices.enrolled,
    "request.left": notices.left,
    "enrolment.barred": notices.left,
    "question.asked": notices.asked,
    "question.answered": notices.answered,
    "auction.opened": selecting.begun,
    "auction.extended": selecting.prolonged,
    "auction.resumes": selecting.prolonged,
    "tie_out.opened": selecting.prolonged,
    "bid.placed": selecting.placed,
    "bidder.barred": selecting.barred,
    "offers.closed": selecting.offers_closed,
    "offers.opened": selecting.opened,
    "tie_out.closed": selecting.tie_out,
    "low.decided": selecting.low_decided,
    "direct.confirmed": selecting.confirmed,
    "shortlist.drawn": selecting.short_listed,
    "auction.closed": selecting.closed,
    "selection.closed": selecting.closed,
    "auction.failed": selecting.failed,
    "selection.failed": selecting.failed,
    "award.published": selecting.awarded,
    "award.final": selecting.final,
    "award.declined": selecting.fell,
    "award.voided": selecting.fell,
    "contract.drafted": carrying_out.drafted,
    "contract.signed": carrying_out.signed,
    "contract.changed": carrying_out.changed,
    "contract.completed": carrying_out.ended,
    "contract.terminated": carrying_out.ended,
    "contract.reopened": carrying_out.reopened,
    "delivery.made": carrying_out.delivered,
    "acceptance.decided": carrying_out.decided,
    "extension.answered": carrying_out.granted,
    "payment.paid": carrying_out.paid,
    "payment.refunded": carrying_out.returned,
    "payment.refund_failed": carrying_out.kept,
    "payment.disputed": carrying_out.disputed,
}

# What can only be said of an award that was published.
_AFTER_AN_AWARD = frozenset({"award.final", "award.declined", "award.voided"}) | {
    kind for kind, rule in RULES.items() if rule.__module__ == carrying_out.__name__
}
_STEP = timedelta(microseconds=1)


def releases(facts: Facts, lines: Iterable[Line]) -> Iterator[Release]:
    """The releases of a case file's entries, given in order from the first."""
    course, last = Course(facts), datetime.min.replace(tzinfo=UTC)
    for line in lines:
        rule = RULES.get(line.kind)
        if rule is None or not _has_its_place(course, line.kind):
            continue
        moment = max(line.at.astimezone(UTC), last + _STEP)
        course.at, course.release = date(moment), f"{facts.number}-{line.seq}"
        part = rule(course, line.data)
        if part is not None:
            last = moment
            yield {
                "ocid": facts.ocid,
                "id": course.release,
                "date": course.at,
                "tag": list(part.tags),
                "initiationType": "tender",
                "language": LANGUAGE,
                **part.body,
            }


def _has_its_place(course: Course, kind: str) -> bool:
    """Nothing comes before the notice, and no contract before an award."""
    return bool(course.awards) if kind in _AFTER_AN_AWARD else bool(course.notice) or kind == "request.published"


def date(moment: datetime) -> str:
    """RFC 3339 in UTC, always with six digits: texts sort as moments do."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
