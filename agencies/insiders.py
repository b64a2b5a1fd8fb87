"""Who stands behind an agency: owners and licensed professionals, declared in public; shared ones link registrations (R2)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.actions import hold
from agencies.entries import AgencyEntry
from agencies.models import Agency, Insider, InsiderKind
from agencies.queries import directory
from core.errors import Refused
from core.text import clean

LINKED_SHOWN = 20


class InsiderKnown(Refused):
    """The owner or professional is declared already."""

    code = "E_INSIDER_KNOWN"
    basis = ("R2", "P22.4")
    field = "name"
    message = _("%(name)s已经公开")


class InsiderIncomplete(Refused):
    """An owner has a share of 25 % at least, a professional a certificate."""

    code = "E_INSIDER_INCOMPLETE"
    basis = ("R2",)
    field = "number"
    message = _("股东须填写不低于 25%% 的持股比例，专业人员须填写证书编号")


@dataclass(frozen=True)
class Linked:
    """Another registration, and what it shares with the one looked at."""

    agency: Agency
    reasons: list[str | Promise]


@transaction.atomic
def declare_insider(
    user: User, agency: Agency, kind: InsiderKind, name: str, number: str = "", share: int | None = None
) -> Insider:
    """Declare an owner of 25 % or more, or a licensed professional. Raises InsiderIncomplete or InsiderKnown."""
    held, agency = hold(user, agency)
    owner = kind == InsiderKind.OWNER
    said, code = clean(name), clean(number).upper()
    if not said or (owner and not 25 <= (share or 0) <= 100) or (not owner and not code):
        raise InsiderIncomplete()
    try:
        with transaction.atomic():
            made = Insider.objects.create(
                agency=agency, kind=kind, name=said, number=code, share=share if owner else None, declared_at=held.now
            )
    except IntegrityError as error:
        raise InsiderKnown(name=said) from error
    held.append(AgencyEntry.INSIDER_DECLARED, _data(made))
    return made


@transaction.atomic
def end_insider(user: User, insider: Insider) -> None:
    """State in public that somebody is no longer an owner or working there; ended twice is ended once."""
    held, _agency = hold(user, insider.agency)
    if Insider.objects.filter(pk=insider.pk, ended_at__isnull=True).update(ended_at=held.now):
        held.append(AgencyEntry.INSIDER_ENDED, _data(insider))


def insiders_of(agency: Agency) -> QuerySet[Insider]:
    """All of them, those who last first; ended ones stay public."""
    return agency.insiders.order_by("-ended_at", "kind", "pk")


def own_insider(agency: Agency, pk: int) -> Insider:
    """One of the agency's own; raises Http404."""
    return get_object_or_404(agency.insiders.select_related("agency__organisation"), pk=pk)


def linked_to(agency: Agency) -> list[Linked]:
    """Other registrations with the same legal representative by name, owner or professional, now or before (R2).

    The same name is no proof of the same person; a company's code or a certificate is.
    """
    reasons: dict[int, list[str | Promise]] = defaultdict(list)
    if agency.legal_representative:
        same = Agency.objects.filter(legal_representative=agency.legal_representative).exclude(pk=agency.pk)
        for pk in same.order_by("registered_at").values_list("pk", flat=True)[:LINKED_SHOWN]:
            reasons[pk].append(_("法定代表人同名"))
    for insider in _shared(agency)[:LINKED_SHOWN]:
        reason = _REASONS[InsiderKind(insider.kind), bool(insider.number)]
        if reason not in reasons[insider.agency_id]:
            reasons[insider.agency_id].append(reason)
    found = directory().filter(pk__in=reasons).order_by("registered_at")
    return [Linked(one, reasons[one.pk]) for one in found]


_REASONS = {
    (InsiderKind.OWNER, True): _("同一股东"),
    (InsiderKind.OWNER, False): _("股东同名"),
    (InsiderKind.STAFF, True): _("同一持证人员"),
}


def _shared(agency: Agency) -> QuerySet[Insider]:
    same = Q(pk__in=[])
    for kind, name, number in agency.insiders.values_list("kind", "name", "number"):
        same |= Q(kind=kind, number=number) if number else Q(kind=kind, name=name, number="")
    return Insider.objects.filter(same).exclude(agency=agency).order_by("pk")


def _data(insider: Insider) -> dict[str, Any]:
    return {"kind": insider.kind, "share": insider.share}
