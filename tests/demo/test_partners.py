"""Invented parties take the next step of their contracts; what is a visitor's, they leave alone."""

from collections.abc import Callable
from random import Random

import pytest

from accounts.models import Membership, Organisation
from agencies.models import Agency
from contracts.models import ContractStatus
from demo import partners, roles
from marketplace.models import ServiceItem
from tests import cast
from tests.contracts import play

PRICE = 9_000_000


@pytest.fixture
def number(waterworks: Organisation, item: ServiceItem, swift_agency: Agency) -> str:
    """A contract between two invented parties, drafted."""
    by = cast.person("buyer@waterworks.example", waterworks)
    Organisation.objects.update(demo=True)
    found = play.quick_award(waterworks, by, item, swift_agency, PRICE)
    partners.actions.draft_contract(found)
    return found


def sit_in(organisation: Organisation, role: str) -> None:
    """A visitor may take this organisation's part."""
    user = Membership.objects.filter(organisation=organisation)[0].user
    user.email = roles.email(role)
    user.save()


def test_step_by_step_they_bring_a_contract_to_its_end(number: str) -> None:
    taken = [partners.move_one(Random(seed)) for seed in range(8)]
    assert taken == ["confirm", "confirm", "deliver", "accept", "invoice", "pay", "receive", None]
    assert play.contract(number).status == ContractStatus.COMPLETED
    assert play.sums(number) == {"agreed": -PRICE, "paid": PRICE, "payer": -PRICE, "payee": PRICE}


def test_real_organisations_are_not_touched(number: str) -> None:
    Organisation.objects.update(demo=False)
    assert partners.move_one(Random(1)) is None


@pytest.mark.parametrize(
    ("side", "role", "theirs"),
    [("agency", "agency", None), ("buyer", "enterprise", "confirm")],
)
def test_a_visitors_side_waits_for_the_visitor(number: str, side: str, role: str, theirs: str | None) -> None:
    sit_in(getattr(play.contract(number), side), role)
    assert partners.move_one(Random(1)) == theirs
    assert partners.move_one(Random(2)) is None
    confirmed = play.contract(number).versions.get().confirmations.values_list("side", flat=True)
    assert side not in confirmed


def test_a_refusal_is_no_reason_to_stumble(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from contracts.rules.signing import AnotherText

    def refuse(*_all: object) -> None:
        raise AnotherText()

    confirm: Callable[..., object] = refuse
    monkeypatch.setattr(partners.actions, "confirm", confirm)
    assert partners.move_one(Random(1)) is None
