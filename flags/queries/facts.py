"""The rest of a window: contracts, what departments approved, marks, and the marks that agencies leave unawares."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Max, Min

from accounts.models import Kind, Organisation
from agencies.models import Agency
from bidding.models import Plan, Trace
from contracts.models import Contract, Delivery, Milestone, MilestoneStatus, PayeeAccount, Version, VersionStatus
from core.private import hidden
from flags import rows
from marketplace.models import ServiceItem
from ratings.models import Evaluation, Mark, MarkSide, Outcome
from ratings.queries.credit import computed

_WHOLE_PROVINCE = "0000"
_PROVINCE_DIGITS = 2


def deals(numbers: Sequence[str], processes: Iterable[rows.Process]) -> Iterator[rows.Deal]:
    """The signed contracts of these requests."""
    known = {one.number: one for one in processes}
    found = Contract.objects.filter(award__request__number__in=numbers, signed_at__isnull=False)
    contracts = list(found.select_related("award__request", "buyer", "agency"))
    keys = [one.pk for one in contracts]
    due = dict(
        Milestone.objects.filter(contract__in=keys)
        .exclude(status=MilestoneStatus.DROPPED)
        .values_list("contract")
        .annotate(Max("due_at"))
    )
    changes, first_price = _changes(keys)
    delivered = _delivered(keys)
    for one in contracts:
        process = known[one.award.request.number or ""]
        assert one.signed_at is not None
        yield rows.Deal(
            number=process.number,
            buyer=one.buyer.uscc,
            agency=one.agency.uscc,
            price=first_price.get(one.pk, one.price),
            ceiling=process.ceiling,
            entrants=len(process.priced),
            signed_at=one.signed_at,
            due_at=due.get(one.pk, one.signed_at),
            competitive=process.competitive,
            delivered_at=delivered.get(one.pk),
            changes=tuple(changes[one.pk]),
        )


def _changes(contracts: Sequence[int]) -> tuple[dict[int, list[rows.Change]], dict[int, int]]:
    """Changes that both sides confirmed, and the price that was signed first."""
    changes: dict[int, list[rows.Change]] = defaultdict(list)
    first: dict[int, int] = {}
    agreed = (VersionStatus.SIGNED, VersionStatus.SUPERSEDED)
    texts = Version.objects.filter(contract__in=contracts, status__in=agreed, confirmations__isnull=False)
    both = texts.annotate(at=Max("confirmations__at"), first=Min("confirmations__at")).order_by("number")
    for contract, change, price, at in both.values_list("contract", "change", "price", "at"):
        if change:
            changes[contract].append(rows.Change(at, price))
        else:
            first[contract] = price
    return changes, first


def _delivered(contracts: Sequence[int]) -> dict[int, datetime]:
    """When every part had been delivered for the first time; nothing of contracts with a part outstanding."""
    parts: dict[int, list[datetime | None]] = defaultdict(list)
    open_parts = Milestone.objects.filter(contract__in=contracts).exclude(status=MilestoneStatus.DROPPED)
    made = dict(
        Delivery.objects.filter(milestone__in=open_parts).values_list("milestone").annotate(Min("delivered_at"))
    )
    for contract, milestone in open_parts.values_list("contract", "pk"):
        parts[contract].append(made.get(milestone))
    return {
        contract: max(at for at in times if at is not None)
        for contract, times in parts.items()
        if all(at is not None for at in times)
    }


def served(item: str, since: datetime, *, region: str = "") -> Iterator[rows.Served]:
    """Contracts of enterprises for an item, each with the department that is competent in its region, "" if none is here."""
    found = Contract.objects.filter(
        award__request__item=item, award__request__buyer_kind=Kind.ENTERPRISE, signed_at__gte=since
    )
    if region:
        found = found.filter(award__request__region=region)
    outcomes = dict(
        Mark.objects.filter(evaluation__contract__in=found, side=MarkSide.DEPARTMENT).values_list(
            "evaluation__contract", "outcome"
        )
    )
    competent = _competent(item)
    fields = ("pk", "award__request__number", "award__request__region", "buyer__uscc", "agency__uscc")
    for pk, number, where, buyer, agency in found.order_by("signed_at", "pk").values_list(*fields):
        department = competent.get(where) or competent.get(where[:_PROVINCE_DIGITS] + _WHOLE_PROVINCE, "")
        outcome = outcomes.get(pk)
        yield rows.Served(number, department, buyer, agency, outcome == Outcome.PASSED if outcome else None)


def _competent(item: str) -> dict[str, str]:
    """By region, the department whose field the item's approval is."""
    field = ServiceItem.objects.filter(pk=item).exclude(department_zh="").values("department_zh")
    found = Organisation.objects.filter(kind=Kind.DEPARTMENT, field__in=field).order_by("-pk")
    return dict(found.values_list("region", "uscc"))


def ratings(since: datetime, *, buyer: str = "", agency: str = "") -> Iterator[rows.Rated]:
    """What buyers said, once it was revealed: of one agency, or by one buyer."""
    found = Evaluation.objects.filter(revealed_at__gte=since)
    found = found.filter(contract__buyer__uscc=buyer) if buyer else found.filter(contract__agency__uscc=agency)
    weights = _weights(agency) if agency else {}
    said: dict[int, dict[str, float]] = defaultdict(dict)
    for evaluation, side, x in Mark.objects.filter(evaluation__in=found).values_list("evaluation", "side", "x"):
        said[evaluation][side] = float(x)
    fields = (
        "pk",
        "contract__award__request__number",
        "contract__buyer__uscc",
        "contract__agency__uscc",
        "revealed_at",
    )
    for pk, number, by, of, at in found.order_by("revealed_at", "pk").values_list(*fields):
        marks = said[pk]
        if MarkSide.BUYER in marks:
            yield rows.Rated(
                number, by, of, marks[MarkSide.BUYER], at, weights.get(number, 0.0), marks.get(MarkSide.AGENCY)
            )


def _weights(uscc: str) -> dict[str, float]:
    """What each rating of the agency weighs before any cap, by the request's number (R7)."""
    agency = Agency.objects.select_related("organisation").filter(organisation__uscc=uscc).first()
    if agency is None:
        return {}
    return {term.fact.key: float(term.raw) for term in computed(agency).quality.terms}


def traces(processes: Sequence[rows.Process]) -> Iterator[rows.Trace]:
    """What two entrants may share: phone, account, plan; the network and browser they pressed from, the plan's author."""
    usccs = {agency for one in processes for agency in one.priced}
    phones = dict(
        Organisation.objects.filter(uscc__in=usccs).exclude(contact_phone="").values_list("uscc", "contact_phone")
    )
    accounts = dict(
        PayeeAccount.objects.filter(organisation__uscc__in=usccs)
        .exclude(number="")
        .values_list("organisation__uscc", "number")
    )
    for one in processes:
        for agency in one.priced:
            for kind, known in (("phone", phones), ("account", accounts)):
                if agency in known:
                    yield rows.Trace(kind, hidden(kind, known[agency]), agency, one.number)
    numbers = [one.number for one in processes]
    plans = Plan.objects.filter(request__number__in=numbers, ended_at__isnull=True)
    fields = ("request__number", "enrolment__agency__organisation__uscc", "file__sha256")
    for number, agency, sha256 in plans.values_list(*fields):
        yield rows.Trace("document", hidden("document", sha256), agency, number)
    left = Trace.objects.filter(enrolment__request__number__in=numbers)
    whose = ("enrolment__request__number", "enrolment__agency__organisation__uscc")
    for number, agency, kind, key in left.values_list(*whose, "kind", "key"):
        yield rows.Trace(kind, key, agency, number)
