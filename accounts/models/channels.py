"""What members want to be told where, the bots of their chat groups, what they follow, and what waits to go out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.notices import Digest, Notice
from accounts.models.people import Membership, Organisation, User
from journal.models import Case


class Preferences(models.Model):
    """What a member wants by mail and bell. `chosen` is {event: [channel]} for the events where it chose."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="preferences")
    chosen = models.JSONField(default=dict)
    quiet_from = models.TimeField(_("免打扰开始"), null=True, blank=True)
    quiet_until = models.TimeField(_("免打扰结束"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_of_a_member_have_both_ends",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}"


class BotKind(models.TextChoices):
    """Whose chat group it is in."""

    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")


class Bot(models.Model):
    """The robot of an organisation's chat group. Its address is a secret: encrypted, never shown again; `hint` is its end.

    `chosen` is {event: [channel]} as in Preferences. `trouble` says why its last message did not arrive.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="bots")
    kind = models.CharField(max_length=10, choices=BotKind.choices)
    address = models.BinaryField()
    secret = models.BinaryField(null=True)
    hint = models.CharField(max_length=8)
    chosen = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="one_bot_per_kind_of_group"),
            models.CheckConstraint(name="bot_kind_known", condition=models.Q(kind__in=BotKind.values)),
            models.CheckConstraint(
                name="quiet_hours_of_a_bot_have_both_ends",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class Delivery(models.Model):
    """A notice on its way to a member's mailbox or a group's bot: due at a moment, then part of one message, `digest`."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="deliveries")
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, null=True, related_name="deliveries")
    # It goes into the one mail a day.
    daily = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, null=True, related_name="deliveries")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="delivery_waits", condition=models.Q(digest__isnull=True)),
            models.Index(fields=["user"], name="delivery_of_user", condition=models.Q(digest__isnull=True)),
            models.Index(fields=["bot"], name="delivery_of_bot", condition=models.Q(digest__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "user"], name="a_notice_once_to_a_members_mailbox"),
            models.UniqueConstraint(fields=["notice", "bot"], name="a_notice_once_to_a_bot"),
            models.CheckConstraint(
                name="a_delivery_goes_to_a_mailbox_or_a_bot",
                condition=models.Q(user__isnull=True, bot__isnull=False)
                | models.Q(user__isnull=False, bot__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} → {self.user_id or self.bot_id}"


class Follow(models.Model):
    """A member follows (关注) a request or an agency, by its case file."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="follows")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "case"], name="a_member_follows_a_case_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.case_id}"
