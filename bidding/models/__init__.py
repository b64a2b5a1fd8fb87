"""Enrolments, auctions, other selections, bids, awards and objections."""

from bidding.models.auction import OVER, Auction, AuctionStatus, Bid
from bidding.models.award import PENDING_OBJECTIONS, Award, AwardStatus, Objection, ObjectionStatus
from bidding.models.enrolment import Enrolment
from bidding.models.floor import Floor, FloorEnd
from bidding.models.low import LowReview
from bidding.models.pause import Heartbeat, Pause, PauseCause, Presence, RoomProcess
from bidding.models.selection import ENDED, Selection, Stage
from bidding.models.tie_out import TieOutSeat

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
    "Floor",
    "FloorEnd",
    "Heartbeat",
    "LowReview",
    "Objection",
    "ObjectionStatus",
    "Pause",
    "PauseCause",
    "Presence",
    "RoomProcess",
    "Selection",
    "Stage",
    "TieOutSeat",
]
