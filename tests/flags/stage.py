"""What tests of flags need: a regulator with officers, and flags raised through the real verb."""

from itertools import count

from django.db import transaction

from accounts.models import Kind, User
from agencies.models import Agency
from flags.actions.raising import raise_all
from flags.models import Flag, Status
from flags.rows import Window
from flags.rules import Scope
from flags.rulesets import flag_rules
from ratings.models import Measure
from tests import cast
from tests.flags.making import day, process

_names = count(1)


class Bench:
    """A regulator with three officers, and two agencies that a flag can be about."""

    def __init__(self, one: Agency, other: Agency) -> None:
        self.one, self.other = one, other
        self.body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
        self.officers: list[User] = [cast.person(f"flags{n}@bench.example", self.body) for n in range(3)]

    def same_price(self, *numbers: str) -> Flag | None:
        """The flag that the two asked the same price in these requests; None if nothing is raised."""
        prices = {self.one.uscc: 100_000, self.other.uscc: 100_000}
        return self._raise("C4b", *(process(prices, number=number) for number in numbers or ("GS-2026-000001",)))

    def splitting(self, buyer: str = "91620100MA0BUYER00") -> Flag:
        """A flag about a buyer: nobody's exit case."""
        near = [process({"A": 90_000, "B": 95_000}, at=n, ceiling=9_500_000, number=f"GS-{n}") for n in range(3)]
        with transaction.atomic():
            window = Window((buyer,), day(9), tuple(near), tiers=(10_000_000,))
            raise_all(window, Scope.BUYER, flag_rules())
        return Flag.objects.get(rule="B7", subject__0=buyer)

    def in_a_case(self, flag: Flag) -> Flag:
        """The first officer has opened an exit case from it."""
        from flags import actions

        return actions.open_case(
            self.officers[0], self.body, flag.number, self.one.uscc, "两家多次报出同一价格。", Measure.SUSPEND
        )

    def judged(self, how_many: int, confirmed: int) -> None:
        """So many flags of one rule that were judged, some of them right."""
        for n in range(how_many):
            flag = self._raise("C4b", process({f"A{next(_names)}": 100_000, f"B{n}": 100_000}))
            assert flag is not None
            right = n < confirmed
            Flag.objects.filter(pk=flag.pk).update(
                status=Status.CONFIRMED if right else Status.REFUTED,
                opened_by=self.officers[0],
                referred_to="公安机关",
                concluded_at=flag.raised_at,
                conclusion="查实" if right else "不实",
            )

    @staticmethod
    def _raise(rule: str, *processes: object) -> Flag | None:
        with transaction.atomic():
            window = Window(("TST-01", "620100"), day(365), processes)  # type: ignore[arg-type]
            made = raise_all(window, Scope.MARKET, flag_rules())
        return next((flag for flag in made if flag.rule == rule), None)
