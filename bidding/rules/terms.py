"""An auction's row as the terms a bid meets, with the numbers of its own rule set."""

from datetime import datetime, timedelta

from bidding.models import Auction, AuctionStatus
from bidding.rules.bids import Terms
from marketplace.rulesets import ruleset


def terms_from(
    status: str,
    ceiling: int,
    step: int,
    best: int | None,
    leader: int | None,
    ready_at: datetime,
    opens_at: datetime,
    closes_at: datetime,
    hard_end: datetime,
    extensions: int,
    ruleset_id: str,
    paused_because: str = "",
    opens_again_at: datetime | None = None,
) -> Terms:
    """The columns of an auction, in this order, as terms."""
    numbers = ruleset(ruleset_id).live
    return Terms(
        status=AuctionStatus(status),
        ceiling=ceiling,
        step=step,
        best=best,
        leader=leader,
        ready_at=ready_at,
        opens_at=opens_at,
        closes_at=closes_at,
        hard_end=hard_end,
        confirm_percent=numbers.confirm_undercut_percent,
        window=timedelta(seconds=numbers.soft_close_window_seconds),
        extension=timedelta(seconds=numbers.soft_close_extension_seconds),
        extensions=extensions,
        paused_because=paused_because,
        opens_again_at=opens_again_at,
    )


def terms_of(auction: Auction) -> Terms:
    """A fresh auction row as terms."""
    return terms_from(
        auction.status,
        auction.ceiling,
        auction.step,
        auction.best,
        auction.leader_id,
        auction.ready_at,
        auction.opens_at,
        auction.closes_at,
        auction.hard_end,
        auction.extensions,
        auction.request.ruleset,
        auction.paused_because,
        auction.opens_again_at,
    )
