"""What a request between publication and selection asks of its buyer and of those who have enrolled."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.tasks import Task
from bidding.models import Enrolment
from journal.models import Entry
from marketplace.entries import Kind
from marketplace.models import Request, RequestStatus
from marketplace.queries import WITHOUT_AWARD

_REMEMBERED = timedelta(days=30)


def questions(buyer: Organisation) -> Iterator[Task]:
    """Questions without an answer; the deadline waits for them, and is when they should have one."""
    mine = Request.objects.filter(buyer=buyer, status=RequestStatus.PUBLISHED)
    open_ones = mine.annotate(waiting=Count("questions", filter=Q(questions__answered_at__isnull=True)))
    for request in open_ones.filter(waiting__gt=0):
        page = reverse("request_page", args=[request.number]) + "#questions"
        yield Task(_("答复问题（%(count)s）") % {"count": request.waiting}, request.title, page, request.enrol_until)


def to_offer_again(buyer: Organisation, now: datetime) -> Iterator[Task]:
    """What failed or was withdrawn lately and has no successor, not even a draft."""
    ended = Request.objects.filter(buyer=buyer, status__in=WITHOUT_AWARD, enrol_until__gte=now - _REMEMBERED)
    followed = Request.objects.filter(forerunner=OuterRef("pk"))
    for request in ended.exclude(Exists(followed)).order_by("-enrol_until"):
        failed = request.status == RequestStatus.FAILED
        page = reverse("award_page" if failed else "request_page", args=[request.number])
        yield Task(_("流标，可重新发布") if failed else _("已撤回，可重新发布"), request.title, page)


def changed(agency: Organisation) -> Iterator[Task]:
    """Requests that changed after the agency had enrolled: look again, price again, or leave until the deadline."""
    entered = Enrolment.objects.filter(
        agency__organisation=agency,
        withdrawn_at__isnull=True,
        barred_at__isnull=True,
        request__status=RequestStatus.PUBLISHED,
    )
    newer = Entry.objects.filter(case=OuterRef("request__case"), kind=Kind.CHANGED, at__gt=OuterRef("enrolled_at"))
    for enrolment in entered.filter(Exists(newer)).select_related("request"):
        request = enrolment.request
        page = reverse("request_page", args=[request.number]) + "#changes"
        yield Task(_("公告已变更，请重新查看"), request.title, page, request.enrol_until)
