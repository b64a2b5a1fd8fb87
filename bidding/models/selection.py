"""How far a selection that is no live auction has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from draws.models import Draw
from marketplace.models import Request


class Stage(models.TextChoices):
    """What a selection waits for between the end of enrolment and its result (R3)."""

    DRAWING = "drawing", _("等待抽取")
    OPENING = "opening", _("开启报价")
    SCORING = "scoring", _("专家评审")
    PICKING = "picking", _("采购人择定")
    CONFIRMING = "confirming", _("等待机构确认")
    CLOSED = "closed", _("已结束")
    FAILED = "failed", _("流标")


ENDED = (Stage.CLOSED, Stage.FAILED)


class Selection(models.Model):
    """The selection of a request by any method but the live auction. Changed only under the request's case lock.

    It goes on when the draw it waits for is made, when `due_at` comes, or when somebody acts.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="selection")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    waits_for = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="selection_due", condition=models.Q(due_at__isnull=False))]
        constraints = [
            models.CheckConstraint(name="selection_stage_known", condition=models.Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="selection_ended_waits_for_nothing",
                condition=~models.Q(stage__in=ENDED) | models.Q(due_at__isnull=True, waits_for__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.stage}"
