"""Who contributes to the draws of a request: its buyer and any regulator have to, entrants may, under their label (R4)."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Kind, Organisation
from bidding.models import Enrolment
from draws.models import Draw
from draws.parties import Party
from marketplace.models import OPEN_STATUSES, Request

BUYER, REGULATOR = Party("buyer", "采购人"), Party("regulator", "监管部门")
# So many draws are looked at for one organisation: more are never asked for in one press.
_MOST = 200


class RequestParties:
    """Nobody's name is in it: an entrant contributes as the label that stands for it."""

    def party(self, draw: Draw, by: Organisation) -> Party | None:
        request = Request.objects.filter(case=draw.case_id).first()
        if request is None:
            return None
        if request.buyer_id == by.pk:
            return BUYER
        match Kind(by.kind):
            case Kind.REGULATOR:
                return REGULATOR
            case Kind.AGENCY:
                entrants = Enrolment.objects.filter(request=request, agency__organisation=by)
                entrant = entrants.filter(withdrawn_at__isnull=True, barred_at__isnull=True).first()
                return Party(entrant.label, entrant.label) if entrant else None
            case _:
                return None

    def running(self, by: Organisation) -> Iterable[Draw]:
        found = Draw.objects.filter(case__request__status__in=OPEN_STATUSES, drawn_at__isnull=True)
        found = found.prefetch_related("contributions").order_by("closes_at")
        match Kind(by.kind):
            case Kind.REGULATOR:
                return _asking(found, REGULATOR)[:_MOST]
            case Kind.ENTERPRISE | Kind.DEPARTMENT:
                return found.filter(case__request__buyer=by)[:_MOST]
            case Kind.AGENCY:
                entered = Enrolment.objects.filter(agency__organisation=by, withdrawn_at__isnull=True)
                return found.filter(case__request__in=entered.values("request"))[:_MOST]


def _asking(draws: QuerySet[Draw], party: Party) -> QuerySet[Draw]:
    """Those that want a contribution of this party, or want it opened."""
    given = Q(contributions__identity=party.identity)
    unsealed = Q(sealed_at__isnull=True) & ~Q(pk__in=draws.filter(given).values("pk"))
    shut = Q(pk__in=draws.filter(given, contributions__opened_at__isnull=True, sealed_at__isnull=False).values("pk"))
    return draws.filter(unsealed | shut)
