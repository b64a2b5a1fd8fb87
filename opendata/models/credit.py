"""What credit information was shared, change by change (P22.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class CreditKind(models.TextChoices):
    AGENCY = "agency", _("机构信用")
    ACT = "act", _("失信行为")
    MEASURE = "measure", _("处理决定")
    BUYER = "buyer", _("采购人信用")


class CreditChange(models.Model):
    """The `seq`-th change of what is shared of credit: `key` has this content from now on, or none any more.

    Numbers have no gaps. Only the newest change of a key keeps its content: what was corrected, struck or repaired is not
    there any more for anybody who reads from the beginning.
    """

    seq = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=CreditKind.choices)
    uscc = models.CharField(max_length=18)
    at = models.DateTimeField()
    newest = models.BooleanField(default=True)
    content = models.JSONField(null=True)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["kind", "uscc"], name="credit_change_of_whom")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(newest=True), name="one_newest_credit_change_per_key"
            ),
            models.CheckConstraint(name="credit_change_seq_positive", condition=models.Q(seq__gt=0)),
            models.CheckConstraint(
                name="superseded_credit_says_nothing", condition=models.Q(newest=True) | models.Q(content__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.key}"


class CreditLook(models.Model):
    """When it was last looked whether time alone changed what is shared of somebody: a plan, no record."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="credit_look")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.at:%Y-%m-%d}"
