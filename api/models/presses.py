"""Writes with an `Idempotency-Key`: what was asked and what was answered, so that asking twice does once."""

from django.db import models

from accounts.models import User


class KeyedPress(models.Model):
    """One write under its key. `status` is null while it is at work, and for ever if its process died on the way.

    `digest` is the SHA-256 of method, path and body. `who` is `user:<pk>` or, without signing in, `address:<client>`.
    """

    who = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    # JSON as it was sent: a column of JSON keeps neither the order of members nor every character.
    answer = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["begun_at"], name="keyed_press_oldest")]
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="one_press_per_key")]

    def __str__(self) -> str:
        return f"{self.who} {self.key}"
