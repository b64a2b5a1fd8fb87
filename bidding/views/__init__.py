"""The doors of selection over HTTP."""

from bidding.views.awards import award_list, award_page
from bidding.views.desk import desk
from bidding.views.enrolment import enrol_door, leave_door
from bidding.views.home import home, live_list
from bidding.views.objections import award_decline, objection_file, objection_step
from bidding.views.offers import offer_reveal, offer_seal, offer_withdraw, offers_json
from bidding.views.practice import practice, practice_feedback, practice_state
from bidding.views.replay import award_refused, award_replay, award_replay_embed
from bidding.views.room import room, room_bid, room_state
from bidding.views.selection import confirm_door, decline_door, pick_door
from bidding.views.verify import verify_page, verify_sample

__all__ = [
    "award_decline",
    "award_list",
    "award_page",
    "award_refused",
    "award_replay",
    "award_replay_embed",
    "confirm_door",
    "decline_door",
    "desk",
    "enrol_door",
    "home",
    "leave_door",
    "live_list",
    "objection_file",
    "objection_step",
    "offer_reveal",
    "offer_seal",
    "offer_withdraw",
    "offers_json",
    "pick_door",
    "practice",
    "practice_feedback",
    "practice_state",
    "room",
    "room_bid",
    "room_state",
    "verify_page",
    "verify_sample",
]
