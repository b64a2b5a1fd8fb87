"""The two draws of a plan: who contributes, the seal, and the assignment that follows from both orders (R4, P21.1).

Contributions and reveals come through `draws.giving`.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_noop

from accounts.models import Kind, Organisation
from accounts.notices import tell
from agencies.models import Agency
from core.clock import rfc3339
from core.queries import calendar
from draws import actions as draws
from draws.models import Draw
from draws.parties import Party
from draws.queries import course_of
from journal.actions import Held, lock_case
from journal.lots import DrawList, Entry
from ratings.entries import InspectionEntry
from ratings.models import Inspection, Inspector, Plan, PlanStatus
from ratings.queries.inspections import active_inspectors, left_out, pool_of, ties_of
from ratings.rules import inspections as rules
from ratings.rulesets import InspectionRules, credit_rules


@transaction.atomic(durable=True)
def move_on(number: str) -> bool:
    """What time does to a plan: wait longer, seal both lists, or assign once both draws are made; False if nothing."""
    held, plan = hold(number)
    both = draws_of(plan)
    if plan.status == PlanStatus.COLLECTING and held.now >= both[0].closes_at:
        if missing(both):
            _wait_longer(held, plan, both)
        else:
            _seal(held, plan, both)
        return True
    if plan.status == PlanStatus.SEALED and all(draw.drawn_at for draw in both):
        _assign(held, plan, both)
        return True
    return False


def hold(number: str) -> tuple[Held, Plan]:
    """Hold the case file of a plan; raises Http404 for an unknown one."""
    if not Plan.objects.filter(number=number).exists():
        raise Http404(number)
    held = lock_case(number)
    return held, Plan.objects.select_related("of_agencies", "of_inspectors", "by").get(number=number)


def draws_of(plan: Plan) -> Sequence[Draw]:
    """Of the agencies, and of the inspectors."""
    return plan.of_agencies, plan.of_inspectors


def missing(both: Sequence[Draw]) -> bool:
    """Does either draw lack a compulsory contribution?"""
    return any(course_of(draw).compulsory - course_of(draw).contributed for draw in both)


class PlanParties:
    """Whom the two draws of a plan concern: the regulator that planned it, and agencies in its scope."""

    def party(self, draw: Draw, by: Organisation) -> Party | None:
        """By its USCC and name: nobody is unnamed in an inspection."""
        if not draw.name.startswith("I-"):
            return None
        plan = Plan.objects.filter(Q(of_agencies=draw) | Q(of_inspectors=draw)).first()
        return Party(by.uscc, by.name) if plan and may_contribute(plan, by) else None

    def running(self, by: Organisation) -> Iterable[Draw]:
        """Those that a regulator planned, and those that an agency contributed to."""
        open_ones = Draw.objects.filter(drawn_at__isnull=True).prefetch_related("contributions")
        match Kind(by.kind):
            case Kind.REGULATOR:
                plans = Plan.objects.filter(by=by, status__in=[PlanStatus.COLLECTING, PlanStatus.SEALED])
                agencies, inspectors = plans.values("of_agencies"), plans.values("of_inspectors")
                return open_ones.filter(Q(pk__in=agencies) | Q(pk__in=inspectors))
            case Kind.AGENCY:
                return open_ones.filter(contributions__identity=by.uscc)
            case _:
                return ()


def may_contribute(plan: Plan, by: Organisation) -> bool:
    """The regulator that planned it has to, agencies in its scope may."""
    return by.pk == plan.by_id or by.uscc in pool_of(plan.scope)


def _wait_longer(held: Held, plan: Plan, both: Sequence[Draw]) -> None:
    closes_at = calendar().add(held.now, _numbers(plan).contribution_wd)
    for draw in both:
        if missing([draw]):
            draws.extend(held, draw, closes_at)
        else:
            # Both close together: contributions come in pairs.
            raise AssertionError(f"{draw.name} has what the other draw lacks")
    assert plan.by_id is not None
    subject = gettext_noop("抽查 %(number)s 仍缺贵单位的随机数，征集时间已延长")
    tell(plan.by_id, subject, {"number": plan.number}, f"/inspections/{plan.number}/", event="inspection.news")


def _seal(held: Held, plan: Plan, both: Sequence[Draw]) -> None:
    """Freeze who may be drawn, who may not and why, and who may not inspect whom; all of it before anything is opened."""
    numbers = _numbers(plan)
    inspectors = [one.certificate for one in active_inspectors()]
    pool = pool_of(plan.scope)
    ties = ties_of(pool)
    excluded = left_out(plan, pool, held.now, numbers.spared_months)
    for uscc in rules.without_inspectors(pool - set(excluded), inspectors, ties, plan.inspectors_wanted):
        excluded[uscc] = "没有足够的无利害关系检查人员"
    plan.ties = [{"inspector": tie.inspector, "agency": tie.agency, "reason": tie.reason} for tie in ties]
    plan.status = PlanStatus.SEALED
    plan.save(update_fields=["ties", "status"])
    held.append(InspectionEntry.CONFLICTS, {"ties": plan.ties, "inspectors": plan.inspectors_wanted})
    of_agencies, of_inspectors = both
    drawn = f"{plan.ruleset}; {plan.number}; {plan.agencies_wanted}"
    draws.seal(held, of_agencies, DrawList.of([Entry(uscc) for uscc in pool - set(excluded)], excluded, drawn))
    draws.seal(held, of_inspectors, DrawList.of([Entry(one) for one in inspectors], {}, drawn))


def _assign(held: Held, plan: Plan, both: Sequence[Draw]) -> None:
    """The first of the drawn order are inspected, each by the next free inspectors."""
    of_agencies, of_inspectors = both
    assert of_agencies.result is not None
    assert of_inspectors.result is not None
    agencies = of_agencies.result["order"][: plan.agencies_wanted]
    ties = [rules.Tie(one["inspector"], one["agency"], one["reason"]) for one in plan.ties]
    found = rules.assign(agencies, of_inspectors.result["order"], ties, plan.inspectors_wanted)
    due_at = calendar().add(held.now, _numbers(plan).publish_wd)
    known = {one.organisation.uscc: one for one in Agency.objects.filter(organisation__uscc__in=agencies)}
    people = {one.certificate: one for one in Inspector.objects.filter(certificate__in=of_inspectors.result["order"])}
    for rank, uscc in enumerate(agencies, 1):
        made = Inspection.objects.create(plan=plan, agency=known[uscc], rank=rank, due_at=due_at)
        made.inspectors.set([people[certificate] for certificate in found[uscc]])
        subject = gettext_noop("贵机构被随机抽取接受检查（%(number)s）")
        path = f"/inspections/{plan.number}/"
        tell(known[uscc].organisation_id, subject, {"number": plan.number}, path, event="inspection.news")
    # Everybody may have left since it was planned.
    plan.status = PlanStatus.DRAWN if agencies else PlanStatus.DONE
    plan.save(update_fields=["status"])
    held.append(InspectionEntry.ASSIGNED, {"inspectors": found, "due_at": rfc3339(due_at)})


def _numbers(plan: Plan) -> InspectionRules:
    return credit_rules(plan.ruleset).inspections
