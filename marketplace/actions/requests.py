"""Draft, publish and withdraw requests (采购需求)."""

from typing import Any

from django.db import connection, transaction

from accounts.models import Kind, Organisation, User
from core.clock import BEIJING, database_now
from core.queries import calendar
from core.text import clean
from draws.actions import open_draw
from journal.actions import Held, lock_case, lock_platform, open_case
from marketplace import entries, queries, rules, schedule
from marketplace.actions import arranging
from marketplace.checking import findings_of, never_even_kept
from marketplace.models import Attachment, Method, Request, RequestStatus
from marketplace.rulesets import CURRENT, RuleSet, ruleset

TEXTS = ("title", "scope", "deliverables", "materials", "budget_line", "cited_law", "direct_reason")
_COPIED = (
    "item",
    "region",
    "title",
    "scope",
    "deliverables",
    "materials",
    "term_workdays",
    "method",
    "ceiling",
    "public_funds",
    "budget_line",
    "cited_law",
    "direct_agency",
    "direct_price",
    "direct_reason",
)
# What is drawn by lot needs its contributions while enrolment lasts (R4): method → what its draw is called.
_DRAWN_AT_THE_CLOSE = {Method.DRAW: "随机抽取", Method.CREDIT_DRAW: "信用择优抽取"}
_CONTRIBUTORS = ("buyer", "regulator")


@transaction.atomic
def save_draft(user: User, buyer: Organisation, values: dict[str, Any], draft: Request | None = None) -> Request:
    """Keep a draft as it is; nothing of it is public yet. A department pays itself, whatever was sent (P20.7).

    Raises PolicyRefused for the one thing that is not even kept: public money selecting directly (I1, P20.6).
    """
    request = draft or Request(buyer=buyer, buyer_kind=buyer.kind, created_by=user)
    for name, value in values.items():
        setattr(request, name, clean(value) if name in TEXTS else value)
    if request.method != Method.DIRECT:
        request.direct_agency, request.direct_price, request.direct_reason = None, None, ""
    request.payer = buyer
    if buyer.kind == Kind.DEPARTMENT:
        request.public_funds = True
    rules.judge_findings(never_even_kept(request))
    request.save()
    return request


@transaction.atomic
def copy_last(user: User, buyer: Organisation) -> Request | None:
    """A new draft from what the buyer asked for last; None if there is nothing to copy."""
    last = queries.last_request_of(buyer)
    if last is None:
        return None
    return save_draft(user, buyer, {name: getattr(last, name) for name in _COPIED})


@transaction.atomic
def discard_draft(buyer: Organisation, pk: int) -> None:
    """Throw a draft away."""
    queries.draft_of(buyer, pk).delete()


def publish(user: User, buyer: Organisation, pk: int, *, numbers: RuleSet | None = None) -> Request:
    """Publish a buyer's draft: check it, number it, open its case file and plan its times.

    A department that would let an applicant pay is refused, and that it tried is on record (P20.7). Raises PolicyRefused,
    MethodNotOpen, TrusteesMissing, SameRequestOpen, AlreadyPublished or Request.DoesNotExist.
    """
    try:
        return _publish(buyer, pk, numbers=numbers)
    except rules.PolicyRefused as refused:
        if words := refused.passing_the_fee_on:
            _record_refused_payer(buyer, words)
        raise


@transaction.atomic(durable=True)
def _publish(buyer: Organisation, pk: int, *, numbers: RuleSet | None) -> Request:
    request = (
        Request.objects.select_for_update(of=["self"])
        .select_related("item", "buyer", "payer", "direct_agency__organisation", "forerunner")
        .get(pk=pk, buyer=buyer)
    )
    if request.status != RequestStatus.DRAFT:
        raise rules.AlreadyPublished(number=request.number)
    numbers = numbers or ruleset(CURRENT)
    found = findings_of(request, numbers)
    rules.judge_findings(found)
    rules.judge_method(request.method)
    trustees = arranging.trustees_for(request, numbers)
    if same := queries.same_request(request):
        raise rules.SameRequestOpen(number=same.number)
    request.number = _next_number()
    held = open_case(request.number)
    taken = queries.starts_per_half_hour(held.now)
    request.enrol_until, request.selects_at = schedule.plan(
        request.number, held.now, request.method, request.ceiling, numbers, calendar(), taken
    )
    request.case_id = held.id
    request.status, request.published_at, request.ruleset = RequestStatus.PUBLISHED, held.now, numbers.id
    request.save()
    attachments = Attachment.objects.filter(request=request).select_related("file").order_by("pk")
    noted = [finding.as_entry() for finding in found]
    held.append(*entries.published(request, numbers, request.enrol_until, request.selects_at, noted, attachments))
    if trustees is not None:
        held.append(*entries.offers_arranged(*trustees))
    _open_draw(held, request)
    return request


@transaction.atomic(durable=True)
def cancel(buyer: Organisation, number: str, reason: str) -> Request:
    """Withdraw a request while it takes enrolments; the reason is public. Raises TooLateToCancel."""
    held = lock_case(number)
    request = Request.objects.get(number=number, buyer=buyer)
    if request.status != RequestStatus.PUBLISHED or request.enrol_until is None or held.now >= request.enrol_until:
        raise rules.TooLateToCancel()
    rules.judge_complete([] if clean(reason) else ["撤回原因"])
    request.status = RequestStatus.CANCELLED
    request.save(update_fields=["status"])
    held.append(*entries.cancelled(clean(reason)))
    return request


def _open_draw(held: Held, request: Request) -> None:
    """Contributions to a draw of entrants are taken until enrolment ends (R4)."""
    method = Method(request.method)
    if method in _DRAWN_AT_THE_CLOSE:
        assert request.enrol_until is not None
        title = f"{request.title}：{_DRAWN_AT_THE_CLOSE[method]}"
        open_draw(held, f"{held.name}-D", title, request.enrol_until, _CONTRIBUTORS)


@transaction.atomic(durable=True)
def _record_refused_payer(buyer: Organisation, words: str) -> None:
    lock_platform().append(*entries.payer_refused(buyer, "notice", words))


def _next_number() -> str:
    """`GS-2026-000123`: the year in Beijing and the next of one sequence; a refusal may leave a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('marketplace_request_number')")
        (serial,) = cursor.fetchone()
    return f"GS-{database_now().astimezone(BEIJING).year}-{serial:06d}"
