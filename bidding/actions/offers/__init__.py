"""Sealed prices (R6): sealed and withdrawn before the deadline, closed at it; `bidding.actions.opener` opens them."""

from bidding.actions.offers.closing import close_offers
from bidding.actions.offers.sealing import end_offer, seal_offer, withdraw_offer
from bidding.actions.offers.shares import give_shares, reveal_key

__all__ = [
    "close_offers",
    "end_offer",
    "give_shares",
    "reveal_key",
    "seal_offer",
    "withdraw_offer",
]
