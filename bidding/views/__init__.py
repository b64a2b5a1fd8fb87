"""The doors of selection over HTTP."""

from bidding.views.awards import award_list, award_page
from bidding.views.desk import desk
from bidding.views.enrolment import enrol_door, leave_door
from bidding.views.home import home, live_list
from bidding.views.objections import award_decline, objection_file, objection_step
from bidding.views.room import room, room_bid, room_state
from bidding.views.selection import confirm_door, decline_door, pick_door

__all__ = [
    "award_decline",
    "award_list",
    "award_page",
    "confirm_door",
    "decline_door",
    "desk",
    "enrol_door",
    "home",
    "leave_door",
    "live_list",
    "objection_file",
    "objection_step",
    "pick_door",
    "room",
    "room_bid",
    "room_state",
]
