"""Work of accounts that a worker does: mail."""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from django_tasks import task

from accounts.channels.pacing import MOST_TRIES, back_off
from accounts.channels.unsubscribing import unsubscribe_path
from accounts.models import Digest, Notice
from core.clock import database_now

log = logging.getLogger(__name__)

_ONE_CLICK = "List-Unsubscribe=One-Click"


@task()
def mail_digest(digest_id: int) -> bool:
    """Send one member's mail, at most once whoever else tries; was it sent now?

    It waits for another try only if surely no server has taken it: none answered, or one refused. A worker or a
    connection that dies while sending may have sent it, so that mail is not sent again.
    """
    unsent = Digest.objects.filter(pk=digest_id, sending_at__isnull=True, gave_up_at__isnull=True)
    unsent.update(tries=F("tries") + 1)
    digest = unsent.select_related("organisation", "user").first()
    if digest is None or digest.user is None:
        return False
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as trouble:
        return _waits(digest, trouble)
    try:
        return _send(digest, connection)
    finally:
        connection.close()


def _send(digest: Digest, connection: Any) -> bool:
    message = _message(digest, connection)
    if not Digest.objects.filter(pk=digest.pk, sending_at__isnull=True).update(sending_at=database_now()):
        return False
    try:
        message.send()
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        Digest.objects.filter(pk=digest.pk).update(sending_at=None)
        return _waits(digest, refusal)
    Digest.objects.filter(pk=digest.pk).update(sent_at=database_now(), trouble="")
    return True


def _waits(digest: Digest, trouble: Exception) -> bool:
    # What servers say may hold the address: its kind is enough here.
    kind = type(trouble).__name__
    log.warning("mail %s waits for another try: %s", digest.pk, kind)
    now = database_now()
    over = now if digest.tries >= MOST_TRIES else None
    pause = now + back_off(digest.tries)
    Digest.objects.filter(pk=digest.pk).update(next_try_at=pause, trouble=kind, gave_up_at=over)
    return False


def _message(digest: Digest, connection: Any) -> EmailMessage:
    assert digest.user is not None
    notices = list(Notice.objects.filter(deliveries__digest=digest).order_by("at", "pk"))
    stop = settings.SITE_URL + unsubscribe_path(digest, {notice.event for notice in notices})
    with override(settings.LANGUAGE_CODE):
        context = {"notices": notices, "site_url": settings.SITE_URL, "stop": stop}
        body = render_to_string("accounts/mail_digest.txt", context)
        subject = _("%(name)s：%(count)s 条新消息") % {"name": digest.organisation.name, "count": len(notices)}
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": _ONE_CLICK}
    sender, to = settings.DEFAULT_FROM_EMAIL, [digest.user.email]
    return EmailMessage(subject, body, sender, to, connection=connection, headers=headers)
