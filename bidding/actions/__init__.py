"""What people do in a selection. One verb, one function, one transaction."""

from bidding.actions.bids import place_bids
from bidding.actions.book import Answer, Press
from bidding.actions.enrolment import enrol, leave
from bidding.actions.progress import advance

__all__ = ["Answer", "Press", "advance", "enrol", "leave", "place_bids"]
