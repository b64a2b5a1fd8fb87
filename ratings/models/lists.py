"""Imported lists of dishonest parties (失信名单, P22.3): provenance of every row, and which agencies stand on which list.

A list changes no standing and no score: each match opens a case, and only a decision in it has effect.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency


class ListImport(models.Model):
    """One file of one list, taken in once. The newest of a list says who is on it. Append-only."""

    name = models.CharField(_("名单名称"), max_length=120)
    authority = models.CharField(_("公布机关"), max_length=120)
    published_on = models.DateField(_("公布日期"))
    source = models.URLField(_("来源网址"), max_length=300)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    bad_rows = models.PositiveIntegerField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["-published_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "authority", "sha256", "published_on"], name="list_taken_in_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.published_on}"


class ListRow(models.Model):
    """One organisation of an import, as it stood in the file; rows without a valid code are not kept. Append-only.

    All are kept, so that an agency that registers later does not shed a list by coming late.
    """

    taken = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="entries")
    row = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18, db_index=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["taken", "row"]
        constraints = [models.UniqueConstraint(fields=["taken", "uscc"], name="party_once_per_import")]

    def __str__(self) -> str:
        return f"{self.taken_id} {self.row}"


class FlagEnd(models.TextChoices):
    LEFT = "left", _("新一期名单中已无该机构")
    CORRECTED = "corrected", _("更正")


class ListFlag(models.Model):
    """An agency is on a list, from the import that put it there until it left or was corrected. Repair hides it (its case)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="list_flags")
    name = models.CharField(max_length=120)
    authority = models.CharField(max_length=120)
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    # The case it opened; null while an earlier one is undecided.
    case = models.ForeignKey("ratings.ExitCase", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=FlagEnd.choices, blank=True)
    ended_because = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-listed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name", "authority"],
                condition=models.Q(ended_at__isnull=True),
                name="one_flag_per_agency_and_list",
            ),
            models.CheckConstraint(
                name="flag_end_says_how",
                condition=models.Q(ended_at__isnull=True, ending="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ending=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.name}"
