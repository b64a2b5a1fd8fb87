"""What selection asks of an organisation."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from bidding import notice_tasks, offers
from bidding.models import Enrolment, Objection, ObjectionStatus, OfferShare, PriceOpening, Selection, Stage
from marketplace.models import Method, Request, RequestStatus


def tasks_of(organisation: Organisation, now: datetime) -> Iterable[Task]:
    """Auctions to bid in or to get ready for, what changed meanwhile; choices to make, questions and objections to answer."""
    match Kind(organisation.kind):
        case Kind.AGENCY:
            return [*notice_tasks.changed(organisation), *_auctions(organisation, now), *_to_confirm(organisation)]
        case Kind.ENTERPRISE | Kind.DEPARTMENT:
            waiting = Objection.objects.filter(award__request__buyer=organisation, status=ObjectionStatus.FILED)
            objections = [*_objections(_("答复异议"), waiting), *_to_pick(organisation)]
            return [*objections, *notice_tasks.questions(organisation), *notice_tasks.to_offer_again(organisation, now)]
        case Kind.REGULATOR:
            return _objections(_("处理投诉"), Objection.objects.filter(status=ObjectionStatus.COMPLAINED))


def _auctions(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """Those that go on, until they close; those that the agency is enrolled for, until they begin.

    One that should have begun waits for the clock: nobody is late for it.
    """
    enrolled = Enrolment.objects.filter(
        agency__organisation=organisation, withdrawn_at__isnull=True, barred_at__isnull=True
    )
    enrolled = enrolled.filter(request__status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING))
    for enrolment in enrolled.select_related("request__auction", "request__selection", "request__price_opening"):
        request = enrolment.request
        if request.method != Method.LIVE:
            yield from _of_selection(enrolment, request, now)
        elif request.status == RequestStatus.SELECTING:
            yield Task(_("参加竞价"), request.title, reverse("room", args=[request.number]), request.auction.closes_at)
        else:
            begins_at = request.selects_at if request.selects_at and request.selects_at > now else None
            page = reverse("request_page", args=[request.number])
            yield Task(_("已报名，准备竞价"), request.title, page, begins_at)


def _of_selection(enrolment: Enrolment, request: Request, now: datetime) -> Iterator[Task]:
    """A price to seal until the deadline, and to open after it. Who has sealed, or given the key, has nothing to do."""
    page = reverse("request_page", args=[request.number])
    own = offers.own_offer(enrolment)
    if request.status == RequestStatus.PUBLISHED:
        until = request.enrol_until if request.enrol_until and request.enrol_until > now else None
        if own is not None:
            yield Task(_("报价已密封，截止前可替换"), request.title, page, until)
        elif until and offers.arrangement(request) is not None:
            yield Task(_("密封报价"), request.title, page, until)
        return
    opening: PriceOpening | None = getattr(request, "price_opening", None)
    given = own is not None and OfferShare.objects.filter(offer=own, number=OfferShare.BIDDER).exists()
    if own is not None and not given and opening is not None and offers.ready().filter(pk=opening.pk).exists():
        yield Task(_("开启报价"), request.title, page, opening.late_at)


def _to_pick(organisation: Organisation) -> Iterator[Task]:
    """Short lists that wait for the buyer's choice (R3)."""
    for selection in _waiting(Stage.PICKING).filter(request__buyer=organisation):
        yield _task(_("从入围机构中择定"), selection)


def _to_confirm(organisation: Organisation) -> Iterator[Task]:
    """Direct requests that name this agency (R3)."""
    for selection in _waiting(Stage.CONFIRMING).filter(request__direct_agency__organisation=organisation):
        yield _task(_("确认直接委托"), selection)


def _waiting(stage: Stage) -> QuerySet[Selection]:
    return Selection.objects.filter(stage=stage).select_related("request")


def _task(what: str, selection: Selection) -> Task:
    request = selection.request
    return Task(what, request.title, reverse("request_page", args=[request.number]), selection.due_at)


def _objections(what: str, waiting: QuerySet[Objection]) -> Iterator[Task]:
    for objection in waiting.select_related("award__request"):
        request = objection.award.request
        yield Task(what, request.title, reverse("award_page", args=[request.number]), objection.due_at)
