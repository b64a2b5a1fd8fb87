"""Mails about accounts. They leave after the commit, and a mail that fails undoes nothing."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import Invitation


def send_invitation(invitation: Invitation, link: str) -> None:
    """Mail the link; the page shows it too, so a lost mail is no lost invitation."""
    body = render_to_string("accounts/mail_invitation.txt", {"invitation": invitation, "link": link})
    subject = _("邀请您代表%(name)s使用中介服务网上交易平台") % {"name": invitation.organisation.name}
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    transaction.on_commit(message.send, robust=True)
