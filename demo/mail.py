"""Where the demo's mails go: into a table, to be read at /demo/outbox/."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from demo.models import DemoMail


class OutboxBackend(BaseEmailBackend):
    """Keeps each mail instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; returns how many."""
        mails = [
            DemoMail(to=", ".join(mail.recipients())[:500], subject=str(mail.subject)[:500], body=str(mail.body))
            for mail in email_messages
        ]
        return len(DemoMail.objects.bulk_create(mails))
