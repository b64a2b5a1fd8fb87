"""Reads of what members want to be told, of their bots, and of what they follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.channels.wishes import wishes_of_bot, wishes_of_member
from accounts.events import PACE_NAMES, Channel, Event, events_for
from accounts.models import Bot, BotKind, Digest, Follow, Membership, Role
from core.text import clean
from journal.models import Case

LAST_MESSAGES = 5


@dataclass(frozen=True)
class Row:
    """One event of the grid: its boxes are (channel, ticked, may be changed)."""

    event: Event
    pace: Any
    boxes: list[tuple[Channel, bool, bool]]


@dataclass(frozen=True)
class BotCard:
    """One kind of bot, set up or not, with its last messages."""

    kind: BotKind
    bot: Bot | None
    last: list[Digest]


def rows(membership: Membership, bots: Iterable[Bot], *, owner: bool) -> list[Row]:
    """The grid of a member: what may concern its organisation, by bell, mail and the groups that have a bot."""
    mine = wishes_of_member(membership)
    groups = [(Channel(bot.kind), wishes_of_bot(bot)) for bot in bots]
    return [
        Row(
            event,
            PACE_NAMES[event.pace],
            [
                *[(channel, mine.wants(event, channel), True) for channel in (Channel.BELL, Channel.MAIL)],
                *[(channel, wishes.wants(event, channel), owner) for channel, wishes in groups],
            ],
        )
        for event in events_for(membership.organisation.kind)
    ]


def grid_of(membership: Membership) -> list[Row]:
    """The grid as this member sees it: an owner may change what goes to the groups as well."""
    return rows(membership, bots_of(membership), owner=membership.role == Role.OWNER)


def bots_of(membership: Membership) -> list[Bot]:
    """The organisation's bots, in a fixed order."""
    return sorted(membership.organisation.bots.all(), key=lambda bot: list(BotKind).index(BotKind(bot.kind)))


def cards(bots: Iterable[Bot]) -> list[BotCard]:
    """Every kind of bot there could be."""
    there = {bot.kind: bot for bot in bots}
    return [_card(kind, there.get(kind)) for kind in BotKind]


def follows_of(membership: Membership) -> QuerySet[Follow]:
    """What a member follows, the newest first."""
    return membership.follows.select_related("case").order_by("-since")


def followed_case(name: str) -> Case | None:
    """A request's or an agency's case file by its name; None if there is none, or of another kind."""
    name = clean(name)
    return Case.objects.filter(name=name).first() if name.startswith(("GS-", "A-")) else None


def path_of(case_name: str) -> str:
    """The page of what a case file is about."""
    return f"/a/{case_name.removeprefix('A-')}/" if case_name.startswith("A-") else f"/r/{case_name}/"


def _card(kind: BotKind, bot: Bot | None) -> BotCard:
    return BotCard(kind, bot, list(bot.digests.order_by("-at", "-id")[:LAST_MESSAGES]) if bot else [])
