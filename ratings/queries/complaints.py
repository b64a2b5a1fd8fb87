"""What each reader may see of complaints: who complained sees his own, a subject what was put to it, everybody what was upheld."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts.models import Delivery, DeliveryStatus
from core.clock import database_now
from core.errors import Refused
from marketplace.models import DemandReport
from ratings.actions.complaints.hold import must_handle
from ratings.models import Act, ActEventKind, Complaint, ComplaintKind, ComplaintStatus, Look
from ratings.queries.officers import Verb
from ratings.rules.punctuality import Owed

_RELATED = ("agency__organisation", "request__buyer", "organisation", "item", "handler", "delivery", "filed_by")
_GONE = (ActEventKind.STRUCK, ActEventKind.REPAIRED)
_SHOWN = 20


@dataclass(frozen=True)
class ComplaintPage:
    """One complaint as an officer sees it: who complained and the evidence stand behind doors of their own.

    Its text may tell who complained: once somebody handles it, only he reads it.
    """

    complaint: Complaint
    verbs: list[Verb]
    conflict: str
    mine: bool
    looks: list[Look]

    @property
    def readable(self) -> bool:
        """May this officer read what was said?"""
        return not self.conflict and (self.mine or self.complaint.handler_id is None)


def complaints_by(user: User) -> QuerySet[Complaint]:
    """Those the user filed."""
    return Complaint.objects.filter(filed_by=user).select_related(*_RELATED)


def complaint_by(user: User, number: str) -> Complaint:
    """One that the user filed; raises Http404."""
    return get_object_or_404(complaints_by(user).prefetch_related("files"), number=number)


def put_to(organisation: Organisation) -> QuerySet[Complaint]:
    """Those that were put to the organisation as their subject. Of others it learns nothing unless they are upheld."""
    told = Q(put_at__isnull=False) | Q(status=ComplaintStatus.UPHELD)
    about = Q(agency__organisation=organisation) | Q(organisation=organisation) | Q(request__buyer=organisation)
    return Complaint.objects.filter(told, about).select_related(*_RELATED)


def put_to_by(organisation: Organisation, number: str) -> Complaint:
    """One of them; raises Http404."""
    return get_object_or_404(put_to(organisation), number=number)


def officers_complaints(status: str = "") -> QuerySet[Complaint]:
    """All of them, or those of a status, the nearest date first; raises Http404 for an unknown status."""
    found = Complaint.objects.select_related(*_RELATED)
    if status:
        if status not in ComplaintStatus.values:
            raise Http404(status)
        found = found.filter(status=status)
    return found.order_by("due_at", "-filed_at")


def anonymous_reports() -> QuerySet[DemandReport]:
    """Reports that a cancelled item is still demanded, made without signing in: nobody can be told their outcome."""
    return DemandReport.objects.select_related("item").order_by("-reported_at")[:_SHOWN]


def page_for_officer(user: User, by: Organisation, number: str) -> ComplaintPage:
    """Everything of one but who filed it, with what this officer may do next; raises Http404."""
    complaint = get_object_or_404(Complaint.objects.select_related(*_RELATED), number=number)
    try:
        must_handle(user, by, complaint)
        conflict = ""
    except Refused as refused:
        conflict = refused.text
    verbs = [] if conflict else _verbs(complaint, user)
    looks = list(Look.objects.filter(subject__startswith=f"{number} ").select_related("by")[:_SHOWN])
    return ComplaintPage(complaint, verbs, conflict, not conflict and complaint.handler_id == user.pk, looks)


def upheld_of_agency(agency: Agency) -> QuerySet[Complaint]:
    """What everybody sees on an agency's page: upheld, not over, and its act neither struck nor repaired."""
    gone = Act.objects.filter(agency=agency, events__kind__in=_GONE, source__startswith="complaint:")
    numbers = [source.removeprefix("complaint:") for source in gone.values_list("source", flat=True)]
    return _upheld().filter(agency=agency).exclude(number__in=numbers)


def upheld_of_buyer(organisation: Organisation) -> QuerySet[Complaint]:
    """Upheld against a buyer or department, or a request of it."""
    return _upheld().filter(Q(organisation=organisation) | Q(request__buyer=organisation))


def upheld_of_item(code: str) -> QuerySet[Complaint]:
    """Departments found to demand a cancelled item still (P18.2)."""
    return _upheld().filter(kind=ComplaintKind.DEMAND, item_id=code)


def rejections_upheld_against(organisation: Organisation, since: datetime) -> QuerySet[Complaint]:
    """Complaints upheld since then about deliveries that this buyer rejected: what its credit takes (R7, buyers)."""
    about = Complaint.objects.filter(kind=ComplaintKind.BUYER, organisation=organisation, delivery__isnull=False)
    return about.filter(status=ComplaintStatus.UPHELD, decided_at__gte=since)


def rejected_deliveries(complainer: Organisation | None, buyer: Organisation) -> QuerySet[Delivery]:
    """The complainer's deliveries which this buyer rejected, the newest first."""
    if complainer is None:
        return Delivery.objects.none()
    mine = Delivery.objects.filter(milestone__contract__agency=complainer, milestone__contract__buyer=buyer)
    rejected = mine.filter(status__in=[DeliveryStatus.RETURNED, DeliveryStatus.PARTLY])
    return rejected.select_related("milestone__contract__award__request").order_by("-decided_at")


def owed_by_officers() -> list[tuple[str, str | Promise, list[Owed]]]:
    """What the officers owed in complaints: acceptance, then the outcome, each with its date."""
    dates = ("accept_due_at", "accepted_at", "decide_due_at", "decided_at")
    rows = list(Complaint.objects.order_by("pk").values_list(*dates))
    first = [Owed("accept", due, accepted or decided) for due, accepted, _decide, decided in rows]
    then = [Owed("outcome", due, decided) for _accept, _at, due, decided in rows if due is not None]
    return [("accept", _("投诉受理"), first), ("outcome", _("投诉办结"), then)]


def _upheld() -> QuerySet[Complaint]:
    found = Complaint.objects.filter(status=ComplaintStatus.UPHELD, public_until__gt=database_now())
    return found.select_related(*_RELATED).order_by("-decided_at")


def _verbs(complaint: Complaint, user: User) -> list[Verb]:
    found: list[Verb] = []
    labels: Any = {
        "take": _("接办此件"),
        "accept": _("受理"),
        "refuse": _("不予受理"),
        "put": _("请被投诉方说明"),
        "statement": _("记录被投诉方的说明"),
        "decide": _("作出结论"),
        "extend": _("延长调查期限"),
    }
    names = _open_verbs(complaint)
    if names and complaint.handler_id not in (None, user.pk):
        names = ["take"]
    for name in names:
        found.append(Verb(name, str(labels[name]), primary=not found))
    return found


def _open_verbs(complaint: Complaint) -> list[str]:
    if complaint.status == ComplaintStatus.FILED:
        return ["accept", "refuse"]
    if complaint.status != ComplaintStatus.INVESTIGATING:
        return []
    if complaint.put_at is None:
        found = ["put", "decide"]
    elif complaint.stated_at is None and complaint.answerable is None:
        found = ["statement", "decide"]
    else:
        found = ["decide"]
    return found if complaint.extended else [*found, "extend"]
