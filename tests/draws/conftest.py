"""One draw of three names, for a regulator's purpose."""

from datetime import timedelta

from django.db import transaction

import pytest

from accounts.models import Organisation
from core.clock import database_now
from draws.actions import open_draw
from draws.models import Draw
from journal.actions import open_case
from tests.draws.ceremony import Team

CLOSES_IN = timedelta(hours=1)


@pytest.fixture
def team(db: None) -> Team:
    return Team.of(5)


@pytest.fixture
def draw(team: Team, waterworks: Organisation) -> Draw:
    with transaction.atomic():
        held = open_case("I-TEST-1")
        return open_draw(held, "I-TEST-1-names", "抽取三家", database_now() + CLOSES_IN, [waterworks.uscc])
