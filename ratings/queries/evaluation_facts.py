"""What an evaluation is made of beside what people say: the platform's facts, and which departments are competent."""

from itertools import pairwise

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Kind, Organisation
from agencies.models import Tie
from contracts.models import Contract, Delivery, DeliveryStatus, MilestoneStatus, Side, Version
from core.queries import calendar
from core.workdays import Calendar
from ratings.models import Evaluation
from ratings.rules.evaluation import ContractFacts, Duty
from ratings.rules.evaluation_refusals import NotCompetent, TiedDepartment
from ratings.rulesets import EvaluationRules


def with_facts(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """The same contracts with all that `facts_of` looks at, in a few queries for all of them."""
    texts = Version.objects.defer("body", "body_en", "text", "plan", "annex")
    return contracts.prefetch_related("milestones__deliveries", Prefetch("versions", texts), "versions__confirmations")


def facts_of(contract: Contract, rules: EvaluationRules) -> ContractFacts:
    """What the platform knows of a finished contract; nothing of it is anybody's opinion."""
    assert contract.signed_at is not None
    milestones = [one for one in contract.milestones.all() if one.status != MilestoneStatus.DROPPED]
    firsts = [(one.due_at, list(one.deliveries.all())) for one in milestones]
    asked = [one for one in contract.versions.all() if one.change and one.proposed_by == Side.AGENCY]
    agreed = [one for one in asked if {said.side for said in one.confirmations.all()} >= {Side.AGENCY, Side.BUYER}]
    return ContractFacts(
        signed_at=contract.signed_at,
        deliveries=[Duty(due_at, made[0].delivered_at) for due_at, made in firsts if made],
        changes=len(agreed),
        answers=[*_signing(contract), *_again([made for _due_at, made in firsts], rules)],
    )


def departments_of(contract: Contract) -> QuerySet[Organisation]:
    """The competent departments of a contract's item: of its region, or if none is there, of the province. Never a party."""
    request = contract.award.request
    field = request.item.department_zh
    parties = [contract.buyer_id, contract.agency_id, contract.payer_id]
    found = Organisation.objects.filter(kind=Kind.DEPARTMENT, field=field).exclude(pk__in=parties)
    here = found.filter(region_id=request.region_id)
    return (here if here.exists() else found.filter(region_id=f"{request.region_id[:2]}0000")).order_by("pk")


def competent_of(contract: Contract) -> QuerySet[Organisation]:
    """Those of them that may report the outcome: not tied to the agency."""
    tied = Tie.objects.filter(department=OuterRef("pk"), agency__organisation=contract.agency_id, ended_at__isnull=True)
    return departments_of(contract).exclude(Exists(tied))


def judge_competent(department: Organisation, contract: Contract) -> None:
    """Raise NotCompetent or TiedDepartment unless the department may report the outcome."""
    if not departments_of(contract).filter(pk=department.pk).exists():
        raise NotCompetent()
    if Tie.objects.filter(department=department, agency__organisation=contract.agency, ended_at__isnull=True).exists():
        raise TiedDepartment()


def outcomes_of(department: Organisation) -> QuerySet[Evaluation]:
    """The rounds a department is competent in: `judge_competent` as a queryset, the nearest end first."""
    request = "contract__award__request"
    here = {f"{request}__region": department.region_id}
    nearer = Organisation.objects.filter(
        kind=Kind.DEPARTMENT, field=department.field, region=OuterRef(f"{request}__region")
    ).exclude(pk__in=[OuterRef("contract__buyer"), OuterRef("contract__agency"), OuterRef("contract__payer")])
    found = Evaluation.objects.filter(**{f"{request}__item__department_zh": department.field or None})
    mine = Q(**here)
    if department.region_id.endswith("0000"):
        mine |= Q(**{f"{request}__region__code__startswith": department.region_id[:2]}) & ~Q(Exists(nearer))
    parties = Q(contract__buyer=department) | Q(contract__agency=department) | Q(contract__payer=department)
    tied = Tie.objects.filter(
        department=department, agency__organisation=OuterRef("contract__agency"), ended_at__isnull=True
    )
    found = found.filter(mine).exclude(parties).exclude(Exists(tied))
    return found.select_related(f"{request}__item", "contract__agency", "contract__buyer").order_by("closes_at", "pk")


def _signing(contract: Contract) -> list[Duty]:
    """Its confirmation of the text that was signed."""
    texts = sorted((one for one in contract.versions.all() if not one.change), key=lambda one: -one.number)
    said = [said.at for one in texts for said in one.confirmations.all() if said.side == Side.AGENCY]
    return [Duty(contract.sign_due_at, at) for at in said[:1]]


def _again(histories: list[list[Delivery]], rules: EvaluationRules) -> list[Duty]:
    """Each return and when it was delivered anew. What both agreed to drop after a return asks for nothing."""
    back = (DeliveryStatus.RETURNED, DeliveryStatus.PARTLY)
    pairs = [pair for made in histories for pair in pairwise(made)]
    days = calendar() if pairs else Calendar()
    return [
        Duty(days.add(first.decided_at, rules.answer_wd), second.delivered_at)
        for first, second in pairs
        if first.status in back and first.decided_at
    ]
