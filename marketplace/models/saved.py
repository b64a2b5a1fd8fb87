"""Searches that organisations keep, and whom a request in public has been told to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from marketplace.models.requests import Request


class SavedSearch(models.Model):
    """The filters of a list under a name (保存并订阅). `query` is the query string of the list's page, in one spelling."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="searches")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=20)
    query = models.CharField(max_length=500)
    name = models.CharField(_("名称"), max_length=80)
    saved_at = models.DateTimeField(auto_now_add=True)
    # Since when its organisation wants no more news of it.
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "list", "query"], name="search_saved_once"),
            models.CheckConstraint(name="search_narrows_something", condition=~models.Q(query="")),
        ]
        indexes = [
            models.Index(fields=["list", "id"], name="search_wants_news", condition=models.Q(stopped_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Announcement(models.Model):
    """A request in public that those who wait for such a one are told of, a slice of them at a time.

    `searches` and `agencies` are the keys up to which saved searches and agencies have been gone through.
    """

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="announcement")
    searches = models.BigIntegerField(default=0)
    agencies = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="announcement_not_done", condition=models.Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class Alert(models.Model):
    """An organisation has been told of a request: never again, whatever else of its searches finds it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="alerts")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="alerts")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "request"], name="told_of_a_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.request_id}"
