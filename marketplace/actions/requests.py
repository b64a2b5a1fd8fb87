"""Draft, publish and offer again requests (采购需求). What happens to them afterwards stands in `bidding`."""

from contextlib import suppress
from typing import Any

from django.db import connection, transaction

from accounts.models import Kind, Organisation, User
from core.clock import BEIJING, database_now
from core.queries import calendar
from core.text import clean
from draws.actions import open_draw
from journal.actions import Held, lock_case, lock_platform, open_case
from marketplace import entries, queries, readiness, rules, schedule
from marketplace.actions import arranging
from marketplace.checking import findings_of, never_even_kept
from marketplace.models import Attachment, Method, Request, RequestStatus
from marketplace.policy.weights import FIELDS, defaults
from marketplace.rulesets import CURRENT, Merit, RuleSet, ruleset

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
    "weight_price",
    "weight_quality",
    "weight_credit",
)
# What is drawn by lot needs its contributions while enrolment lasts (R4): method → end of its draw's name, and title.
_DRAWN_AT_THE_CLOSE = {
    Method.DRAW: ("D", "随机抽取"),
    Method.CREDIT_DRAW: ("D", "信用择优抽取"),
    Method.AVERAGE: ("F", "均价系数抽取"),
    Method.MERIT: ("E", "评审专家抽取"),
}
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
        request.compared = []
    _weigh(request)
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
    return None if last is None else _copy(user, buyer, last)


@transaction.atomic(durable=True)
def reoffer(user: User, buyer: Organisation, number: str) -> Request:
    """A draft that repeats a failed or withdrawn request of the buyer and is linked to it; the same one when asked again.

    Raises NotOver, ReofferedAlready or Request.DoesNotExist.
    """
    lock_case(number)
    ended = Request.objects.get(number=number, buyer=buyer)
    if ended.status not in queries.WITHOUT_AWARD:
        raise rules.NotOver()
    follower = Request.objects.filter(forerunner=ended).first()
    if follower is not None and follower.status != RequestStatus.DRAFT:
        raise rules.ReofferedAlready(number=follower.number)
    return follower or _copy(user, buyer, ended, forerunner=ended)


@transaction.atomic
def discard_draft(buyer: Organisation, pk: int) -> None:
    """Throw a draft away."""
    queries.draft_of(buyer, pk).delete()


def publish(user: User, buyer: Organisation, pk: int, *, numbers: RuleSet | None = None) -> Request:
    """Publish a buyer's draft: check it, number it, open its case file and plan its times.

    A department that would let an applicant pay is refused, and that it tried is on record (P20.7). Raises PolicyRefused,
    TrusteesMissing, ExpertsMissing, SameRequestOpen, ReofferedAlready, AlreadyPublished or Request.DoesNotExist; and what the
    packages above say (`readiness`).
    """
    try:
        while True:
            with suppress(_AnotherForerunner):
                return _publish(user, buyer, pk, numbers=numbers)
    except rules.PolicyRefused as refused:
        if words := refused.passing_the_fee_on:
            _record_refused_payer(buyer, words)
        raise


class _AnotherForerunner(Exception):
    """What the draft follows changed while its case file was waited for: look again."""


@transaction.atomic(durable=True)
def _publish(user: User, buyer: Organisation, pk: int, *, numbers: RuleSet | None) -> Request:
    # What is followed is held before the draft itself: two drafts that follow the same one never wait for each other.
    followed = queries.followed_by(Request.objects.get(pk=pk, buyer=buyer))
    before = lock_case(followed.number or "") if followed else None
    request = (
        Request.objects.select_for_update(of=["self"])
        .select_related("item", "buyer", "payer", "direct_agency__organisation", "forerunner")
        .get(pk=pk, buyer=buyer)
    )
    if request.status != RequestStatus.DRAFT:
        raise rules.AlreadyPublished(number=request.number)
    if queries.followed_by(request) != followed:
        raise _AnotherForerunner
    numbers = numbers or ruleset(CURRENT)
    found = findings_of(request, numbers)
    rules.judge_findings(found)
    trustees = arranging.trustees_for(request, numbers)
    readiness.judge(request, numbers)
    if same := queries.same_request(request):
        raise rules.SameRequestOpen(number=same.number)
    _link(request, followed)
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
    readiness.complete(held, request, user)
    if before is not None:
        before.append(*entries.reoffered(request.number))
    return request


def _copy(user: User, buyer: Organisation, source: Request, forerunner: Request | None = None) -> Request:
    """A draft that says what `source` said, with its files."""
    draft = Request(buyer=buyer, buyer_kind=buyer.kind, created_by=user, forerunner=forerunner)
    kept = save_draft(user, buyer, {name: getattr(source, name) for name in _COPIED}, draft)
    if forerunner is not None:
        files = source.attachments.order_by("pk")
        Attachment.objects.bulk_create([Attachment(request=kept, file_id=a.file_id, name=a.name) for a in files])
    return kept


def _link(request: Request, followed: Request | None) -> None:
    """What is published again after it failed or was withdrawn follows its forerunner, said or not.

    A draft that waits to follow the same one gives its place up to what is published first.
    """
    if followed is None:
        return
    request.forerunner = followed
    others = Request.objects.filter(forerunner=followed).exclude(pk=request.pk)
    if published := others.exclude(status=RequestStatus.DRAFT).first():
        raise rules.ReofferedAlready(number=published.number)
    others.update(forerunner=None)


def _weigh(request: Request) -> None:
    """Only a 综合比选 weighs; one that says nothing weighs as the rule set proposes."""
    if request.method != Method.MERIT:
        request.weight_price = request.weight_quality = request.weight_credit = None
    elif request.weight_price is request.weight_quality is request.weight_credit is None:
        proposed = defaults(ruleset(CURRENT).of(Merit))
        for part, field in FIELDS.items():
            setattr(request, field, proposed[part])


def _open_draw(held: Held, request: Request) -> None:
    """Contributions to a draw of entrants are taken until enrolment ends (R4)."""
    method = Method(request.method)
    if method in _DRAWN_AT_THE_CLOSE:
        assert request.enrol_until is not None
        which, what = _DRAWN_AT_THE_CLOSE[method]
        open_draw(held, f"{held.name}-{which}", f"{request.title}：{what}", request.enrol_until, _CONTRIBUTORS)


@transaction.atomic(durable=True)
def _record_refused_payer(buyer: Organisation, words: str) -> None:
    lock_platform().append(*entries.payer_refused(buyer, "notice", words))


def _next_number() -> str:
    """`GS-2026-000123`: the year in Beijing and the next of one sequence; a refusal may leave a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('marketplace_request_number')")
        (serial,) = cursor.fetchone()
    return f"GS-{database_now().astimezone(BEIJING).year}-{serial:06d}"
