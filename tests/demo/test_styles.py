"""The three styles, from plain values: whatever they do, the rules let it stand."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bidding.models import AuctionStatus
from bidding.practice import styles
from bidding.practice.styles import Bidder, Style
from bidding.rules.bids import Terms, judge_bid
from demo import auctions

_OPENS = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _terms(**changed: object) -> Terms:
    fixed: dict[str, object] = {
        "status": AuctionStatus.LIVE,
        "ceiling": 10_000_000,
        "step": 50_000,
        "best": None,
        "leader": None,
        "ready_at": _OPENS,
        "opens_at": _OPENS,
        "closes_at": _OPENS + timedelta(seconds=600),
        "hard_end": _OPENS + timedelta(hours=1),
        "confirm_percent": 10,
        "window": timedelta(seconds=120),
        "extension": timedelta(seconds=120),
    }
    return Terms(**(fixed | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("style", list(Style))
def test_a_price_is_allowed_and_never_below_the_floor(style):
    rng = Random(7)
    for best in (None, 9_000_000, 7_770_000, 5_060_000):
        terms = _terms(best=best, leader=None if best is None else 1)
        bidder = Bidder(2, style, 5_000_000)
        for _ in range(300):
            amount = styles.price(rng, bidder, terms)
            assert bidder.floor <= amount <= terms.highest_allowed
            judge_bid(amount, 2, terms, _OPENS, confirmed=False)


def test_who_leads_or_has_reached_the_floor_does_not_move():
    terms = _terms(best=6_000_000, leader=1)
    assert not styles.may_still_bid(Bidder(1, Style.BOLD, 1_000_000), terms)
    assert not styles.may_still_bid(Bidder(2, Style.BOLD, 5_960_000), terms)
    assert styles.may_still_bid(Bidder(2, Style.BOLD, 5_950_000), terms)
    assert (
        styles.choose(Random(1), [Bidder(1, Style.BOLD, 1), Bidder(2, Style.STEADY, 5_960_000)], terms, _OPENS) is None
    )


def test_the_late_one_waits_for_the_end():
    late = Bidder(1, Style.LATE, 1_000_000)
    assert styles.eagerness(late, _terms(), _OPENS) == 0
    assert styles.eagerness(late, _terms(), _OPENS + timedelta(seconds=500)) > 0


def test_an_auction_played_falls_by_at_least_a_step_to_its_close():
    for seed in range(40):
        rng, terms = Random(seed), _terms()
        bidders = styles.cast(rng, [1, 2, 3, 4], terms.ceiling, lowest=0.5, highest=0.9)
        floors = {bidder.enrolment: bidder.floor for bidder in bidders}
        best, leader, closes_at = terms.ceiling + terms.step, None, terms.closes_at
        for bid in auctions.play(rng, terms, bidders):
            assert bid.amount <= best - terms.step
            assert bid.amount >= floors[bid.enrolment]
            assert bid.enrolment != leader
            assert terms.opens_at <= bid.at < closes_at
            if bid.closes_at is not None:
                assert closes_at - bid.at < terms.window
                closes_at = bid.closes_at
            best, leader = bid.amount, bid.enrolment


def test_pauses_stay_between_their_bounds():
    rng = Random(3)
    assert all(2 <= styles.pause(rng, 2, 6).total_seconds() <= 6 for _ in range(500))
