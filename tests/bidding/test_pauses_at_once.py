"""Pauses in races on the real database: two officers at once, and a bid against a pause (R5.7, I6)."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import Kind, User
from bidding import queries
from bidding.actions import Answer, confirm_pause, end_pause, place_bids, propose_pause
from bidding.models import Auction, Heartbeat, Pause
from bidding.rules.pauses import NoPauseProposed, NothingToPause, NotPausedByOfficers, PauseProposedBefore
from core.clock import database_now
from journal.awards import live
from tests import cast
from tests.bidding.live_parts import code, press, record
from tests.bidding.test_concurrent_bids import assert_chain_holds
from tests.committed import at_once

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.clause("I6")]


class Hall:
    """A live auction with three bidders and four officers."""

    def __init__(self) -> None:
        item = cast.service_item(f"PSE-{uuid.uuid4().hex[:6]}")
        buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
        self.agencies = [cast.agency(f"第{n}咨询有限公司") for n in range(3)]
        cast.offers(item, *self.agencies)
        by = cast.person(f"{uuid.uuid4().hex}@buyer.example", buyer)
        self.auction = cast.live_auction(buyer, item, by, *self.agencies)
        self.number = self.auction.request.number or ""
        body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
        self.officers: list[User] = [cast.person(f"{uuid.uuid4().hex}@court.example", body) for _ in range(4)]
        # The run's own server has just started, which would be a sign of its own.
        Auction.objects.update(live_since=database_now())

    def kinds(self) -> list[str]:
        return [entry["kind"] for entry in record(self.auction)]

    def bid(self, n: int, amount: str) -> Answer:
        [answer] = place_bids(self.number, [press(self.agencies[n], amount)])
        return answer


@pytest.fixture
def hall() -> Hall:
    return Hall()


def refusals(results: object) -> list[type[BaseException]]:
    return [type(one) for one in results if isinstance(one, BaseException)]  # type: ignore[attr-defined]


def test_of_four_officers_who_propose_at_once_one_does_and_the_others_are_told(hall: Hall) -> None:
    found = at_once(*(lambda one=one: propose_pause(one, hall.number, "竞价大厅停电") for one in hall.officers))
    assert refusals(found) == [PauseProposedBefore] * 3
    assert Pause.objects.count() == 1
    assert "auction.paused" not in hall.kinds()


def test_of_three_officers_who_confirm_at_once_one_pauses_and_the_others_are_told(hall: Hall) -> None:
    propose_pause(hall.officers[0], hall.number, "竞价大厅停电")
    found = at_once(*(lambda one=one: confirm_pause(one, hall.number) for one in hall.officers[1:]))
    assert refusals(found) == [NoPauseProposed] * 2
    assert hall.kinds().count("auction.paused") == 1
    assert Pause.objects.get().confirmed_by in hall.officers[1:]


def test_two_officers_who_let_it_go_on_at_once_announce_it_once(hall: Hall) -> None:
    propose_pause(hall.officers[0], hall.number, "竞价大厅停电")
    confirm_pause(hall.officers[1], hall.number)
    found = at_once(*(lambda one=one: end_pause(one, hall.number) for one in hall.officers))
    assert refusals(found) == [NotPausedByOfficers] * 3
    assert hall.kinds().count("auction.resumes") == 1


def test_a_pause_and_the_close_at_once_leave_one_of_them(hall: Hall) -> None:
    hall.bid(0, "99000.00")
    propose_pause(hall.officers[0], hall.number, "竞价大厅停电")
    cast.set_close(hall.auction, 0.15)

    def pause() -> Pause:
        while database_now() < Auction.objects.get().closes_at - timedelta(milliseconds=2):
            pass
        return confirm_pause(hall.officers[1], hall.number)

    def close() -> None:
        while database_now() < Auction.objects.get().closes_at:
            pass
        hall.bid(1, "98000.00")

    paused, _closed = at_once(pause, close)
    kinds = hall.kinds()
    assert kinds.count("auction.paused") + kinds.count("auction.closed") == 1
    assert ("auction.paused" in kinds) == isinstance(paused, Pause)
    assert refusals([paused]) in ([], [NothingToPause], [NoPauseProposed])


@pytest.mark.parametrize("sign", ["officers", "heartbeat"])
def test_bids_against_a_pause_count_before_it_and_are_told_after_it(hall: Hall, sign: str) -> None:
    hall.bid(0, "99500.00")
    if sign == "officers":
        propose_pause(hall.officers[0], hall.number, "竞价大厅停电")
        stop = lambda: confirm_pause(hall.officers[1], hall.number)  # noqa: E731
    else:
        Auction.objects.update(live_since=database_now() - timedelta(seconds=60))
        stop = lambda: Heartbeat.objects.update_or_create(id=1, defaults={"at": database_now() - timedelta(seconds=20)})  # noqa: E731

    def bidding(n: int) -> list[Answer]:
        return [hall.bid(n, f"{99_000 - 1_000 * turn - 500 * n}.00") for turn in range(12)]

    *answers, _paused = at_once(lambda: bidding(1), lambda: bidding(2), stop)
    said = [answer for found in answers for answer in found]  # type: ignore[union-attr]
    assert {code(one) for one in said} <= {None, "E_PAUSED", "E_TOO_HIGH", "E_LEADING"}
    assert "E_PAUSED" in {code(one) for one in said}, "the pause came in time to be met"
    entries = assert_chain_holds(hall.number)
    kinds = [entry.kind for entry in entries]
    assert kinds.count("auction.paused") == 1
    assert "bid.placed" not in kinds[kinds.index("auction.paused") :]
    assert kinds.count("bid.placed") == 1 + [code(one) for one in said].count(None)
    hall.auction.refresh_from_db()
    last = live.marked(queries.case_entries(hall.number))[-1]
    assert (hall.auction.best, hall.auction.status) == (last.amount, "paused")
