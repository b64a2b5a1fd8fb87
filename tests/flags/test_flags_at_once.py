"""Two officers and two clocks at once, on the real database."""

from typing import Any

import pytest

from core.clock import database_now
from flags import actions
from flags.actions.raising import note_moved
from flags.clockwork import look_at_what_moved
from flags.models import Flag, Moved, Status
from flags.rules import Scope
from flags.rules.life import FlagStep
from journal.models import Entry
from ratings.models import ExitCase
from tests import cast
from tests.committed import at_once, for_real
from tests.flags.stage import Bench

pytestmark = pytest.mark.race


def test_of_two_officers_one_dismisses_and_one_opens_a_case_or_hears_of_it(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with for_real(django_db_blocker):
        bench = Bench(cast.agency("兰州第一测绘公司"), cast.agency("兰州第二测绘公司"))
        flag = bench.same_price()
        assert flag is not None
        results = at_once(
            lambda: actions.dismiss(bench.officers[1], bench.body, flag.number, "国家规定收费"),
            lambda: bench.in_a_case(flag),
        )
        refused = [one for one in results if isinstance(one, FlagStep)]
        assert len(refused) == 1, results
        flag.refresh_from_db()
        assert (flag.status == Status.CASE) == ExitCase.objects.exists()
        assert Entry.objects.filter(case__name=flag.number).count() == 2


def test_what_moved_is_looked_at_once_by_any_number_of_clocks(django_db_setup: None, django_db_blocker: Any) -> None:
    with for_real(django_db_blocker):
        note_moved([(Scope.BUYER, (f"91620100MA0BUYER{n:02d}",)) for n in range(12)], database_now())
        note_moved([(Scope.BUYER, ("91620100MA0BUYER00",))], database_now())
        looked = at_once(look_at_what_moved, look_at_what_moved, look_at_what_moved)
        assert sum(one for one in looked if isinstance(one, int)) == 12, looked
        assert not Moved.objects.exists()
        assert not Flag.objects.exists()
