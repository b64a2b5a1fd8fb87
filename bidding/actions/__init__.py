"""What people do in a selection. One verb, one function, one transaction."""

from bidding.actions.award import lapse_award
from bidding.actions.barring import bar_agency, bar_barred, bar_under
from bidding.actions.bids import place_bids
from bidding.actions.book import Answer, Press
from bidding.actions.direct import confirm, decline
from bidding.actions.enrolment import enrol, leave
from bidding.actions.objections import (
    answer_objection,
    complain,
    decide_complaint,
    decline_award,
    extend_decision,
    file_objection,
    withdraw_objection,
)
from bidding.actions.offers import give_shares, reveal_key, seal_offer, withdraw_offer
from bidding.actions.opening import open_due_offers
from bidding.actions.picking import pick
from bidding.actions.progress import advance

__all__ = [
    "Answer",
    "Press",
    "advance",
    "answer_objection",
    "bar_agency",
    "bar_barred",
    "bar_under",
    "complain",
    "confirm",
    "decide_complaint",
    "decline",
    "decline_award",
    "enrol",
    "extend_decision",
    "file_objection",
    "give_shares",
    "lapse_award",
    "leave",
    "open_due_offers",
    "pick",
    "place_bids",
    "reveal_key",
    "seal_offer",
    "withdraw_objection",
    "withdraw_offer",
]
