"""Reads about unnamed plans (R3): whose they are, until when they are taken, and who may look at one."""

from accounts.models import User
from agencies.models import Agency
from bidding.models import Enrolment, Plan, SealedOffer, Seat, Selection, Stage
from bidding.rules.plans import PlanCourse
from marketplace.models import Method, Request, RequestStatus


def course_of(request: Request) -> PlanCourse:
    """Where its plans are, as the rules look at it."""
    return PlanCourse(
        takes=request.method == Method.MERIT,
        open=request.status == RequestStatus.PUBLISHED,
        deadline=request.enrol_until,
    )


def own_plan(enrolment: Enrolment) -> Plan | None:
    """An entrant's plan in force."""
    return Plan.objects.filter(enrolment=enrolment, ended_at__isnull=True).select_related("file").first()


def with_a_price(request: Request) -> list[Plan]:
    """The plans in force of those who sealed a price too, by label."""
    priced = SealedOffer.objects.filter(request=request, ended_at__isnull=True).values("enrolment")
    rows = Plan.objects.filter(request=request, ended_at__isnull=True, enrolment__in=priced)
    return sorted(rows.select_related("enrolment", "file"), key=lambda one: one.enrolment.label)


def before(seat: Seat) -> list[Plan]:
    """The plans that lie before an expert, while plans are marked and the expert sits."""
    selection = getattr(seat.request, "selection", None)
    scoring = selection is not None and selection.stage == Stage.SCORING
    return with_a_price(seat.request) if scoring and seat.ended_at is None else []


def names_of(agency: Agency) -> list[str]:
    """What would give the agency away in its plan: its name and code, its people, its telephone."""
    body = agency.organisation
    people = User.objects.filter(memberships__organisation=body).values_list("name", "email")
    said = [body.name, body.uscc, body.contact_name, body.contact_phone, agency.legal_representative]
    return [one for one in (*said, *(part for person in people for part in person)) if one]


def plan_for(user: User, request: Request, label: str) -> Plan | None:
    """The plan under this label if the user may open it: an expert who sits, while plans are marked. None to everybody else.

    An entrant has its own file at home; buyer, regulator and operator have no way to a plan at all.
    """
    sits = Seat.objects.filter(request=request, expert__user=user, ended_at__isnull=True)
    scoring = Selection.objects.filter(request=request, stage=Stage.SCORING)
    if not sits.exists() or not scoring.exists():
        return None
    return next((one for one in with_a_price(request) if one.enrolment.label == label), None)
