"""Several hands on the credits of several agencies at the same moment: the kept counts miss none of it."""

from collections.abc import Callable
from decimal import Decimal

from agencies.models import Agency, Grade
from tests import cast
from tests.agencies.test_ranking import give, kept, there
from tests.committed import at_once


def test_whoever_changes_credits_at_once_is_counted(transactional_db: None) -> None:
    several = [cast.agency(f"第{number}咨询有限公司") for number in range(4)]
    Agency.objects.update(credit=Decimal("80.0"), grade=Grade.B)

    def change(agency: Agency) -> Callable[[], None]:
        def turns() -> None:
            for number in range(15):
                give(agency, Decimal(80 + number % 3))

        return turns

    assert at_once(*(change(agency) for agency in several)) == [None] * 4
    assert kept() == there() == {Decimal("82.0"): 4}
