"""Random inspections of the invented year, told by the platform's own verbs at the times they happened."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from accounts.models import Organisation, User
from core.clock import BEIJING
from demo import trustees
from demo.past_clock import PastClock
from draws import giving
from draws.clockwork import do_due_draws
from draws.queries import trustees_of
from journal.contributions import Contribution
from ratings.actions import inspections
from ratings.models import Inspection, Plan
from ratings.queries.inspections import digest_of
from ratings.rules.inspections import Sheet, previous_month

_CHECKS = ("资质和人员与公示一致", "报告档案完整、可追溯", "收费与公示相符")
_FOUND = (
    ("clean", "资质有效，档案完整，收费与公示一致。", True, ""),
    ("corrected", "一份报告的原始记录未归档，已当场补齐。", False, "现场记录缺一页"),
    ("clean", "抽查三份报告，程序和签字齐全。", True, ""),
)


class InspectionTeller:
    """Plans, draws and findings; the officers are the inspectors too."""

    def __init__(self, clock: PastClock, now: datetime, body: Organisation, officers: Sequence[User]) -> None:
        self._clock, self._now, self._body, self._officers = clock, now, body, officers

    def tell(self) -> None:
        """The register and the trustees first, then plans: over, waiting for a report, and just begun."""
        self._clock.set(self._now - timedelta(days=200))
        trustees.appoint()
        for number, officer in enumerate(self._officers, 1):
            inspections.enter_inspector(self._body, officer, f"甘行执 6200{number:04d}")
        self._special(120, "环境影响评价机构专项抽查", 3, {"until": self._day(121)}, reported=3)
        last = previous_month(self._now.astimezone(BEIJING).date())
        self._newcomers(previous_month(last))
        self._newcomers(last, reported=False)
        self._special(9, "测绘服务机构专项抽查", 2, {"until": self._day(10)}, reported=0)
        self._clock.set(self._now - timedelta(hours=2))
        self._plan("兰州市中介服务机构随机抽查", 2, {"region": "620100"}, self._now + timedelta(days=1))

    def _special(self, days_ago: int, title: str, wanted: int, scope: dict[str, object], *, reported: int) -> None:
        at = self._now - timedelta(days=days_ago)
        self._clock.set(at)
        plan = self._plan(title, wanted, scope, at + timedelta(hours=24))
        if plan is not None:
            self._hold(plan)
            self._report(plan, reported)

    def _newcomers(self, month: date, *, reported: bool = True) -> None:
        begun = datetime.combine(month, datetime.min.time(), BEIJING) + timedelta(days=32, hours=10)
        if begun > self._now - timedelta(days=3):
            return  # the month has hardly begun: the clock will plan it
        self._clock.set(begun)
        plan = inspections.plan_newcomers(self._body, month)
        if plan is not None:
            self._hold(plan)
            self._report(plan, plan.agencies_wanted if reported else 0)

    def _plan(self, title: str, wanted: int, scope: dict[str, object], closes_at: datetime) -> Plan | None:
        draft = inspections.PlanDraft(title, scope, wanted, 2, _CHECKS, closes_at=closes_at)
        return inspections.plan_inspection(self._officers[0], self._body, draft)

    def _hold(self, plan: Plan) -> None:
        """Contribute, seal, reveal, draw and assign."""
        draws = (plan.of_agencies, plan.of_inspectors)
        own = {draw.name: secrets.token_bytes(32) for draw in draws}
        offers = {
            draw.name: Contribution.of(self._body.uscc, own[draw.name], trustees_of(draw)).as_json() for draw in draws
        }
        giving.contribute(self._officers[0], self._body, json.dumps(offers))
        self._clock.set(plan.of_agencies.closes_at + timedelta(seconds=1))
        inspections.move_on(plan.number)
        self._clock.set(plan.of_agencies.closes_at + timedelta(minutes=4))
        giving.reveal(self._body, own)
        do_due_draws()
        inspections.move_on(plan.number)

    def _report(self, plan: Plan, wanted: int) -> None:
        drawn = Inspection.objects.filter(plan=plan).order_by("rank")[:wanted]
        for number, one in enumerate(drawn.select_related("agency__organisation")):
            finding, summary, ok, note = _FOUND[number % len(_FOUND)]
            lines = [
                {"check": check, "ok": ok or n > 0, "note": "" if n else note} for n, check in enumerate(plan.checks)
            ]
            first, second = (inspector.user for inspector in one.inspectors.order_by("certificate")[:2])
            self._clock.set(plan.of_agencies.closes_at + timedelta(days=6 + number))
            inspections.report(first, plan.number, one.agency.uscc, Sheet(lines, finding, summary))
            one.refresh_from_db()
            inspections.confirm(second, plan.number, one.agency.uscc, digest_of(one))

    def _day(self, days_ago: int) -> str:
        return (self._now - timedelta(days=days_ago)).astimezone(BEIJING).date().isoformat()
