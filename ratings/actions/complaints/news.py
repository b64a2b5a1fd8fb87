"""Tell who complained, by mail to the person alone: an organisation's inbox would show it to colleagues."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ratings.models import Complaint


def tell_complainer(complaint: Complaint) -> None:
    """There is news; the mail says neither what it is about nor whom. Leaves after the commit, and may fail."""
    link = f"{settings.SITE_URL}{reverse('my_complaint', args=[complaint.number])}"
    body = _("您提交的事项有新进展，请登录查看：%(link)s") % {"link": link}
    message = EmailMessage(_("您提交的事项有新进展"), body, settings.DEFAULT_FROM_EMAIL, [complaint.filed_by.email])
    transaction.on_commit(message.send, robust=True)
