"""What members and bots wish for, as the pure rule takes it."""

from datetime import time

from accounts.channels.pacing import Quiet, Wishes
from accounts.events import Channel
from accounts.models import Bot, Membership


def wishes_of_member(membership: Membership) -> Wishes:
    """A member's own, by bell and mail; whoever chose nothing has what the matrix says."""
    if not hasattr(membership, "preferences"):
        return Wishes()
    mine = membership.preferences
    return Wishes(mine.chosen, _quiet(mine.quiet_from, mine.quiet_until))


def wishes_of_bot(bot: Bot) -> Wishes:
    """What goes to an organisation's group."""
    return Wishes(bot.chosen, _quiet(bot.quiet_from, bot.quiet_until), (Channel(bot.kind),))


def _quiet(since: time | None, until: time | None) -> Quiet | None:
    return Quiet(since, until) if since is not None and until is not None else None
