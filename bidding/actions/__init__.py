"""What people do in a selection. One verb, one function, one transaction."""

from bidding.actions.award import lapse_award
from bidding.actions.barring import bar_agency, bar_barred, bar_under
from bidding.actions.bids import place_bids
from bidding.actions.book import Answer, Press
from bidding.actions.enrolment import enrol, leave
from bidding.actions.floors import set_floor, withdraw_floor
from bidding.actions.low import decide_low_price, justify_low_price
from bidding.actions.objections import (
    answer_objection,
    complain,
    decide_complaint,
    decline_award,
    extend_decision,
    file_objection,
    withdraw_objection,
)
from bidding.actions.pauses import confirm_pause, end_pause, propose_pause
from bidding.actions.progress import advance
from bidding.actions.tie_out import send_sealed_price

__all__ = [
    "Answer",
    "Press",
    "advance",
    "answer_objection",
    "bar_agency",
    "bar_barred",
    "bar_under",
    "complain",
    "confirm_pause",
    "decide_complaint",
    "decide_low_price",
    "decline_award",
    "end_pause",
    "enrol",
    "extend_decision",
    "file_objection",
    "justify_low_price",
    "lapse_award",
    "leave",
    "place_bids",
    "propose_pause",
    "send_sealed_price",
    "set_floor",
    "withdraw_floor",
    "withdraw_objection",
]
