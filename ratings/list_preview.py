"""A list between its preview and the second press: what it would do first, and only then the import, by the same officer."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from accounts.models import Organisation, User
from ratings.actions import lists as actions
from ratings.models import ListImport
from ratings.queries.lists import Plan, plan_of
from ratings.rules import lists as rules

_KEPT_FOR = 30 * 60


@dataclass(frozen=True)
class Preview:
    """What taking the list in would do; `key` takes it in within half an hour."""

    key: str
    listing: rules.Listing
    plan: Plan


def preview(user: User, said: Mapping[str, Any]) -> Preview:
    """The dry run of a valid ListForm. Raises ListUnreadable, ListHeaderMissing, ListTooLarge or ListEmpty."""
    upload = said["file"]
    if upload.size > rules.LARGEST:
        raise rules.ListTooLarge(rows=rules.MOST_ROWS)
    content = upload.read()
    table = rules.read(content)
    listing = rules.Listing(said["name"], said["authority"], said["published_on"], said["source"])
    key = uuid.uuid4().hex
    kept = (user.pk, listing, table, upload.name or "", actions.digest(content))
    cache.set(_place(key), kept, _KEPT_FOR)
    return Preview(key, listing, plan_of(listing, table))


def take_in_previewed(user: User, by: Organisation, key: str) -> tuple[ListImport, bool]:
    """Take in what this officer was shown; and whether anything was new.

    Raises ListPreviewExpired, NotAnOfficer or ListOutdated.
    """
    kept = cache.get(_place(key))
    if kept is None or kept[0] != user.pk:
        raise rules.ListPreviewExpired()
    _who, listing, table, file_name, sha256 = kept
    found = actions.take_in(user, by, listing, table, file_name=file_name, sha256=sha256)
    cache.delete(_place(key))
    return found


def _place(key: str) -> str:
    return f"list-import:{key[:64]}"
