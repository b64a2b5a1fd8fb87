"""Mails about accounts. They leave after the commit, and a mail that fails undoes nothing."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions import Invited
from accounts.models import Invitation


def mailed(request: HttpRequest, invited: Invited) -> Invited:
    """Mail the link of an invitation, at the address that the request came to."""
    send_invitation(invited.invitation, link_of(request, invited))
    return invited


def link_of(request: HttpRequest, invited: Invited) -> str:
    """Where an invitation is taken up."""
    return request.build_absolute_uri(reverse("invitation", args=[invited.token]))


def send_invitation(invitation: Invitation, link: str) -> None:
    """Mail the link; the page shows it too, so a lost mail is no lost invitation."""
    body = render_to_string("accounts/mail_invitation.txt", {"invitation": invitation, "link": link})
    subject = _("邀请您代表%(name)s使用中介服务网上交易平台") % {"name": invitation.organisation.name}
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    transaction.on_commit(message.send, robust=True)
