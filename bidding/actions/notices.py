"""A buyer changes or withdraws what it has published, in public, while enrolment is open (R3)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Organisation
from bidding import announcements, news, queries
from bidding.actions.holding import follow_enrolment, hold_if_due
from bidding.actions.offers import end_offer
from bidding.actions.plans import end_plan
from bidding.methods import strategy_for
from bidding.rules import notices as judge
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from marketplace import changes, entries, rules, schedule
from marketplace.actions.requests import TEXTS
from marketplace.checking import findings_of
from marketplace.models import Method, Request, RequestStatus
from marketplace.queries import same_request, starts_per_half_hour
from marketplace.rulesets import ruleset


def change(buyer: Organisation, number: str, values: dict[str, Any], reason: str) -> Request:
    """Change a published request: `values` of the fields in `marketplace.changes.CHANGEABLE`, and why, for everybody to read.

    The deadline is the method's notice from now again, never an earlier one than before. Raises NoticeIsOver,
    FixedAtPublication, TooManyChanges, NothingChanged, PolicyRefused, TextNotForTheCaseFile, SameRequestOpen or
    Request.DoesNotExist. A department that would let an applicant pay is refused, and that it tried is on record (P20.7).
    """
    try:
        return _change(buyer, number, values, reason)
    except rules.PolicyRefused as refused:
        if words := refused.passing_the_fee_on:
            _record_refused_payer(buyer, number, words)
        raise


@transaction.atomic(durable=True)
def _change(buyer: Organisation, number: str, values: dict[str, Any], reason: str) -> Request:
    held, request = _own(buyer, number)
    _judge_change(held, request, values)
    before = changes.said(request)
    for name, value in values.items():
        setattr(request, name, clean(value) if name in TEXTS else value)
    made = changes.differences(before, changes.said(request))
    if not made:
        raise judge.NothingChanged()
    reason = _public(request, reason)
    found = findings_of(request, ruleset(request.ruleset))
    rules.judge_findings(found)
    _judge_anew(request)
    request.enrol_until, request.selects_at = _new_times(held, request)
    request.save(update_fields=[*changes.CHANGEABLE, "enrol_until", "selects_at"])
    noted = [finding.as_entry() for finding in found]
    held.append(*entries.changed(made, request.enrol_until, request.selects_at, reason, noted))
    _give_back(held, request)
    follow_enrolment(held, request)
    news.changed(request)
    return request


def _give_back(held: Held, request: Request) -> None:
    """What was sealed for another notice binds nobody: prices and plans are given anew."""
    for enrolment in queries.standing_enrolments(request).order_by("label"):
        end_offer(held, enrolment)
        end_plan(held, enrolment)


@transaction.atomic(durable=True)
def cancel(buyer: Organisation, number: str, reason: str) -> Request:
    """Withdraw a request while it takes enrolments; the reason is public, and entrants are told. Raises TooLateToCancel."""
    held, request = _own(buyer, number)
    if request.status != RequestStatus.PUBLISHED or request.enrol_until is None or held.now >= request.enrol_until:
        raise rules.TooLateToCancel()
    rules.judge_complete([] if clean(reason) else ["撤回原因"])
    reason = _public(request, reason)
    request.status = RequestStatus.CANCELLED
    request.save(update_fields=["status"])
    held.append(*entries.cancelled(reason))
    news.withdrawn(request)
    return request


def _own(buyer: Organisation, number: str) -> tuple[Held, Request]:
    held = lock_case(number)
    request = Request.objects.select_related("item", "buyer").get(number=number, buyer=buyer)
    hold_if_due(held, request)
    return held, request


def _judge_change(held: Held, request: Request, values: dict[str, Any]) -> None:
    assert request.enrol_until is not None
    judge.judge_open(RequestStatus(request.status), request.enrol_until, held.now)
    if fixed := sorted(values.keys() - {*changes.CHANGEABLE}):
        raise judge.FixedAtPublication(fields="、".join(fixed))
    numbers = announcements.numbers_of(request)
    if numbers is None:
        raise judge.NoticeIsOver()
    judge.judge_changes(announcements.changes_of(held.name).count(), numbers)


def _judge_anew(request: Request) -> None:
    """What publication asked of a method, and that nothing is asked for twice, is asked of what has changed too."""
    strategy_for(Method(request.method)).accepts(
        government=request.government, ceiling=request.ceiling, numbers=ruleset(request.ruleset)
    )
    if same := same_request(request):
        raise rules.SameRequestOpen(number=same.number)


def _new_times(held: Held, request: Request) -> tuple[datetime, datetime]:
    """The method's notice counted from now; what was announced stands where that is no later."""
    assert request.enrol_until is not None
    numbers, taken = ruleset(request.ruleset), starts_per_half_hour(held.now)
    until, selects_at = schedule.plan(held.name, held.now, request.method, request.ceiling, numbers, calendar(), taken)
    if until <= request.enrol_until:
        return request.enrol_until, request.selects_at or request.enrol_until
    return until, selects_at


def _public(request: Request, reason: str) -> str:
    """The reason as the case file keeps it; raises TextTooLong or TextNotForTheCaseFile."""
    numbers = announcements.numbers_of(request)
    text = clean(reason)
    judge.judge_text(text, numbers.reason_longest if numbers else 500)
    return text


@transaction.atomic(durable=True)
def _record_refused_payer(buyer: Organisation, number: str, words: str) -> None:
    lock_case(number).append(*entries.payer_refused(buyer, "notice", words))
