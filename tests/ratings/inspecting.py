"""Bring random inspections about: a register of inspectors, a plan, its contributions, and time that passes."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.models import Organisation, User
from core.clock import database_now
from draws import giving
from draws.clockwork import do_due_draws
from ratings.actions import inspections
from ratings.clockwork.inspections import do_due_plans
from ratings.models import Inspection, Inspector, Plan
from ratings.rules.inspections import Sheet
from tests import cast
from tests.draws.ceremony import Team, let_pass, offer

CLOSES_IN = timedelta(hours=1)
CHECKS = ("资质真实有效", "收费公示完整")


@dataclass
class Inspectorate:
    """A regulator with trustees to rely on and inspectors to send."""

    body: Organisation
    officer: User
    team: Team
    inspectors: list[Inspector] = field(default_factory=list)
    bytes_of: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @classmethod
    def with_inspectors(cls, body: Organisation, officer: User, count: int) -> "Inspectorate":
        made = cls(body, officer, Team.of(5))
        for number in range(count):
            user = cast.person(f"inspector{number}@regulator.example", body, name=f"检查员{number}")
            made.inspectors.append(inspections.enter_inspector(body, user, f"甘A-{number:04d}"))
        return made

    def plan(self, agencies: int = 1, **fields: Any) -> Plan:
        draft = inspections.PlanDraft(
            **{
                "title": "环评机构专项抽查",
                "scope": {},
                "agencies_wanted": agencies,
                "inspectors_wanted": 2,
                "checks": CHECKS,
                "closes_at": database_now() + CLOSES_IN,
                **fields,
            }
        )
        return inspections.plan_inspection(self.officer, self.body, draft)

    def contribute(self, plan: Plan, by: Organisation | None = None, user: User | None = None) -> None:
        body = by or self.body
        draws = (plan.of_agencies, plan.of_inspectors)
        own = {(draw.name, body.uscc): secrets.token_bytes(32) for draw in draws}
        offers = {draw.name: offer(draw, body.uscc, own[(draw.name, body.uscc)]) for draw in draws}
        giving.contribute(user or self.officer, body, json.dumps(offers))
        self.bytes_of |= own

    def reveal(self, plan: Plan, by: Organisation | None = None) -> None:
        body = by or self.body
        draws = (plan.of_agencies, plan.of_inspectors)
        giving.reveal(body, {draw.name: self.bytes_of[(draw.name, body.uscc)] for draw in draws})

    def seal(self, plan: Plan) -> None:
        let_pass(CLOSES_IN)
        do_due_plans()
        plan.refresh_from_db()

    def drawn(self, agencies: int = 1, **fields: Any) -> Plan:
        """A plan with everything contributed, revealed, drawn and assigned."""
        plan = self.plan(agencies, **fields)
        self.contribute(plan)
        self.seal(plan)
        self.reveal(plan)
        assert do_due_draws() == 2
        assert do_due_plans() == 1
        return Plan.objects.get(pk=plan.pk)


def sheet(finding: str = "clean", summary: str = "资质有效，公示完整。", *, ok: bool = True, note: str = "") -> Sheet:
    return Sheet([{"check": check, "ok": ok, "note": note} for check in CHECKS], finding, summary)


def inspectors_of(one: Inspection) -> tuple[User, User]:
    first, second = one.inspectors.order_by("certificate")
    return first.user, second.user
