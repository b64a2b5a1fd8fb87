"""Webhooks of the real SDK's signature to the real server: twice, out of order, late, lost, forged, stale, without a database.

Whatever comes and however, the ledger ends right, to the fen.
"""

import time
import uuid
from collections.abc import Iterator

import pytest

from config.postgres import Cluster
from tests.contracts.theatre import Theatre
from tests.contracts.troupe import QuickTheatre, venue
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer
from tests.plumbing.standin import Standin

pytestmark = pytest.mark.crash

PENDING = {"agreed": -100_000, "pending": 100_000}
DUE = {"agreed": -100_000, "due": 100_000}
PAID = {"agreed": -100_000, "paid": 100_000, "payer": -100_000, "payee": 100_000}


class House:
    """A contract of the test's own, paid online, and the server that hears of it; webhooks wait until a test lets go."""

    def __init__(self, theatre: Theatre, server: LiveServer) -> None:
        self.theatre, self.server, self.standin = theatre, server, theatre.standin
        self.standin.send_webhooks_to(server.url + "/webhooks/stripe/", hold=True, backoff=0.2, attempts=20)
        before = self._sessions()
        theatre.run("pay", str(uuid.uuid4()))
        [self.session] = self._sessions() - before

    def intent(self) -> str:
        return str(self.standin.client().v1.checkout.sessions.retrieve(self.session).payment_intent)

    def sums(self) -> dict[str, int]:
        """What the accounts of this contract hold, without those that hold nothing."""
        rows = self.theatre.database.rows(
            "SELECT p.account, sum(p.amount)::bigint FROM contracts_posting p"
            " JOIN contracts_movement m ON m.id = p.movement_id JOIN contracts_contract c ON c.id = m.contract_id"
            " JOIN bidding_award a ON a.id = c.award_id JOIN marketplace_request r ON r.id = a.request_id"
            " WHERE r.number = %s GROUP BY p.account",
            self.theatre.number,
        )
        return {account: amount for account, amount in rows if amount}

    def until(self, sums: dict[str, int], within: float = 15) -> None:
        give_up = time.monotonic() + within
        while self.sums() != sums:
            assert time.monotonic() < give_up, f"{self.sums()} instead of {sums}"
            time.sleep(0.1)

    def stays(self, sums: dict[str, int], for_seconds: float = 1.5) -> None:
        end = time.monotonic() + for_seconds
        while time.monotonic() < end:
            assert self.sums() == sums
            time.sleep(0.1)

    def events(self) -> int:
        return int(self.theatre.database.value("SELECT count(*) FROM contracts_providerevent"))

    def _sessions(self) -> set[str]:
        return {str(one.id) for one in self.standin.client().v1.checkout.sessions.list({"limit": 100}).data}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[QuickTheatre, LiveServer]]:
    """Server, clock and stand-in for the whole module, and the parties to all its contracts."""
    with venue(tmp_path_factory.mktemp("webhooks")) as (theatre, server):
        yield theatre.filled(), server


@pytest.fixture
def house(place: tuple[QuickTheatre, LiveServer]) -> House:
    theatre, server = place
    theatre.standin.deliver("drop")  # what the test before has left in line
    return House(theatre.another(), server)


def test_twice_out_of_order_together_and_late(house: House) -> None:
    house.standin.act(house.session, "pay")
    house.stays(PENDING)
    assert {told["status"] for told in house.standin.deliver("reverse")} == {200}
    house.until(PAID)
    known = house.events()
    house.standin.client().v1.refunds.create({"payment_intent": house.intent(), "amount": 25_000})
    house.standin.dispute(house.intent(), "open", amount=10_000)
    for told in (house.standin.deliver("together"), house.standin.deliver("twice")):
        assert {one["status"] for one in told} <= {200}
    after = {"agreed": -100_000, "due": 35_000, "paid": 65_000, "payer": -65_000, "payee": 65_000}
    house.until(after)
    [(status,)] = house.theatre.database.rows(
        "SELECT c.status FROM contracts_contract c JOIN bidding_award a ON a.id = c.award_id"
        " JOIN marketplace_request r ON r.id = a.request_id WHERE r.number = %s",
        house.theatre.number,
    )
    assert status == "signed"
    assert house.events() > known
    house.standin.dispute(house.intent(), "won")
    house.standin.deliver("reverse")
    house.until({"agreed": -100_000, "due": 25_000, "paid": 75_000, "payer": -75_000, "payee": 75_000})


def test_lost_webhooks_are_made_good_by_reading(house: House) -> None:
    house.standin.act(house.session, "pay")
    house.standin.deliver("drop")
    house.stays(PENDING)
    house.theatre.database.rows("UPDATE contracts_payment SET check_at = now()")
    house.until(PAID)


def test_forged_and_stale_webhooks_are_refused_and_move_nothing(house: House) -> None:
    known = house.events()
    house.standin.act(house.session, "pay")
    assert {told["status"] for told in house.standin.deliver("forge")} == {400}
    assert {told["status"] for told in house.standin.deliver("stale")} == {400}
    assert house.events() == known
    house.stays(PENDING)
    house.standin.deliver()
    house.until(PAID)


@pytest.mark.parametrize(
    ("method", "ending", "sums"), [("alipay", "async_succeed", PAID), ("wechat_pay", "async_fail", DUE)]
)
def test_methods_that_confirm_later(house: House, method: str, ending: str, sums: dict[str, int]) -> None:
    house.standin.act(house.session, "promise", method)
    house.standin.deliver()
    house.stays(PENDING)
    house.standin.act(house.session, ending)
    house.standin.deliver()
    house.until(sums)


def test_an_expired_checkout_is_due_again(house: House) -> None:
    house.standin.act(house.session, "expire")
    house.standin.deliver()
    house.until(DUE)


def test_while_the_database_is_down_they_are_not_lost(
    durable_database: tuple[Cluster, Database],
    stripe_standin: Standin,
    start_server: StartServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster, database = durable_database
    theatre = Theatre.fill(database, stripe_standin)
    for name, value in theatre.settings.items():
        monkeypatch.setenv(name, value)
    house = House(theatre, start_server(database))
    house.standin.act(house.session, "pay")
    cluster.kill()
    told = house.standin.deliver()
    assert {one["status"] for one in told} == {503}
    cluster.start()
    house.until(PAID, within=40)
    assert all(one["status"] == "delivered" for one in house.standin.settle())
    assert theatre.said("payment.paid") == 1
