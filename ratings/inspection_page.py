"""One inspection plan as its public page shows it: the two draws with their stages, what the reader may do, the drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.models import Region
from draws.models import Contribution, Draw
from draws.queries import course_of
from journal.stages import REVEAL_FOR, Stage, stage
from marketplace.models import ServiceItem
from ratings.actions.inspections.ceremony import draws_of, may_contribute
from ratings.models import Inspection, Plan
from ratings.queries.inspections import inspections_of

STAGES: dict[Stage, str | Promise] = {
    Stage.CONTRIBUTING: _("征集随机数"),
    Stage.CLOSED: _("征集截止，即将封存"),
    Stage.REVEALING: _("各方公开随机数"),
    Stage.FORCING: _("保管人开启未公开的随机数"),
    Stage.OPENED: _("随机数已全部公开"),
    Stage.DRAWN: _("已抽取"),
}


@dataclass(frozen=True)
class DrawShown:
    """One of the two draws, with how far it is."""

    draw: Draw
    stage: Stage
    label: str | Promise
    contributions: Sequence[Contribution]
    reveal_until: datetime | None
    drawn: Sequence[str]
    excluded: Sequence[dict[str, str]]


@dataclass(frozen=True)
class PlanPage:
    """Everything of a plan; `door` is "contribute", "reveal" or empty, by what this reader may do now."""

    plan: Plan
    scope: Sequence[tuple[str | Promise, str]]
    draws: Sequence[DrawShown]
    inspections: Sequence[Inspection]
    door: str
    terms: dict[str, Any]


def plan_page(plan: Plan, reader: Organisation | None, now: datetime) -> PlanPage:
    """What a reader, who may be nobody, sees of a plan at a moment."""
    both = draws_of(plan)
    shown = [_shown(draw, now, wanted) for draw, wanted in zip(both, (plan.agencies_wanted, None), strict=True)]
    terms = {"identity": reader.uscc if reader else "", "draws": [{"name": one.name, **one.trustees} for one in both]}
    return PlanPage(
        plan, _scope(plan), shown, list(inspections_of(plan)), _door(plan, reader, shown) if reader else "", terms
    )


def _shown(draw: Draw, now: datetime, wanted: int | None) -> DrawShown:
    at = stage(course_of(draw), now)
    order = draw.result["order"][:wanted] if draw.result else []
    excluded = draw.sealed["list"]["excluded"] if draw.sealed else []
    until = draw.sealed_at + REVEAL_FOR if draw.sealed_at else None
    return DrawShown(draw, at, STAGES[at], list(draw.contributions.all()), until, order, excluded)


def _door(plan: Plan, reader: Organisation, shown: Sequence[DrawShown]) -> str:
    own = [one for one in shown[0].contributions if one.identity == reader.uscc]
    if shown[0].stage == Stage.CONTRIBUTING and not own and may_contribute(plan, reader):
        return "contribute"
    if own and shown[0].stage in (Stage.REVEALING, Stage.FORCING) and any(one.opened_at is None for one in own):
        return "reveal"
    return ""


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
