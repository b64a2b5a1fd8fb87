"""The doors of selection over HTTP."""

from bidding.views.awards import award_list, award_page, award_pdf
from bidding.views.desk import desk
from bidding.views.enrolment import enrol_door, leave_door
from bidding.views.experts import expert, expert_conflict, expert_marks, expert_retire, operate_experts
from bidding.views.hidden import room_floor, room_sealed
from bidding.views.live_list import live_list, opening_ics
from bidding.views.notices import question_answer, question_ask, request_cancel, request_change
from bidding.views.objections import award_decline, objection_file, objection_step
from bidding.views.offers import offer_reveal, offer_seal, offer_withdraw, offers_json
from bidding.views.plans import plan_download, plan_submit, plan_withdraw
from bidding.views.practice import practice, practice_feedback, practice_state
from bidding.views.replay import award_refused, award_replay, award_replay_embed
from bidding.views.room import room, room_bid, room_state
from bidding.views.search import search
from bidding.views.selection import confirm_door, decline_door, pick_door
from bidding.views.steps import low_step, pause_step
from bidding.views.verify import verify_page, verify_sample

__all__ = [
    "award_decline",
    "award_list",
    "award_page",
    "award_pdf",
    "award_refused",
    "award_replay",
    "award_replay_embed",
    "confirm_door",
    "decline_door",
    "desk",
    "enrol_door",
    "expert",
    "expert_conflict",
    "expert_marks",
    "expert_retire",
    "leave_door",
    "live_list",
    "low_step",
    "objection_file",
    "objection_step",
    "offer_reveal",
    "offer_seal",
    "offer_withdraw",
    "offers_json",
    "opening_ics",
    "operate_experts",
    "pause_step",
    "pick_door",
    "plan_download",
    "plan_submit",
    "plan_withdraw",
    "practice",
    "practice_feedback",
    "practice_state",
    "question_answer",
    "question_ask",
    "request_cancel",
    "request_change",
    "room",
    "room_bid",
    "room_floor",
    "room_sealed",
    "room_state",
    "search",
    "verify_page",
    "verify_sample",
]
