"""A payer begins to pay online by a program: it is told where to go on, and asks what came of it."""

import uuid
from collections.abc import Iterator

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts.models import Payable, Payment
from contracts.providers import offer, withdraw
from contracts.providers.stripe import StripeProvider
from marketplace.models import ServiceItem
from tests import cast
from tests.api.calls import Program, program_of
from tests.contracts import play
from tests.plumbing.standin import Standin

# A process of its own stands beside each.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("P12.1")]


@pytest.fixture
def provider(stripe_standin: Standin) -> Iterator[Standin]:
    offer(StripeProvider(stripe_standin.api_key, stripe_standin.secret, stripe_standin.url))
    yield stripe_standin
    withdraw("stripe")


@pytest.fixture
def payable(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> Payable:
    number = play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("90000.00"))
    play.sign(number)
    return play.due(number)


def test_the_payer_is_told_where_to_go_on_and_what_came_of_it(
    provider: Standin, payable: Payable, waterworks_user: User
) -> None:
    program, path = program_of(waterworks_user), f"payables/{payable.pk}/online/"
    said = {"key": str(uuid.uuid4()), "method": "stripe", "amount": "90000.00"}
    assert program.post(path, {**said, "amount": "90000.01"}).status == 409
    begun = program.post(path, said)
    assert (begun.status, begun["amount"]) == (201, "90000.00")
    assert begun["address"] == Payment.objects.get().address
    assert program.post(path, said)["id"] == begun["id"]
    state = f"payments/{begun['id']}/"
    assert (program.get(state)["pending"], program.get(state)["arrived"]) == ("90000.00", "0.00")
    assert program.post(state + "check/")["pending"] == "90000.00"
    provider.act(Payment.objects.get().reference, "pay")
    assert program.post(state + "check/")["arrived"] == "90000.00"
    assert play.owed(payable) == 0


def test_strangers_neither_pay_nor_ask(provider: Standin, payable: Payable, waterworks_user: User) -> None:
    said = {"key": str(uuid.uuid4()), "method": "stripe", "amount": "100.00"}
    path = f"payables/{payable.pk}/online/"
    other = program_of(
        cast.person("other@example.cn", cast.organisation(play.contract(play.number_of(payable)).buyer.kind, "陇西"))
    )
    assert other.post(path, said)["code"] == "E_NOT_THE_PAYER"
    begun = program_of(waterworks_user).post(path, said)
    assert other.post(f"payments/{begun['id']}/check/").status == 404
    assert Program().post(path, said).status == 401
    assert list(program_of(waterworks_user).post(path, {**said, "method": "cash"})["errors"]) == ["method"]
