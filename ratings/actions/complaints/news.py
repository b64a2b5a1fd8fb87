"""Tell who complained, the person alone: what an organisation's inbox shows to all would show it to colleagues."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.notices import News, tell_all
from accounts.queries import membership_of
from ratings.models import Complaint


def tell_complainer(complaint: Complaint) -> None:
    """There is news; it says neither what it is about nor whom. Part of a larger verb.

    To the person's own part of the inbox, and from there by mail; whoever acts for nobody has none, and gets a mail that
    leaves after the commit and may fail.
    """
    page = reverse("my_complaint", args=[complaint.number])
    subject = gettext_noop("您提交的事项有新进展")
    membership = membership_of(complaint.filed_by)
    if membership is not None:
        person = complaint.filed_by_id
        tell_all([News(membership.organisation_id, subject, {}, page, "concern.answered", user_id=person)])
        return
    body = _("您提交的事项有新进展，请登录查看：%(link)s") % {"link": f"{settings.SITE_URL}{page}"}
    message = EmailMessage(_(subject), body, settings.DEFAULT_FROM_EMAIL, [complaint.filed_by.email])
    transaction.on_commit(message.send, robust=True)
