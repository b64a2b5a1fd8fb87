"""Enrolments, auctions, other selections, bids, awards and objections."""

from bidding.models.auction import OVER, Auction, AuctionStatus, Bid
from bidding.models.award import PENDING_OBJECTIONS, Award, AwardStatus, Objection, ObjectionStatus
from bidding.models.enrolment import Enrolment
from bidding.models.offers import OfferShare, PriceOpening, SealedOffer
from bidding.models.selection import ENDED, Selection, Stage

__all__ = [
    "ENDED",
    "OVER",
    "PENDING_OBJECTIONS",
    "Auction",
    "AuctionStatus",
    "Award",
    "AwardStatus",
    "Bid",
    "Enrolment",
    "Objection",
    "ObjectionStatus",
    "OfferShare",
    "PriceOpening",
    "SealedOffer",
    "Selection",
    "Stage",
]
