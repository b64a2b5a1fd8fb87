"""Tenders that came from elsewhere, so that none comes twice."""

from django.db import models

from accounts.models import Organisation
from marketplace.models import Request


class ImportedTender(models.Model):
    """A request that was drafted from an OCDS tender. It goes with its draft, which may then be imported again."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ocid = models.CharField(max_length=200)
    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="imported_tender")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "ocid"], name="tender_imported_once_per_buyer"),
        ]

    def __str__(self) -> str:
        return self.ocid
