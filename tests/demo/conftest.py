"""The demo's year, in a copy of the database that was seeded once in the run."""

import secrets
from collections.abc import Iterator
from typing import Any

from django.db import connection

import pytest

from marketplace.models import Request
from tests.plumbing import cluster, live


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A year takes seconds to tell: whoever asks for it is slow."""
    for item in items:
        if "seeded" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The whole year behind the tests of a file; the number of its requests."""
    year = cluster.create(f"year_{secrets.token_hex(6)}", template=live.template(demo=True))
    own = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        _turn_to(year.name)
        try:
            yield Request.objects.count()
        finally:
            _turn_to(own)
            cluster.drop(year.name)


@pytest.fixture
def year(seeded: int, db: None) -> int:
    """The whole year, for a test that may change it."""
    return seeded


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
