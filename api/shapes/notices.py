"""What a member is told of and where."""

from datetime import time
from typing import Any

from accounts.channels.payloads import Fate
from api.shapes.base import flag, many, maybe, moment, number, shape, text, texts

_CLOCK = "%H:%M"


def _clock(found: time | None) -> str | None:
    return f"{found:{_CLOCK}}" if found else None


def _ticked(row: Any) -> list[str]:
    return [channel for channel, ticked, _may in row.boxes if ticked]


def _changeable(row: Any) -> list[str]:
    return [channel for channel, _ticked, may in row.boxes if may]


SAVED_SEARCH = shape(
    "SavedSearch",
    id=number("pk"),
    name=text("name"),
    list=text("list"),
    query=text("query"),
    saved_at=moment("saved_at"),
    stopped_at=moment("stopped_at"),
)
NOTICE_ROW = shape(
    "NotificationRow",
    event=text("event.code"),
    name=text("event.name"),
    pace=text("pace"),
    on=texts(_ticked),
    changeable=texts(_changeable),
)
NOTICE_GRID = shape(
    "NotificationGrid",
    quiet_from=maybe(lambda found: found["mine"] and _clock(found["mine"].quiet_from)),
    quiet_until=maybe(lambda found: found["mine"] and _clock(found["mine"].quiet_until)),
    # As the verb takes it.
    on=texts(lambda found: [f"{row.event.code} {channel}" for row in found["rows"] for channel in _ticked(row)]),
    rows=many(NOTICE_ROW, lambda found: found["rows"]),
)
BOT_MESSAGE = shape(
    "BotMessage", at=moment("at"), sent_at=moment("sent_at"), gave_up_at=moment("gave_up_at"), trouble=maybe("trouble")
)
BOT = shape(
    "Bot",
    kind=text("kind"),
    there=flag("bot"),
    hint=maybe("bot.hint"),
    set_at=moment("bot.set_at"),
    quiet_from=maybe(lambda card: card.bot and _clock(card.bot.quiet_from)),
    quiet_until=maybe(lambda card: card.bot and _clock(card.bot.quiet_until)),
    last=many(BOT_MESSAGE, "last"),
)
TRIED = shape(
    "BotTried", arrived=flag(lambda verdict: verdict.fate is Fate.ARRIVED), said=maybe(lambda verdict: verdict.said)
)
UNREAD = shape("Unread", unread=number(lambda count: count))
