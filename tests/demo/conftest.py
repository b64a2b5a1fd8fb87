"""The demo's year, seeded once for a file of tests and rolled back after it."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

import pytest

from demo.actions import seed


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The whole year; the number of its requests."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield seed()
                raise _Undo
        except _Undo:
            pass


@pytest.fixture
def year(seeded: int, db: None) -> int:
    """The whole year, for a test that may change it."""
    return seeded
