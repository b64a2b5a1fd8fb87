"""What sealed entries of case files say, as long as it may be said (P22.3).

An entry that a credit repair must be able to take back stands in its case file as a salted commitment. Its words and its
salt are rows of this table: public while they are here, gone for good when they are deleted.
"""

from django.db import models

from journal.models import Case


class Opening(models.Model):
    """The words and the salt of one sealed entry. `subject` names what they are about, and are deleted with."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="openings")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, db_index=True)
    salt = models.BinaryField(max_length=32)
    value = models.JSONField()

    class Meta:
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_opening_per_entry")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq}"
