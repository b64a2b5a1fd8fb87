"""Questions and answers about a notice (R3): public and unnamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency
from marketplace.models import Request


class Question(models.Model):
    """What an agency asked about a request, and the buyer's one answer. Who asked is told to nobody.

    `asked_by` serves only to count an agency's questions and to tell it the answer.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="questions")
    n = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("问题"))
    asked_at = models.DateTimeField()
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["request", "n"]
        indexes = [
            models.Index(fields=["request"], name="question_unanswered", condition=models.Q(answered_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "n"], name="question_number_once_per_request"),
            models.CheckConstraint(
                name="question_answered_says_something",
                condition=models.Q(answered_at__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.n}"
