"""Reads of the catalogue and of requests. One door to each object: absent and not yours look the same."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organisation
from agencies.models import Agency, Standing
from core.models import StoredFile
from core.text import clean
from journal.models import Entry
from journal.queries import record
from marketplace.models import (
    OPEN_STATUSES,
    Attachment,
    ItemLock,
    ItemStatus,
    Method,
    Offering,
    Request,
    RequestStatus,
    ServiceItem,
)
from marketplace.rulesets import ruleset

WITHOUT_AWARD = (RequestStatus.FAILED, RequestStatus.CANCELLED)
COMPETITIVE = (Method.LIVE, Method.SEALED, Method.AVERAGE, Method.MERIT)
# Reasons of a failed selection that say that too few came or that nobody offered what could be taken.
UNANSWERED_BY_THE_MARKET = ("too_few_entrants", "no_bids", "too_few_offers", "no_offers", "no_valid_offers")
_GANSU = "62"
_USCC = re.compile(r"[0-9A-Z]{18}")


def record_of(request: Request) -> Iterator[bytes]:
    """The request's case file as a record, with the rule set that its award follows from (docs/verify.md)."""
    assert request.number is not None
    numbers = ruleset(request.ruleset)
    return record(request.number or "", (numbers.id, numbers.toml))


def items_in_public() -> QuerySet[ServiceItem]:
    """Retained items, in code order."""
    return ServiceItem.objects.filter(status=ItemStatus.PUBLISHED)


def item_departments() -> list[tuple[str, str]]:
    """The departments that retained items belong to, as choices."""
    found = items_in_public().order_by("department_zh").values_list("department_zh", flat=True).distinct()
    return [(name, name) for name in found]


def cancelled_items() -> QuerySet[ServiceItem]:
    """Items that nobody may demand any more (P18.1)."""
    return ServiceItem.objects.filter(status=ItemStatus.CANCELLED)


def item_in_public(code: str) -> ServiceItem:
    """A retained or cancelled item; one under revision is shown as such, an unknown one is a 404."""
    return get_object_or_404(ServiceItem.objects.prefetch_related("required"), code=code)


def items_with_counts() -> QuerySet[ServiceItem]:
    """Retained items with how many agencies offer them and how many requests are open."""
    offering = Offering.objects.filter(item=OuterRef("pk"))
    taking = Request.objects.filter(item=OuterRef("pk"), status__in=OPEN_STATUSES)
    # Counted apart: joined, each offering would meet each request.
    return items_in_public().annotate(agency_count=_counted(offering), open_count=_counted(taking))


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(one=Func(template="count(*)", output_field=IntegerField())).values("one")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def requests_in_public() -> QuerySet[Request]:
    """Every request but drafts, the newest first."""
    return (
        Request.objects.exclude(status=RequestStatus.DRAFT)
        .select_related("buyer", "item", "region")
        .order_by("-published_at", "-id")
    )


def request_in_public(number: str) -> Request:
    """The request of that number; a 404 for drafts and unknown numbers."""
    related = ("buyer", "item", "region", "payer", "case", "forerunner")
    return get_object_or_404(Request.objects.select_related(*related), number=number)


def draft_of(organisation: Organisation, pk: int) -> Request:
    """A buyer's own draft; raises Http404."""
    drafts = Request.objects.select_related("item", "buyer", "region", "payer")
    return get_object_or_404(drafts, pk=pk, buyer=organisation, status=RequestStatus.DRAFT)


def draft_to_change(organisation: Organisation, pk: int) -> Request:
    """The same, held until the transaction ends, so that what was read of it stays true; raises Http404."""
    held = Request.objects.select_for_update(of=("self",)).filter(buyer=organisation, status=RequestStatus.DRAFT)
    return get_object_or_404(held, pk=pk)


def own_request(organisation: Organisation, number: str) -> Request:
    """A buyer's own published request; raises Http404."""
    found = request_in_public(number)
    if found.buyer_id != organisation.pk:
        raise Http404(number)
    return found


def drafts_of(organisation: Organisation) -> QuerySet[Request]:
    """A buyer's drafts, the newest first."""
    return Request.objects.filter(buyer=organisation, status=RequestStatus.DRAFT).select_related("item").order_by("-id")


def last_request_of(organisation: Organisation) -> Request | None:
    """What the buyer asked for last, to copy from."""
    return Request.objects.filter(buyer=organisation).exclude(number=None).order_by("-id").first()


def same_request(request: Request) -> Request | None:
    """An open request of the same buyer, item and title: the one this draft would repeat."""
    same = Request.objects.filter(
        buyer_id=request.buyer_id, item_id=request.item_id, title=request.title, status__in=OPEN_STATUSES
    )
    return same.exclude(pk=request.pk).first()


def named_agency(text: str) -> Agency | None:
    """The agency that a buyer names, by USCC, by its whole name, or by a part that fits one agency only."""
    agencies = Agency.objects.select_related("organisation")
    if code := _USCC.search(text.upper()):
        return agencies.filter(organisation__uscc=code.group()).first()
    name = clean(text)
    if not name:
        return None
    if whole := agencies.filter(organisation__name=name).first():
        return whole
    some = list(agencies.filter(organisation__name__contains=name)[:2])
    return some[0] if len(some) == 1 else None


def agencies_coded(usccs: Sequence[str]) -> list[Agency]:
    """The agencies of these codes, in their order; codes that nobody bears are left out."""
    rows = Agency.objects.filter(organisation__uscc__in=usccs).select_related("organisation")
    found = {one.uscc: one for one in rows}
    return [found[code] for code in usccs if code in found]


def agencies_like(text: str, item: str = "") -> QuerySet[Agency]:
    """Agencies to suggest for a name, a USCC or initials; those that offer the item come first."""
    asked = clean(text)
    found = Agency.objects.filter(
        Q(organisation__name__contains=asked)
        | Q(organisation__uscc__startswith=asked.upper())
        | Q(pinyin__startswith=asked.lower())
    ).select_related("organisation")
    offering = Exists(Offering.objects.filter(agency=OuterRef("pk"), item_id=item))
    return found.annotate(offering=offering).order_by("-offering", "organisation__name")


def forerunner_for(request: Request) -> Request | None:
    """What a draft repeats: the buyer's request for the same item under the same title that ended without an award.

    Of several, the newest that has no successor in public yet. A buyer need not say it: the link is made (R3).
    """
    ended = Request.objects.filter(
        buyer_id=request.buyer_id, item_id=request.item_id, title=request.title, status__in=WITHOUT_AWARD
    )
    followed = Request.objects.filter(forerunner=OuterRef("pk")).exclude(status=RequestStatus.DRAFT)
    return ended.exclude(Exists(followed)).order_by("-published_at", "-id").first()


def followed_by(request: Request) -> Request | None:
    """What a request follows: its forerunner, or for a draft the one that it will be linked to when it is published."""
    draft = request.status == RequestStatus.DRAFT
    return request.forerunner or (forerunner_for(request) if draft else None)


def forerunners_of(request: Request) -> list[Request]:
    """The requests that this one repeats, the last before it first. For a draft, those it will be linked to."""
    found: list[Request] = []
    before = followed_by(request)
    while before is not None and before not in found:
        found.append(before)
        before = before.forerunner
    return found


def successors_of(request: Request) -> list[Request]:
    """The requests that repeat this one, the next first; drafts are nobody's business."""
    found: list[Request] = []
    after = _successor(request)
    while after is not None and after not in found:
        found.append(after)
        after = _successor(after)
    return found


def failed_tries(request: Request) -> int:
    """How many tries by competition failed along the chain of forerunners of `request`, a draft or in public (R3, `draw`).

    Only tries for the same item count, and only where the market did not answer: neither a request that its buyer withdrew or
    let fail by its silence, nor one whose award fell, nor one by draw, by credit or direct.
    """
    return _failed(forerunners_of(request), request.item_id)


def failed_tries_from(last: Request | None) -> int:
    """The same for what is to follow `last`, while it is no request yet."""
    return 0 if last is None else _failed([last, *forerunners_of(last)], last.item_id)


def _failed(chain: list[Request], item: str) -> int:
    tries = [
        one.number
        for one in chain
        if one.item_id == item and one.status == RequestStatus.FAILED and one.method in COMPETITIVE
    ]
    ended = Entry.objects.filter(case__name__in=tries, kind__in=("auction.failed", "selection.failed"))
    return sum(entry.data["reason"] in UNANSWERED_BY_THE_MARKET for entry in ended)


def _successor(request: Request) -> Request | None:
    return Request.objects.filter(forerunner=request).exclude(status=RequestStatus.DRAFT).first()


def agencies_offering(item: ServiceItem) -> QuerySet[Agency]:
    """Agencies that offer the item and may bid."""
    may_bid = [standing for standing in Standing if standing.may_bid]
    return Agency.objects.filter(offerings__item=item, standing__in=may_bid).select_related("organisation__region")


def locks_in_force(now: datetime) -> QuerySet[ItemLock]:
    """The locks of agencies and items that hold at `now` (R8)."""
    return ItemLock.objects.filter(Q(until__isnull=True) | Q(until__gt=now), lifted_at__isnull=True)


def locked(agency_id: int, item_id: str, now: datetime) -> ItemLock | None:
    """What keeps the agency from being selected for the item at `now`; None if nothing does (R8)."""
    return locks_in_force(now).filter(agency_id=agency_id, item_id=item_id).first()


def matching_agencies(item_code: str) -> tuple[int, int]:
    """`(how many offer the item, how many of them come from other provinces)`."""
    may_bid = [standing for standing in Standing if standing.may_bid]
    offering = Offering.objects.filter(item_id=item_code, agency__standing__in=may_bid)
    outside = offering.exclude(agency__organisation__region__code__startswith=_GANSU)
    return offering.count(), outside.count()


def starts_per_half_hour(since: datetime) -> dict[datetime, int]:
    """How many selections start in each half hour after `since` (R5.10)."""
    counts: dict[datetime, int] = {}
    waiting = (RequestStatus.PUBLISHED, RequestStatus.SELECTING)
    planned = Request.objects.filter(status__in=waiting, selects_at__gte=since)
    for at in planned.values_list("selects_at", flat=True):
        if at is not None:
            half = at - timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
            counts[half] = counts.get(half, 0) + 1
    return counts


def shows_file(stored: StoredFile) -> bool:
    """Does some request in public show it? A draft's attachments are nobody's business yet."""
    return Attachment.objects.filter(file=stored).exclude(request__status=RequestStatus.DRAFT).exists()


def failed_before(request: Request) -> int:
    """How many competitive tries for the same failed before, along the forerunners without a gap (R3)."""
    count, seen, earlier = 0, {request.pk}, request.forerunner
    while earlier is not None and earlier.pk not in seen and earlier.status == RequestStatus.FAILED:
        count += earlier.method in COMPETITIVE
        seen.add(earlier.pk)
        earlier = earlier.forerunner
    return count


def method_named(value: object) -> Method:
    """The selection method of that code; the live auction where it is none."""
    return Method(value) if value in Method.values else Method.LIVE


def item_named(value: object) -> ServiceItem | None:
    """The item that a form's value means: an item, its code, or nothing yet."""
    if isinstance(value, ServiceItem):
        return value
    return ServiceItem.objects.filter(code=value).first() if isinstance(value, str) and value else None
