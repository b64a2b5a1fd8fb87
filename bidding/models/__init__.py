"""Enrolments, auctions, other selections, bids, awards and objections."""

from bidding.models.auction import OVER, Auction, AuctionStatus, Bid
from bidding.models.award import PENDING_OBJECTIONS, Award, AwardStatus, Objection, ObjectionStatus
from bidding.models.enrolment import Enrolment
from bidding.models.experts import Expert, Gone, Seat
from bidding.models.floor import Floor, FloorEnd
from bidding.models.low import LowReview
from bidding.models.offers import OfferShare, PriceOpening, SealedOffer
from bidding.models.pause import Heartbeat, Pause, PauseCause, Presence, RoomProcess
from bidding.models.plans import Plan
from bidding.models.question import Question
from bidding.models.selection import ENDED, Selection, Stage
from bidding.models.tie_out import TieOutSeat
from bidding.models.traces import Trace, TraceKind

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
    "Expert",
    "Floor",
    "FloorEnd",
    "Gone",
    "Heartbeat",
    "LowReview",
    "Objection",
    "ObjectionStatus",
    "OfferShare",
    "Pause",
    "PauseCause",
    "Plan",
    "Presence",
    "PriceOpening",
    "Question",
    "RoomProcess",
    "SealedOffer",
    "Seat",
    "Selection",
    "Stage",
    "TieOutSeat",
    "Trace",
    "TraceKind",
]
