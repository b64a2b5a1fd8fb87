"""What rows of several tables find in the same way."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from bidding import queries
from contracts.queries import contract_in_public
from journal.models import Entry
from journal.queries import entries_of

RECORD = "docs/protocol.md (record)"


def entries(name: str) -> QuerySet[Entry]:
    """The entries of a case file."""
    return entries_of(name).select_related("case")


def unpacked(pieces: Iterable[bytes]) -> Any:
    """A record that is written piece by piece, as JSON values."""
    return json.loads(b"".join(pieces))


def seen(number: str) -> str:
    """The number of a request in public; raises Http404."""
    return queries.public_request(number).number or ""


def signed(number: str) -> str:
    """The number of a contract in public; raises Http404."""
    contract_in_public(number)
    return number
