"""What people do in a selection. One verb, one function, one transaction."""

from bidding.actions.award import lapse_award
from bidding.actions.barring import bar_agency, bar_barred, bar_under
from bidding.actions.bids import place_bids
from bidding.actions.book import Answer, Press
from bidding.actions.direct import confirm, decline
from bidding.actions.enrolment import enrol, leave
from bidding.actions.floors import set_floor, withdraw_floor
from bidding.actions.low import decide_low_price, justify_low_price
from bidding.actions.marking import give_marks, recuse
from bidding.actions.notices import cancel, change
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
from bidding.actions.opener import open_due_offers
from bidding.actions.pauses import confirm_pause, end_pause, propose_pause
from bidding.actions.picking import pick
from bidding.actions.plans import submit_plan, withdraw_plan
from bidding.actions.pool import nominate_expert, retire_expert
from bidding.actions.progress import advance
from bidding.actions.questions import answer, ask
from bidding.actions.tie_out import send_sealed_price

__all__ = [
    "Answer",
    "Press",
    "advance",
    "answer",
    "answer_objection",
    "ask",
    "bar_agency",
    "bar_barred",
    "bar_under",
    "cancel",
    "change",
    "complain",
    "confirm",
    "confirm_pause",
    "decide_complaint",
    "decide_low_price",
    "decline",
    "decline_award",
    "end_pause",
    "enrol",
    "extend_decision",
    "file_objection",
    "give_marks",
    "give_shares",
    "justify_low_price",
    "lapse_award",
    "leave",
    "nominate_expert",
    "open_due_offers",
    "pick",
    "place_bids",
    "propose_pause",
    "recuse",
    "retire_expert",
    "reveal_key",
    "seal_offer",
    "send_sealed_price",
    "set_floor",
    "submit_plan",
    "withdraw_floor",
    "withdraw_objection",
    "withdraw_offer",
    "withdraw_plan",
]
