"""The demo's year is history: nobody is told of it when the clocks begin."""

import pytest

from config.chores import FOLLOWERS
from flags import clockwork as flags
from journal.models import Follower
from journal.sealing import tree

pytestmark = pytest.mark.slow


def test_no_follower_has_the_year_before_it(year: int) -> None:
    sealed = tree.size()
    assert sealed > 10_000
    assert set(Follower.objects.filter(position=sealed).values_list("name", flat=True)) >= {flags.FOLLOWER, *FOLLOWERS}
