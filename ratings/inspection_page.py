"""One inspection plan as its public page shows it: the two draws with their stages, and the drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Region
from draws.shown import DrawShown, shown
from marketplace.models import ServiceItem
from ratings.actions.inspections.ceremony import draws_of
from ratings.models import Inspection, Plan
from ratings.queries.inspections import inspections_of


@dataclass(frozen=True)
class PlanPage:
    """Everything of a plan."""

    plan: Plan
    scope: Sequence[tuple[str | Promise, str]]
    draws: Sequence[DrawShown]
    inspections: Sequence[Inspection]


def plan_page(plan: Plan, now: datetime) -> PlanPage:
    """What everybody sees of a plan at a moment."""
    wanted = (plan.agencies_wanted, None)
    draws = [shown(draw, now, many) for draw, many in zip(draws_of(plan), wanted, strict=True)]
    return PlanPage(plan, _scope(plan), draws, list(inspections_of(plan)))


def _scope(plan: Plan) -> list[tuple[str | Promise, str]]:
    rows: list[tuple[str | Promise, str]] = []
    if code := plan.scope.get("region"):
        rows.append((_("地区"), Region.objects.get(code=code).name))
    if code := plan.scope.get("item"):
        rows.append((_("服务事项"), ServiceItem.objects.get(code=code).name))
    if grades := plan.scope.get("grades"):
        rows.append((_("信用等级"), "、".join(grades)))
    if since := plan.scope.get("since"):
        rows.append((_("入驻不早于"), since))
    if until := plan.scope.get("until"):
        rows.append((_("入驻早于"), until))
    return rows or [(_("范围"), str(_("全部在册机构")))]
