"""What organisations are told, and the mails and messages that carry it."""

from django.db import models
from django.utils.translation import gettext

from accounts.models.people import Organisation, User


class Notice(models.Model):
    """Something that an organisation should know, in its inbox (站内消息). `subject` is a message id, filled with `facts`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="notices")
    # For this member's eyes only, if somebody is named.
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="notices")
    subject = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    # What happened (`accounts.events`): decides who hears of it where, and when.
    event = models.CharField(max_length=40, default="general")
    # The deadline that it is about, if there is one.
    before = models.DateTimeField(null=True)
    # What it is told once of, for news that several clocks or entries may bring.
    once = models.CharField(max_length=120, null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # When it was settled where it goes besides the inbox, and when.
    planned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organisation", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["organisation", "event", "-at", "-id"], name="notice_newest_of_event"),
            models.Index(fields=["organisation"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["at"], name="notice_not_planned", condition=models.Q(planned_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "once"],
                name="a_notice_told_once_is_there_once",
                nulls_distinct=False,
                condition=models.Q(once__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def text(self) -> str:
        """What it says, in the reader's language."""
        return str(gettext(self.subject) % self.facts)


class Digest(models.Model):
    """One message of notices: a member's mail, or what a group's bot says.

    `sending_at` is set before any server hears of it: nothing is sent twice. `next_try_at` is when the clock hands it to the
    worker again, as long as no server has taken it; with `gave_up_at` nobody tries any more, and `trouble` says why. Taken
    and not sent means that the worker or the connection died: it may have arrived.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="digests")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="digests")
    bot = models.ForeignKey("accounts.Bot", on_delete=models.CASCADE, null=True, related_name="digests")
    # It is the one mail of a day.
    daily = models.BooleanField(default=False)
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["user", "at"], name="digest_of_user"),
            models.Index(fields=["bot", "at"], name="digest_of_bot"),
            models.Index(
                fields=["next_try_at"],
                name="digest_waits",
                condition=models.Q(sending_at__isnull=True, gave_up_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="digest_sent_was_taken_first",
                condition=models.Q(sent_at__isnull=True) | models.Q(sending_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_digest_goes_to_a_mailbox_or_a_bot",
                condition=models.Q(user__isnull=True, bot__isnull=False)
                | models.Q(user__isnull=False, bot__isnull=True),
            ),
            models.CheckConstraint(
                name="a_digest_given_up_was_not_sent",
                condition=models.Q(gave_up_at__isnull=True) | models.Q(sent_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.at}"
