"""Bring credit about: finished contracts, ratings and acts, through the real actions."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from bidding.models import Award
from contracts.models import Contract, ContractStatus
from core.clock import database_now
from journal.actions import lock_case
from marketplace.models import ServiceItem
from ratings.actions import credit
from ratings.models import Act, Rating, Relation
from ratings.rules.score import Scored
from tests import cast
from tests.contracts import play


def finished(
    buyer: Organisation,
    by: User,
    item: ServiceItem,
    agency: Agency,
    amount: str = "90000.00",
    at: datetime | None = None,
) -> Contract:
    """A contract of the agency that is completed; how contracts come to that is tested elsewhere."""
    number = play.quick_award(buyer, by, item, agency, cast.yuan(amount))
    now = at or database_now()
    return Contract.objects.create(
        award=Award.objects.get(request__number=number),
        buyer=buyer,
        agency=agency.organisation,
        payer=buyer,
        government=buyer.kind == Kind.DEPARTMENT,
        status=ContractStatus.COMPLETED,
        price=cast.yuan(amount),
        ruleset="2026-11",
        salt=bytes(32),
        drafted_at=now,
        sign_due_at=now,
        signed_at=now,
        completed_at=now,
    )


@transaction.atomic
def rate(contract: Contract, x: str) -> Rating:
    held = lock_case(f"A-{contract.agency.uscc}")
    agency = Agency.objects.select_related("organisation").get(organisation=contract.agency)
    return credit.take_rating(held, agency, contract, Decimal(x), {"buyer": x})


@transaction.atomic
def weigh(rating: Rating, relation: Relation) -> None:
    credit.weigh_rating(lock_case(f"A-{rating.agency.uscc}"), rating, relation, "同一联系电话")


@transaction.atomic
def note(agency: Agency, code: str, source: str, *, decided: bool = True, ago: int = 0) -> Act | None:
    """`ago`: how many days ago it happened."""
    held = lock_case(f"A-{agency.uscc}")
    return credit.note_act(
        held,
        agency,
        code,
        source=source,
        evidence="合同 GS-2026-000087 逾期 4 日",
        path="/r/GS-2026-000087/contract/",
        happened_at=held.now - timedelta(days=ago),
        decided=decided,
    )


@transaction.atomic
def strike(act: Act) -> None:
    credit.strike_act(lock_case(f"A-{act.agency.uscc}"), act, "查证不实")


@transaction.atomic
def repair(act: Act) -> None:
    credit.repair_act(lock_case(f"A-{act.agency.uscc}"), act)


@transaction.atomic
def refresh(agency: Agency) -> Scored:
    return credit.refresh(lock_case(f"A-{agency.uscc}"), agency)
