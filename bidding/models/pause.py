"""Pauses of a live auction (R5.7), and the signs by which they are judged: clocks that beat, sockets that are there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bidding.models.auction import Auction
from bidding.models.enrolment import Enrolment


class PauseCause(models.TextChoices):
    HEARTBEAT = "heartbeat", _("时钟服务超过 10 秒无心跳")
    CLOCK_STEP = "clock_step", _("服务器时钟跳变")
    FAILOVER = "failover", _("数据库切换或重启")
    SOCKETS = "sockets", _("多家竞价人同时断线")
    OFFICERS = "officers", _("两名监管人员决定暂停")


class Pause(models.Model):
    """One pause, or an officer's proposal of one that a second has not confirmed yet (`paused_at` is null)."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="pauses")
    because = models.CharField(max_length=12, choices=PauseCause.choices)
    reason = models.TextField(_("暂停理由（公开）"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lapsed = models.BooleanField(default=False)
    # From when on nobody could bid with fairness; what was left then is given back.
    paused_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="pause_cause_known", condition=models.Q(because__in=PauseCause.values)),
            models.CheckConstraint(
                name="pause_confirmer_is_not_proposer",
                condition=models.Q(confirmed_by__isnull=True)
                | (models.Q(proposed_by__isnull=False) & ~models.Q(confirmed_by=models.F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="pause_by_officers_has_two_and_a_reason",
                condition=~models.Q(because=PauseCause.OFFICERS)
                | models.Q(paused_at__isnull=True)
                | (models.Q(confirmed_by__isnull=False) & ~models.Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["auction"],
                condition=models.Q(paused_at__isnull=False, resumed_at__isnull=True),
                name="one_pause_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["auction"],
                condition=models.Q(paused_at__isnull=True, lapsed=False),
                name="one_proposal_to_pause_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.because}"


class Heartbeat(models.Model):
    """When a clock was last alive, and the newest silence or step of the clock. One row, written by all clocks."""

    at = models.DateTimeField()
    gap_from = models.DateTimeField(null=True)
    gap_to = models.DateTimeField(null=True)
    stepped_at = models.DateTimeField(null=True)
    step_ms = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_heartbeat_for_all_clocks", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.at}"


class RoomProcess(models.Model):
    """A process that serves rooms; while it lives it says so every second."""

    id = models.UUIDField(primary_key=True)
    alive_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Presence(models.Model):
    """A bidder's sockets in one process: there, or lost since when."""

    process = models.ForeignKey(RoomProcess, on_delete=models.CASCADE, related_name="presences")
    auction = models.ForeignKey(Auction, on_delete=models.CASCADE, related_name="presences")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "auction", "enrolment"], name="presence_once_per_process")
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.enrolment_id}"
