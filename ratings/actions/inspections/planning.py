"""Plan an inspection: by an officer, or by the month for newcomers (R2). Both open two draws in a case file of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from accounts.models import Kind, Organisation, User
from accounts.notices import tell
from core.clock import BEIJING, database_now, rfc3339
from core.queries import calendar
from core.text import clean
from draws.actions import open_draw
from journal.actions import Held, open_case
from ratings.entries import InspectionEntry
from ratings.models import Plan, PlanKind
from ratings.queries.inspections import active_inspectors, pool_of, spared
from ratings.rules import inspections as rules
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from ratings.rulesets import CURRENT, CreditRules, credit_rules

# What newcomers are checked for: R2 lets everybody in, and looks afterwards.
NEWCOMER_CHECKS = (
    "登记信息与市场主体登记一致",
    "所持资质、资格证书真实有效",
    "人员、场所与承诺一致",
    "服务承诺和收费公示完整",
)


@dataclass(frozen=True)
class PlanDraft:
    """A plan as an officer writes it; `scope` and `excluded` as `Plan` keeps them."""

    title: str
    scope: dict[str, Any]
    agencies_wanted: int
    inspectors_wanted: int
    checks: Sequence[str]
    excluded: Sequence[dict[str, str]] = field(default_factory=list)
    closes_at: datetime | None = None


@transaction.atomic(durable=True)
def plan_inspection(user: User, by: Organisation, draft: PlanDraft) -> Plan:
    """Plan one and open its draws. Raises NotAnOfficer, ReasonsMissing, PoolTooSmall, TooFewInspectors or TrusteesMissing."""
    if by.kind != Kind.REGULATOR:
        raise NotAnOfficer()
    title, checks = clean(draft.title), [said for line in draft.checks if (said := clean(line))]
    if not title or not checks or not all(clean(one["reason"]) for one in draft.excluded):
        raise ReasonsMissing()
    numbers = credit_rules(CURRENT)
    free = pool_of(draft.scope) - {one["uscc"] for one in draft.excluded}
    now = database_now()
    free -= spared(now, numbers.inspections.spared_months)
    rules.judge_plan(len(free), draft.agencies_wanted, len(active_inspectors()), draft.inspectors_wanted)
    return _make(
        numbers,
        by=by,
        created_by=user,
        kind=PlanKind.PLANNED,
        title=title,
        scope=draft.scope,
        excluded=list(draft.excluded),
        agencies_wanted=draft.agencies_wanted,
        inspectors_wanted=draft.inspectors_wanted,
        checks=checks,
        closes_at=draft.closes_at,
    )


@transaction.atomic(durable=True)
def plan_newcomers(by: Organisation, month: date) -> Plan | None:
    """The month's check of 5 % of its new agencies; None where nobody registered, or it is planned already.

    Raises TooFewInspectors or TrusteesMissing: the clock comes back until there are some.
    """
    numbers = credit_rules(CURRENT)
    scope = {"since": month.isoformat(), "until": rules.next_month(month).isoformat()}
    pool = len(pool_of(scope))
    if not pool or Plan.objects.filter(month=month).exists():
        return None
    wanted = rules.share_of(pool, numbers.inspections.new_agencies_percent)
    each = numbers.inspections.inspectors
    rules.judge_plan(pool, wanted, len(active_inspectors()), each)
    return _make(
        numbers,
        by=by,
        kind=PlanKind.NEW,
        title=f"{month.year}年{month.month}月新入驻机构抽查",
        month=month,
        scope=scope,
        agencies_wanted=wanted,
        inspectors_wanted=each,
        checks=list(NEWCOMER_CHECKS),
        closes_at=None,
    )


def _make(numbers: CreditRules, *, by: Organisation, closes_at: datetime | None, **fields: Any) -> Plan:
    held = open_case(_next_number())
    closes = closes_at or calendar().add(held.now, numbers.inspections.contribution_wd)
    held.append(InspectionEntry.PLANNED, _planned(held, numbers, by, fields))
    draws = {
        of: open_draw(held, f"{held.name}-{of}", f"{fields['title']}：{what}", closes, [by.uscc])
        for of, what in (("agencies", "抽取机构"), ("inspectors", "抽取检查人员"))
    }
    made = Plan.objects.create(
        number=held.name,
        case_id=held.id,
        by=by,
        ruleset=numbers.id,
        created_at=held.now,
        of_agencies=draws["agencies"],
        of_inspectors=draws["inspectors"],
        **fields,
    )
    # The title is put in by %-formatting when the notice is shown.
    subject = gettext_noop("抽查 %(number)s 需要贵单位提交随机数")
    tell(by.pk, subject, {"number": made.number}, f"/inspections/{made.number}/", event="inspection.news")
    return made


def _planned(held: Held, numbers: CreditRules, by: Organisation, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "by": by.uscc,
        "kind": str(fields["kind"]),
        "title": fields["title"],
        "scope": fields["scope"],
        "excluded": fields.get("excluded", []),
        "agencies": fields["agencies_wanted"],
        "inspectors": fields["inspectors_wanted"],
        "checks": list(fields["checks"]),
        "ruleset": {"id": numbers.id, "sha256": numbers.sha256},
        "at": rfc3339(held.now),
    }


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ratings_inspection_number')")
        (serial,) = cursor.fetchone()
    return f"I-{database_now().astimezone(BEIJING).year}-{serial:06d}"
