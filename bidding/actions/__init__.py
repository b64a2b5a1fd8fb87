"""What people do in a selection. One verb, one function, one transaction."""

from bidding.actions.award import lapse_award
from bidding.actions.barring import bar_agency, bar_barred, bar_under
from bidding.actions.bids import place_bids
from bidding.actions.book import Answer, Press
from bidding.actions.enrolment import enrol, leave
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
from bidding.actions.progress import advance
from bidding.actions.questions import answer, ask

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
    "decide_complaint",
    "decline_award",
    "enrol",
    "extend_decision",
    "file_objection",
    "lapse_award",
    "leave",
    "place_bids",
    "withdraw_objection",
]
