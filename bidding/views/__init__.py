"""The doors of selection over HTTP."""

from bidding.views.awards import award_list, award_page
from bidding.views.desk import desk
from bidding.views.enrolment import enrol_door, leave_door
from bidding.views.hidden import room_floor, room_sealed
from bidding.views.home import home, live_list
from bidding.views.objections import award_decline, objection_file, objection_step
from bidding.views.practice import practice, practice_feedback, practice_state
from bidding.views.replay import award_refused, award_replay, award_replay_embed
from bidding.views.room import room, room_bid, room_state
from bidding.views.steps import low_step, pause_step

__all__ = [
    "award_decline",
    "award_list",
    "award_page",
    "award_refused",
    "award_replay",
    "award_replay_embed",
    "desk",
    "enrol_door",
    "home",
    "leave_door",
    "live_list",
    "low_step",
    "objection_file",
    "objection_step",
    "pause_step",
    "practice",
    "practice_feedback",
    "practice_state",
    "room",
    "room_bid",
    "room_floor",
    "room_sealed",
    "room_state",
]
