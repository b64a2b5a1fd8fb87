"""Who stands before a regulator here, and what is rated."""

import pytest

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from contracts.models import Contract
from marketplace.models import ServiceItem
from tests import cast
from tests.ratings import acting, rating
from tests.ratings.complaining import Desk
from tests.ratings.court import Court


@pytest.fixture
def court(swift_agency: Agency) -> Court:
    return Court(swift_agency)


@pytest.fixture
def desk(swift_agency: Agency) -> Desk:
    return Desk(swift_agency)


@pytest.fixture
def contract(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> Contract:
    return acting.finished(waterworks, waterworks_user, item, swift_agency)


@pytest.fixture
def number(contract: Contract, department: Organisation) -> str:
    """A finished contract whose round is open."""
    return rating.opened(contract)


@pytest.fixture
def department(db: None) -> Organisation:
    """The competent department of the contract's item and region."""
    body = cast.organisation(Kind.DEPARTMENT, "兰州市水务局", field="水利")
    cast.person("lanzhou@water.example", body)
    return body
