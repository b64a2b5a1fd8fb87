"""kill -9 between every two steps of paying: what the clock finds afterwards ends right, to the fen, and nothing is paid twice."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.contracts.troupe import QuickTheatre, Troupe
from tests.plumbing.live import copied, template
from tests.plumbing.standin import Standin

pytestmark = pytest.mark.crash

PENDING = {"agreed": -100_000, "pending": 100_000}
DUE = {"agreed": -100_000, "due": 100_000}
PAID = {"agreed": -100_000, "paid": 100_000, "payer": -100_000, "payee": 100_000}
BACK = {"agreed": -100_000, "due": 30_000, "paid": 70_000, "payer": -70_000, "payee": 70_000}

# Where the process dies, and what the ledger says at that moment.
PAYING = [
    ("contracts.actions.online:_begin:before", DUE),
    ("contracts.actions.online:begin:after", DUE),  # inside the transaction: nothing of it stays
    ("contracts.actions.online:_begin:after", PENDING),
    ("contracts.providers.stripe:StripeProvider.open:after", PENDING),
    ("contracts.actions.online:_keep:before", PENDING),
    ("contracts.actions.online:_keep:after", PENDING),
]
FOLLOWING = [
    ("contracts.actions.online:check:before", PENDING),
    ("contracts.actions.online:follow:before", PENDING),
    ("contracts.actions.follow:settle:after", PENDING),  # inside the transaction
    ("contracts.actions.online:follow:after", PAID),
]
REFUNDING = [
    ("contracts.actions.online:_refundable:after", PAID),
    ("contracts.providers.stripe:StripeProvider.refund:after", PAID),
    ("contracts.actions.follow:_take_back:after", PAID),  # inside the transaction
    ("contracts.actions.online:follow:after", BACK),
]
PART = {"agreed": -100_000, "due": 60_000, "paid": 40_000, "payer": -40_000, "payee": 40_000}
IMPORTING = [
    ("contracts.actions.bank:preview:after", DUE),
    ("contracts.actions.bank:_keep:after", DUE),  # inside the transaction
    ("contracts.actions.bank:settle:after", DUE),  # inside the transaction
    ("contracts.actions.bank:_take:after", PART),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickTheatre]:
    """What every test begins with: a filled database to copy, a stand-in, and a process to fork from."""
    logs = tmp_path_factory.mktemp("crashes")
    standin = Standin(logs / "standin.log")
    try:
        with (
            copied(template(demo=False)) as database,
            Troupe(database, standin, logs / "troupe.log") as troupe,
        ):
            yield QuickTheatre(database, standin, {}, troupe).filled()
    finally:
        standin.stop()


@pytest.fixture
def theatre(filled: QuickTheatre) -> Iterator[QuickTheatre]:
    filled.standin.forget()
    with copied(filled.database.name) as database:
        yield replace(filled, database=database)


@pytest.mark.parametrize(("where", "then"), PAYING)
def test_whoever_dies_while_beginning_to_pay_leaves_what_can_be_finished(
    theatre: QuickTheatre, where: str, then: dict[str, int]
) -> None:
    key = str(uuid.uuid4())
    theatre.dies(where, "pay", key)
    assert theatre.sums() == then
    theatre.run("clock")
    # The payer presses again, as people do: the same press, the same payment.
    theatre.run("pay", key)
    assert theatre.sums() == PENDING
    theatre.payer_pays()
    theatre.run("clock")
    assert theatre.sums() == PAID
    assert theatre.contract_status() == "completed"
    assert theatre.checkouts() == 1


@pytest.mark.parametrize(("where", "then"), FOLLOWING)
def test_whoever_dies_while_following_the_provider_is_followed_by_another_clock(
    theatre: QuickTheatre, where: str, then: dict[str, int]
) -> None:
    theatre.run("pay", str(uuid.uuid4()))
    theatre.payer_pays()
    theatre.dies(where, "clock")
    assert theatre.sums() == then
    theatre.run("clock")
    theatre.run("clock")
    assert theatre.sums() == PAID
    assert theatre.said("payment.paid") == 1


@pytest.mark.parametrize(("where", "then"), IMPORTING)
def test_whoever_dies_while_taking_in_a_statement_goes_on_where_it_stopped(
    theatre: QuickTheatre, where: str, then: dict[str, int]
) -> None:
    theatre.dies(where, "statement")
    assert theatre.sums() == then
    for _ in range(2):
        theatre.run("statement")
    assert theatre.sums() == PAID
    assert theatre.said("payment.paid") == 2
    assert theatre.contract_status() == "completed"


@pytest.mark.parametrize(("where", "then"), REFUNDING)
def test_whoever_dies_while_refunding_refunds_once(theatre: QuickTheatre, where: str, then: dict[str, int]) -> None:
    theatre.run("pay", str(uuid.uuid4()))
    theatre.payer_pays()
    theatre.run("clock")
    key = str(uuid.uuid4())
    theatre.dies(where, "refund", key)
    assert theatre.sums() == then
    theatre.run("clock")
    if theatre.sums() != BACK:  # it never reached the provider: the payee presses again
        theatre.run("refund", key)
    theatre.run("clock")
    assert theatre.sums() == BACK
    assert theatre.said("payment.refunded") == 1
