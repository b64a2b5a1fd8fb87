"""Cases and live auctions driven together: whoever is suspended or removed has no bid that counts and is never awarded.

Everything of the machine of cases holds here too; in between agencies bid, auctions close and begin, clocks come by.
"""

import uuid
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Kind
from agencies.models import Agency, Standing
from bidding import clockwork
from bidding.actions import Press, advance, closing, enrol, place_bids
from bidding.models import Auction, AuctionStatus, Award, Bid
from core.errors import Refused
from marketplace.models import ServiceItem
from ratings.models import Measure
from tests import cast
from tests.ratings.test_exit_machine import _SETTINGS, ExitMachine, _names

_OUT = (Standing.SUSPENDED, Standing.REMOVED)


class StandingMachine(ExitMachine):
    """The agency of the cases, and two others, in one live auction after another."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        serial = next(_names)
        self.buyer = cast.organisation(Kind.ENTERPRISE, f"第{serial}供水有限公司")
        self.by = cast.person(f"buyer{serial}@waterworks.example", self.buyer)
        self.item: ServiceItem = cast.service_item(f"STM-{serial}")
        self.others = [cast.agency(f"第{serial}{name}咨询有限公司") for name in ("甲", "乙")]
        cast.offers(self.item, self.court.agency, *self.others)
        self.auction = self._begin()
        self.awarded_while_out = 0

    @property
    def everybody(self) -> list[Agency]:
        return [self.court.agency, *self.others]

    def _begin(self) -> Auction:
        request = cast.published(self.buyer, self.item, self.by)
        for one in self.everybody:
            with suppress(Refused):
                enrol(None, Agency.objects.get(pk=one.pk), request.number or "")
        return cast.go_live(request)

    # -- the market -----------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from([0, 0, 1, 2]), under=st.integers(1, 5))
    def an_agency_bids(self, who: int, under: int) -> None:
        self.auction.refresh_from_db()
        if self.auction.status != AuctionStatus.LIVE:
            return
        agency = self.everybody[who]
        price = (self.auction.best or cast.yuan("100000")) - under * 50_000
        user = agency.organisation.memberships.get().user_id
        place_bids(self.auction.request.number or "", [Press(uuid.uuid4(), agency.pk, user, price, True)])

    @rule()
    def the_auction_closes_and_another_begins(self) -> None:
        self.auction.refresh_from_db()
        out = self._is_out()
        if self.auction.status == AuctionStatus.LIVE:
            cast.set_close(self.auction, -1)
            advance(self.auction.request.number or "")
        won = Award.objects.filter(request=self.auction.request, winner__agency=self.court.agency).exists()
        self.awarded_while_out += out and won
        self.auction = self._begin()

    @rule(measure=st.sampled_from([Measure.SUSPEND, Measure.REMOVE]))
    def the_leader_is_thrown_out(self, measure: Measure) -> None:
        """A walk that chance alone seldom takes: it leads while a case takes its course."""
        self.auction = self._begin()
        for who in (1, 0):
            self.an_agency_bids(who, 1)
        self.a_case_takes_its_course(measure, 1, 2, 0)

    @rule(measure=st.sampled_from([Measure.SUSPEND, Measure.REMOVE]))
    def the_leader_is_thrown_out_at_the_close(self, measure: Measure) -> None:
        """Before a clock has come by."""
        self.the_leader_is_thrown_out(measure)
        self.the_auction_closes_and_another_begins()

    def _is_out(self) -> bool:
        return Agency.objects.get(pk=self.court.agency.pk).standing in _OUT

    # -- what holds -----------------------------------------------------------------------------------------------

    @invariant()
    def nobody_who_is_out_has_a_bid_that_counts(self) -> None:
        """Once the clock has come by, as it does every second."""
        clockwork.bar_where_standing_forbids()
        if not self._is_out():
            return
        running = Auction.objects.filter(status=AuctionStatus.LIVE)
        bids = Bid.objects.filter(enrolment__agency=self.court.agency, seq__isnull=False, struck=False)
        assert not bids.filter(auction__in=running).exists()
        assert not running.filter(leader__agency=self.court.agency).exists()

    @invariant()
    def nobody_is_awarded_who_is_out(self) -> None:
        assert self.awarded_while_out == 0

    @invariant()
    def the_best_bid_that_counts_leads(self) -> None:
        self.auction.refresh_from_db()
        best = Bid.objects.filter(auction=self.auction, seq__isnull=False, struck=False).order_by("amount").first()
        assert (self.auction.best, self.auction.leader_id) == (
            (best.amount, best.enrolment_id) if best else (None, None)
        )


pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.clause("P20.9")
def test_standings_and_live_bids_driven_together_hold() -> None:
    run_state_machine_as_test(StandingMachine, settings=settings(_SETTINGS, max_examples=6, stateful_step_count=18))


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (clockwork, "suspects", lambda now: []),
        (closing, "bar_under", lambda held, request: 0),
    ],
    ids=["the clock looks at nobody", "the close does not look"],
)
def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: Any) -> None:
    monkeypatch.setattr(module, name, broken)
    quick = settings(_SETTINGS, max_examples=25, stateful_step_count=8, report_multiple_bugs=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(StandingMachine, settings=quick)
