"""What organisations are told, and the mails and messages that carry it."""

from django.db import models
from django.utils.translation import gettext

from accounts.models.people import Organisation, User


class Notice(models.Model):
    """Something that an organisation should know, in its inbox (站内消息). `subject` is a message id, filled with `facts`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="notices")
    subject = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    # What happened (`accounts.events`): decides who hears of it where, and when.
    event = models.CharField(max_length=40, default="general")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # When it was put into the members' mails; whether those went out, the mails say.
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organisation", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["at"], name="notice_not_mailed", condition=models.Q(mailed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def text(self) -> str:
        """What it says, in the reader's language."""
        return str(gettext(self.subject) % self.facts)


class Digest(models.Model):
    """One mail of notices to one member. `sending_at` is set before its server hears of it: nothing is sent twice.

    `next_try_at` is when the clock hands it to the worker again, as long as no server has taken it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="digests")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    notices = models.ManyToManyField(Notice, related_name="digests")
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["user", "at"], name="digest_of_user"),
            models.Index(fields=["next_try_at"], name="digest_waits", condition=models.Q(sending_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="digest_sent_was_taken_first",
                condition=models.Q(sent_at__isnull=True) | models.Q(sending_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.at}"
