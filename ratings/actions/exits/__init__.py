"""What people and time do in exit cases (R8): one verb, one function, one transaction."""

from ratings.actions.exits.appeal import Outcome, appeal, decide_appeal
from ratings.actions.exits.checks import ask_for_check, check_result
from ratings.actions.exits.decision import decide, second
from ratings.actions.exits.defence import ask_for_hearing, ask_for_time, defend
from ratings.actions.exits.filing import look_at, look_at_document
from ratings.actions.exits.hearing import hold_hearing, set_hearing
from ratings.actions.exits.interim import order_interim, review_interim
from ratings.actions.exits.moves import advance, end_probation
from ratings.actions.exits.notice import receive_notice, serve_notice
from ratings.actions.exits.opening import BY_HAND, dismiss, open_by_officer, open_case
from ratings.actions.exits.reentry import ask_for_reentry, decide_reentry, lapse_reentry
from ratings.actions.exits.repair import ask_to_repair_act, ask_to_repair_measure, decide_repair, lapse_repair
from ratings.actions.exits.withdrawal import come_back, withdraw

__all__ = [
    "BY_HAND",
    "Outcome",
    "advance",
    "appeal",
    "ask_for_check",
    "ask_for_hearing",
    "ask_for_reentry",
    "ask_for_time",
    "ask_to_repair_act",
    "ask_to_repair_measure",
    "check_result",
    "come_back",
    "decide",
    "decide_appeal",
    "decide_reentry",
    "decide_repair",
    "defend",
    "dismiss",
    "end_probation",
    "hold_hearing",
    "lapse_reentry",
    "lapse_repair",
    "look_at",
    "look_at_document",
    "open_by_officer",
    "open_case",
    "order_interim",
    "receive_notice",
    "review_interim",
    "second",
    "serve_notice",
    "set_hearing",
    "withdraw",
]
