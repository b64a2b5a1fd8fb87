"""Worlds for the tests of live rooms."""

from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.models import ServiceItem
from tests.committed import for_real


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This test commits, from several threads if it likes, and nothing of it stays.

    In place of pytest-django's own, which empties every table: the journal refuses that, and regions come from a migration.
    """
    with django_db_blocker.unblock():
        before = set(ServiceItem.objects.values_list("pk", flat=True))
    with for_real(django_db_blocker):
        yield
    with django_db_blocker.unblock():
        ServiceItem.objects.exclude(pk__in=before).delete()
