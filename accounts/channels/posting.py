"""The job that lets a group's bot say what waits for it."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from django_tasks import task

from accounts.channels import wire
from accounts.channels.addresses import judge_address
from accounts.channels.pacing import MOST_TRIES, back_off
from accounts.channels.payloads import Fate, Verdict, compose, post, read
from accounts.channels.vault import SecretLost, unseal
from accounts.models import Bot, BotKind, Digest, Notice
from core.clock import database_now
from core.errors import Refused

log = logging.getLogger(__name__)


@task()
def post_digest(digest_id: int) -> bool:
    """Send one message to a bot, at most once whoever else tries; was it sent now?

    It waits for another try only if surely nobody has taken it: no connection, or an answer that says so. Where no answer
    comes it may have arrived, so it is not sent again.
    """
    unsent = Digest.objects.filter(pk=digest_id, sending_at__isnull=True, gave_up_at__isnull=True)
    if not unsent.update(tries=F("tries") + 1):
        return False
    digest = unsent.select_related("bot__organisation").first()
    if digest is None or digest.bot is None:
        return False
    text = text_of(digest.bot, Notice.objects.filter(deliveries__digest=digest).order_by("at", "pk"))
    if not unsent.update(sending_at=database_now()):
        return False
    return _note(digest, _say(digest.bot, text))


def text_of(bot: Bot, notices: Iterable[Notice]) -> str:
    """What the bot says of these notices, with links, in the platform's first language."""
    with override(settings.LANGUAGE_CODE):
        lines = [f"· {notice.text}\n  {settings.SITE_URL}{notice.path}" for notice in notices]
        heading = _("%(name)s：%(count)s 条新消息") % {"name": bot.organisation.name, "count": len(lines)}
        return compose(BotKind(bot.kind), heading, lines, _("另有 %(n)s 条，见站内消息"))


def say(bot: Bot, text: str) -> Verdict:
    """Let the bot say `text` now. Speaks HTTP: never inside a transaction. Raises wire.NoAnswer."""
    try:
        address = unseal(bot.address)
        secret = unseal(bot.secret) if bot.secret else ""
        judge_address(address, settings.NOTIFY_HOSTS, settings.NOTIFY_SINK)
        answer = wire.send(post(BotKind(bot.kind), address, secret, text, database_now()))
    except SecretLost:
        return Verdict(Fate.REFUSED, "SECRET_KEY")
    except Refused as refused:
        return Verdict(Fate.REFUSED, refused.code)
    except wire.NobodyThere as trouble:
        return Verdict(Fate.LATER, str(trouble))
    return read(answer.status, answer.body)


def _say(bot: Bot, text: str) -> Verdict | None:
    """None where nobody knows."""
    try:
        return say(bot, text)
    except wire.NoAnswer:
        return None


def _note(digest: Digest, verdict: Verdict | None) -> bool:
    mine = Digest.objects.filter(pk=digest.pk)
    now = database_now()
    if verdict is None:
        mine.update(trouble="no answer")
        return False
    if verdict.fate is Fate.ARRIVED:
        mine.update(sent_at=now, trouble="")
        return True
    # The address is a secret and stands in no log; what the other side said does not hold it.
    log.warning("message %s of bot %s did not arrive: %s", digest.pk, digest.bot_id, verdict.fate)
    over = verdict.fate is Fate.REFUSED or digest.tries >= MOST_TRIES
    mine.update(
        sending_at=None,
        gave_up_at=now if over else None,
        next_try_at=now + back_off(digest.tries),
        trouble=verdict.said[:200],
    )
    return False
