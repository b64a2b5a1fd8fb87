"""Tell those who wait for such a request that it is in public: saved searches that find it, agencies that offer its item.

A follower of the journal notes each published request; a chore goes through searches and agencies a slice at a time, so that
it never holds the clock up however many there are. Nobody hears of the same request twice.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import tell
from agencies.models import Agency, Standing
from core.clock import beijing_minute, database_now
from journal.following import follow
from journal.models import Entry
from marketplace import saved
from marketplace.entries import Kind
from marketplace.models import Alert, Announcement, Request, RequestStatus, SavedSearch

FOLLOWER = "alerts"
_SEARCHES, _AGENCIES = 50, 200


def note_published() -> int:
    """Note the requests published or changed since the last time; returns how many entries were read."""
    return follow(FOLLOWER, _note)


@transaction.atomic(durable=True)
def announce() -> bool:
    """Tell the next slice of those who wait for the oldest request noted; False if there is nothing to tell."""
    waiting = Announcement.objects.select_for_update(skip_locked=True, of=["self"]).filter(done_at__isnull=True)
    found = waiting.select_related("request__item").order_by("pk").first()
    if found is None:
        return False
    request = found.request
    if request.status != RequestStatus.PUBLISHED or not (_searches(found) or _agencies(found)):
        found.done_at = database_now()
    found.save()
    return True


def _note(entries: Sequence[Entry]) -> None:
    kinds = (Kind.PUBLISHED, Kind.CHANGED)
    numbers = [entry.case.name for entry in entries if entry.kind in kinds]
    requests = Request.objects.filter(number__in=numbers).order_by("pk")
    # A changed notice may fit where the first did not: gone through again, and nobody told twice.
    Announcement.objects.bulk_create(
        [Announcement(request=request) for request in requests],
        update_conflicts=True,
        unique_fields=["request"],
        update_fields=["searches", "agencies", "done_at"],
    )


def _searches(found: Announcement) -> bool:
    """Go through the next saved searches; were there any?"""
    waiting = SavedSearch.objects.filter(list=saved.REQUESTS, stopped_at__isnull=True, pk__gt=found.searches)
    slice_ = list(waiting.exclude(organisation=found.request.buyer_id).order_by("pk")[:_SEARCHES])
    if slice_:
        found.searches = slice_[-1].pk
        finds = _finder(found.request)
        fitting = {one.organisation_id: one.name for one in reversed(slice_) if finds(one.query)}
        subject = gettext_noop("订阅“%(name)s”有新需求：%(title)s（报名截止 %(until)s）")
        for organisation in _untold(found.request, fitting):
            _tell(found.request, organisation, subject, "search.matched", name=fitting[organisation])
    return bool(slice_)


def _agencies(found: Announcement) -> bool:
    """Go through the next agencies that offer the item and may bid; were there any?"""
    may_bid = [standing for standing in Standing if standing.may_bid]
    offering = Agency.objects.filter(
        offerings__item=found.request.item_id, standing__in=may_bid, withdrawn_at__isnull=True, pk__gt=found.agencies
    )
    slice_ = list(offering.order_by("pk").values_list("pk", "organisation_id")[:_AGENCIES])
    if slice_:
        found.agencies = slice_[-1][0]
        subject = gettext_noop("符合您的服务事项%(item)s：%(title)s（报名截止 %(until)s）")
        for organisation in _untold(found.request, [one for _pk, one in slice_]):
            _tell(found.request, organisation, subject, "request.matching", item=found.request.item.name_zh)
    return bool(slice_)


def _finder(request: Request) -> Callable[[str], bool]:
    """Does a query find the request? Each is asked once, however many keep it."""
    known: dict[str, bool] = {}
    requests = saved.list_of(saved.REQUESTS)
    assert requests is not None

    def finds(query: str) -> bool:
        if query not in known:
            known[query] = requests.of(query, requests.rows().filter(pk=request.pk)).qs.exists()
        return known[query]

    return finds


def _untold(request: Request, organisations: Iterable[int]) -> list[int]:
    """Those who have not heard of it, and now will."""
    wanted = sorted(set(organisations))
    told = set(Alert.objects.filter(request=request, organisation__in=wanted).values_list("organisation", flat=True))
    new = [one for one in wanted if one not in told]
    now = database_now()
    Alert.objects.bulk_create([Alert(organisation_id=one, request=request, at=now) for one in new])
    return new


def _tell(request: Request, organisation: int, subject: str, event: str, **facts: Any) -> None:
    assert request.enrol_until is not None
    said = {"title": request.title, "until": beijing_minute(request.enrol_until), **facts}
    page = reverse("request_page", args=[request.number])
    tell(organisation, subject, said, page, event=event, before=request.enrol_until)
