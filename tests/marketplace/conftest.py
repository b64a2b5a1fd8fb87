"""Worlds for the tests that commit from several threads."""

from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.models import ServiceItem
from tests.committed import for_real


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This test commits and nothing of it stays; in place of pytest-django's own, which the journal refuses."""
    with django_db_blocker.unblock():
        before = set(ServiceItem.objects.values_list("pk", flat=True))
    with for_real(django_db_blocker):
        yield
    with django_db_blocker.unblock():
        ServiceItem.objects.exclude(pk__in=before).delete()
