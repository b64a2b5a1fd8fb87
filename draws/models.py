"""Draws with their contributions, and the trustees who open what a silent contributor keeps back (R4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from journal.models import Case


class Trustee(models.Model):
    """A person who holds a private key of their own; only the public one is here. They stand for one organisation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trusteeships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    public_key = models.BinaryField(max_length=32, null=True, unique=True)
    nominated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    nominated_at = models.DateTimeField()
    keyed_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="trustee_once_at_a_time", condition=models.Q(retired_at__isnull=True)
            ),
            models.CheckConstraint(
                name="trustee_key_has_its_time",
                condition=models.Q(public_key__isnull=True, keyed_at__isnull=True)
                | models.Q(public_key__isnull=False, keyed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.user.name}"


class Draw(models.Model):
    """One draw. Its steps stand in the case file of what is drawn for; a trigger holds their order.

    `trustees` is {"keys": [hex], "threshold"} as it was when the draw opened, `sealed` what was sealed, `result` the
    published draw that `python -m journal.draw` checks.
    """

    name = models.CharField(_("编号"), max_length=60, unique=True)
    title = models.CharField(_("抽取事项"), max_length=200)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="draws")
    trustees = models.JSONField()
    compulsory = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    sealed = models.JSONField(null=True)
    seal = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["closes_at"], name="draw_due", condition=models.Q(drawn_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="draw_sealed_after_its_close",
                condition=models.Q(sealed_at__isnull=True, sealed__isnull=True, seal="")
                | models.Q(sealed_at__gte=models.F("closes_at"), sealed__isnull=False, seal__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="draw_drawn_after_its_seal",
                condition=models.Q(drawn_at__isnull=True, result__isnull=True)
                | models.Q(drawn_at__gte=models.F("sealed_at"), result__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def threshold(self) -> int:
        """How many trustees open an envelope together."""
        threshold: int = self.trustees["threshold"]
        return threshold


class Contribution(models.Model):
    """32 random bytes of one contributor: committed to and in an envelope before the close, opened after it.

    `held` are the platform's own bytes until it reveals them; everybody else keeps theirs. `r` is null until opened, and
    stays null if all trustees together found nothing that fits.
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="contributions")
    identity = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    commitment = models.BinaryField(max_length=32)
    envelope = models.JSONField()
    at = models.DateTimeField()
    held = models.BinaryField(max_length=32, null=True)
    r = models.BinaryField(max_length=32, null=True)
    opened_at = models.DateTimeField(null=True)
    forced = models.BooleanField(default=False)

    class Meta:
        ordering = ["draw", "identity"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "identity"], name="one_contribution_each"),
            models.CheckConstraint(
                name="contribution_opened_has_its_time",
                condition=models.Q(r__isnull=True) | models.Q(opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw} {self.identity}"

    @property
    def commitment_hex(self) -> str:
        """As pages and files show it."""
        return bytes(self.commitment).hex()


class Share(models.Model):
    """What one trustee decrypted of a contribution that its contributor kept back; null: it could not be decrypted."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="shares")
    number = models.PositiveSmallIntegerField()
    share = models.BinaryField(max_length=64, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["contribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="one_share_each"),
            models.CheckConstraint(name="shares_count_from_one", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.contribution} {self.number}"
