"""The demo's own table: mails that would have been sent."""

from django.db import models


class DemoMail(models.Model):
    """A mail that the demo kept instead of sending."""

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
