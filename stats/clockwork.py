"""What time does to the figures. Any number of clocks may run at once; each piece is done by one of them."""

from journal.following import follow
from stats.actions import keep_up, mark_touched

__all__ = ["FOLLOWER", "follow_log", "keep_up"]

FOLLOWER = "statistics"


def follow_log() -> int:
    """Note what the log has touched since; returns how many entries were read."""
    return follow(FOLLOWER, mark_touched)
