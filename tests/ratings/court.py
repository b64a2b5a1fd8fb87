"""What tests of exit cases need: a court of officers, a case at any step through the real verbs, and time that passes."""

import json
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, Standing
from journal.actions import lock_case
from journal.queries import entries_of, record
from ratings.actions import exits
from ratings.clockwork.exits import do_due_cases
from ratings.models import ExitCase, Interim, Measure, Reentry, Repair, Trigger
from ratings.rules.exits import Ruling
from tests import cast
from tests.journal.checks import assert_chain_holds

FACT = [{"text": "2026 年 9 月交付的报告经复核数据失实。", "path": "/"}]


class Court:
    """A regulator with five officers, and an agency with somebody who acts for it."""

    def __init__(self, agency: Agency, prefix: str = "officer") -> None:
        self.agency = agency
        self.party: Organisation = agency.organisation
        self.person: User = agency.organisation.memberships.select_related("user").first().user  # type: ignore[union-attr]
        self.body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
        self.officers = [cast.person(f"{prefix}{n}@court.example", self.body) for n in range(5)]

    def open(
        self, proposed: Measure = Measure.SUSPEND, source: str = "act:1", trigger: Trigger = Trigger.CONDUCT
    ) -> ExitCase:
        """A case that a trigger opened."""
        with transaction.atomic():
            held = lock_case(f"A-{self.agency.uscc}")
            case = exits.open_case(held, self.agency, trigger, source, FACT, proposed)
        assert case is not None
        return case

    def noticed(self, proposed: Measure = Measure.SUSPEND, **fields: Any) -> ExitCase:
        """The first officer has served the notice."""
        case = self.open(proposed, **fields)
        return exits.serve_notice(self.officers[0], self.body, case.number, "事实清楚，依据充分。")

    def received(self, proposed: Measure = Measure.SUSPEND, **fields: Any) -> ExitCase:
        """The agency has looked at it."""
        return exits.receive_notice(self.party, self.noticed(proposed, **fields).number)

    def ripe(self, proposed: Measure = Measure.SUSPEND, **fields: Any) -> ExitCase:
        """The time to answer is over."""
        return let_pass(self.received(proposed, **fields), 30)

    def go_on(self, case: ExitCase) -> ExitCase:
        """A case that was opened elsewhere comes to a suspension, half of whose term is over."""
        exits.serve_notice(self.officers[1], self.body, case.number, "事实清楚，依据充分。")
        case = let_pass(exits.receive_notice(self.party, case.number), 30)
        case = exits.decide(
            self.officers[2], self.body, case.number, Ruling(Measure.SUSPEND, "违法事实成立。", months=3)
        )
        return let_pass(let_pass(case, 10), 50)

    def decided(self, measure: Measure = Measure.SUSPEND, months: int | None = None, **fields: Any) -> ExitCase:
        """The second officer has decided, the third has seconded a removal."""
        case = self.ripe(measure, **fields)
        terms = {Measure.SUSPEND: 3, Measure.REMOVE: 24}
        ruling = Ruling(measure, "违法事实成立。", months=months or terms.get(measure))
        case = exits.decide(self.officers[1], self.body, case.number, ruling)
        if measure == Measure.REMOVE:
            case = exits.second(self.officers[2], self.body, case.number, agrees=True)
        return case

    def in_force(self, measure: Measure = Measure.SUSPEND, **fields: Any) -> ExitCase:
        """It has taken effect."""
        case = let_pass(self.decided(measure, **fields), 10)
        self.agency.refresh_from_db()
        return case

    def appealed(self, measure: Measure = Measure.SUSPEND, **fields: Any) -> ExitCase:
        """The agency has appealed."""
        return exits.appeal(self.person, self.party, self.decided(measure, **fields).number, "事实有误。")


def let_pass(case: ExitCase, days: float) -> ExitCase:
    """So many days pass over a case and what hangs on it, and a clock comes by."""
    shift(case, days)
    do_due_cases()
    case.refresh_from_db()
    return case


def shift(case: ExitCase, days: float) -> None:
    """Move every date of a case into the past."""
    past = timedelta(days=days)
    for row in [
        *ExitCase.objects.filter(pk=case.pk),
        *Interim.objects.filter(case=case),
        *Reentry.objects.filter(case=case),
        *Repair.objects.filter(case=case),
    ]:
        dates = [f.attname for f in row._meta.concrete_fields if isinstance(f, models.DateTimeField)]
        moved = {name: getattr(row, name) - past for name in dates if getattr(row, name) is not None}
        type(row)._default_manager.filter(pk=row.pk).update(**moved)
    Agency.objects.filter(pk=case.agency_id, standing_until__isnull=False).update(
        standing_until=models.F("standing_until") - past
    )


def chain_holds(name: str) -> None:
    """The case file of that name is one unbroken chain."""
    assert_chain_holds(json.loads(b"".join(record(name)))["entries"])


def standing(court: Court) -> Standing:
    """The agency's, as it is now."""
    court.agency.refresh_from_db()
    return Standing(court.agency.standing)


def kinds(court: Court) -> list[str]:
    """What the agency's file says, in order."""
    return [entry.kind for entry in entries_of(f"A-{court.agency.uscc}").order_by("seq")]
