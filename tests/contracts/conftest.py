"""The cast of contracts: an award, a signed contract, something to pay; of an enterprise and of a department."""

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts.models import Contract, Payable
from marketplace.models import ServiceItem
from tests import cast
from tests.contracts import play


@pytest.fixture
def awarded(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> str:
    """The number of an enterprise's request that swift_agency won at 90,000.00 yuan; the award is final."""
    return play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("90000.00"))


@pytest.fixture
def signed(awarded: str) -> Contract:
    """One milestone, signed by both."""
    return play.sign(awarded)


@pytest.fixture
def number(signed: Contract) -> str:
    """The number of the signed contract's case."""
    return signed.award.request.number or ""


@pytest.fixture
def payable(number: str) -> Payable:
    """90,000.00 yuan, delivered, accepted and invoiced."""
    return play.due(number)


@pytest.fixture
def public_award(river_bureau: Organisation, river_officer: User, item: ServiceItem, swift_agency: Agency) -> str:
    """The same for a department."""
    return play.quick_award(river_bureau, river_officer, item, swift_agency, cast.yuan("90000.00"))


@pytest.fixture
def public_number(public_award: str) -> str:
    """A department's contract, signed, at 90,000.00 yuan."""
    play.sign(public_award)
    return public_award
