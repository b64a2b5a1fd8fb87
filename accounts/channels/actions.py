"""What members do about what they are told: choose, enter a bot, try it, follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.channels import wire
from accounts.channels.addresses import judge_address
from accounts.channels.payloads import Fate, Verdict
from accounts.channels.posting import say
from accounts.channels.unsubscribing import held_preferences
from accounts.channels.vault import seal
from accounts.events import Channel, events_for
from accounts.models import Bot, BotKind, Follow, Membership, Role
from core.clock import database_now
from core.errors import Refused
from journal.models import Case

# Beyond this many nobody reads what they bring.
MOST_FOLLOWED = 500
_HINT = 4

Chosen = Mapping[str, Iterable[str]]


class QuietHalf(Refused):
    """Quiet hours need a beginning and an end that differ."""

    code = "E_QUIET_HOURS"
    field = "quiet_from"
    message = gettext_lazy("免打扰时段须同时填写开始和结束，且两者不同")
    fix = gettext_lazy("两项都填，或都留空")


class NotTheOwner(Refused):
    """The group's bot speaks for the organisation: its owners set it up."""

    code = "E_BOT_OWNER"
    message = gettext_lazy("群机器人由单位管理员设置")
    fix = gettext_lazy("请联系本单位管理员")


class FollowsTooMany(Refused):
    """A member follows at most so many."""

    code = "E_FOLLOWS"
    message = gettext_lazy("最多关注 %(most)s 项，您已关注 %(most)s 项")
    fix = gettext_lazy("请先取消不再需要的关注")


@dataclass(frozen=True)
class BotSetup:
    """A bot's address as its platform shows it, and its secret, if it has one."""

    kind: BotKind
    address: str
    secret: str = ""


@transaction.atomic(durable=True)
def choose(membership: Membership, chosen: Chosen, since: time | None, until: time | None) -> None:
    """Which events reach a member by bell and mail, and when it is quiet; an owner's choice holds for the groups as well.

    Raises QuietHalf.
    """
    _judge_quiet(since, until)
    mine = held_preferences(membership)
    mine.chosen = _known(membership, chosen, (Channel.BELL, Channel.MAIL))
    mine.quiet_from, mine.quiet_until = since, until
    mine.save()
    if membership.role == Role.OWNER:
        for bot in Bot.objects.select_for_update().filter(organisation=membership.organisation_id).order_by("pk"):
            bot.chosen = _known(membership, chosen, (Channel(bot.kind),))
            bot.save(update_fields=["chosen"])


@transaction.atomic(durable=True)
def keep_quiet(membership: Membership, kind: BotKind, since: time | None, until: time | None) -> None:
    """When a group is told nothing but what cannot wait. Raises NotTheOwner or QuietHalf."""
    _judge_owner(membership)
    _judge_quiet(since, until)
    Bot.objects.filter(organisation=membership.organisation_id, kind=kind).update(quiet_from=since, quiet_until=until)


@transaction.atomic(durable=True)
def set_bot(membership: Membership, setup: BotSetup) -> Bot:
    """Enter a bot, or another address for the one there is. Raises NotTheOwner, BotAddressUnfit or BotHostUnknown."""
    _judge_owner(membership)
    judge_address(setup.address, settings.NOTIFY_HOSTS, settings.NOTIFY_SINK)
    bot, _made = Bot.objects.update_or_create(
        organisation_id=membership.organisation_id,
        kind=setup.kind,
        defaults={
            "address": seal(setup.address),
            "secret": seal(setup.secret) if setup.secret else None,
            "hint": setup.address[-_HINT:],
            "set_at": database_now(),
        },
    )
    return bot


@transaction.atomic(durable=True)
def remove_bot(membership: Membership, kind: BotKind) -> None:
    """The group is told nothing any more, and its address is forgotten. Raises NotTheOwner."""
    _judge_owner(membership)
    Bot.objects.filter(organisation=membership.organisation_id, kind=kind).delete()


def try_bot(membership: Membership, bot: Bot) -> Verdict:
    """Let the bot say that it works, now, and tell what came of it. Speaks HTTP, in no transaction. Raises NotTheOwner."""
    _judge_owner(membership)
    with override(settings.LANGUAGE_CODE):
        text = _("%(name)s：测试消息，机器人已连通") % {"name": membership.organisation.name}
    try:
        return say(bot, text)
    except wire.NoAnswer as trouble:
        return Verdict(Fate.LATER, str(trouble))


@transaction.atomic(durable=True)
def follow(membership: Membership, case: Case) -> None:
    """Follow a request or an agency. Doing it again changes nothing. Raises FollowsTooMany."""
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if membership.follows.count() >= MOST_FOLLOWED and not membership.follows.filter(case=case).exists():
        raise FollowsTooMany(most=MOST_FOLLOWED)
    Follow.objects.get_or_create(membership=membership, case=case, defaults={"since": database_now()})


@transaction.atomic(durable=True)
def unfollow(membership: Membership, case: Case) -> None:
    """Follow it no longer."""
    membership.follows.filter(case=case).delete()


def _known(membership: Membership, chosen: Chosen, channels: tuple[Channel, ...]) -> dict[str, list[str]]:
    """What was chosen, of the events and channels there are. An event that was not on the form keeps what the matrix says."""
    known = {event.code for event in events_for(membership.organisation.kind)}
    return {
        code: [one.value for one in channels if one in set(wanted)] for code, wanted in chosen.items() if code in known
    }


def _judge_quiet(since: time | None, until: time | None) -> None:
    if (since is None) != (until is None) or (since is not None and since == until):
        raise QuietHalf()


def _judge_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        raise NotTheOwner()
