"""The record of a free choice (选择理由): a comparison as it stood, and why the buyer chose whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency
from marketplace.models import Request


class Choice(models.Model):
    """`body` are the canonical bytes (RFC 8785) of a "comparison/1", whose SHA-256 stands in the request's case file.

    `seq` is that entry. Written once, under the request's case.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="choice")
    chosen = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(_("选择理由"), max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="choice_says_why", condition=~models.Q(reason="")),
            models.CheckConstraint(name="choice_hash_is_sha256", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.sha256}"
