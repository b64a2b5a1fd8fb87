"""The numbers of evaluation, credit and exit, versioned: what was decided under one version is replayed under it."""

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CURRENT = "credit-2026-11"


@dataclass(frozen=True)
class EvaluationRules:
    """R7, evaluation. Shares of a whole are decimals that sum to one."""

    window_wd: int
    reminder_wd: int
    reply_wd: int
    dispute_wd: int
    rectification_wd: int
    answer_wd: int
    rectify_below: Decimal
    parties: dict[str, Decimal]
    buyer: dict[str, Decimal]
    platform: dict[str, Decimal]
    agency: dict[str, Decimal]


@dataclass(frozen=True)
class QualityRules:
    """R7, quality Q."""

    half_life_days: Decimal
    rank_window_days: Decimal
    value_least: Decimal
    value_most: Decimal
    group_share: Decimal
    prior: Decimal
    prior_mean_least: Decimal
    prior_mean_most: Decimal
    prior_mean: Decimal
    related: Decimal
    least_weight: Decimal


@dataclass(frozen=True)
class CreditBounds:
    """R7, credit K and the grades."""

    conduct_share: Decimal
    quality_share: Decimal
    a_conduct: Decimal
    a_quality: Decimal
    b_conduct: Decimal
    c_conduct: Decimal


@dataclass(frozen=True)
class Tier:
    """How long an act is public, and from when its repair may be asked for (0: never, it ends soon)."""

    months: int
    repair_after_months: int


@dataclass(frozen=True)
class ActRule:
    """What an act costs."""

    tier: str
    points: Decimal


@dataclass(frozen=True)
class ConductRules:
    """R7, conduct C."""

    objection_wd: int
    objection_decision_wd: int
    repeat_window_days: int
    multipliers: tuple[Decimal, ...]
    bonus_most: Decimal
    bonus_contracts: int
    repair_decision_wd: int
    very_late_percent: int
    very_late_days: int
    empty_entries: int
    empty_entries_days: int
    looks_back_days: int
    tiers: dict[str, Tier]
    acts: dict[str, ActRule]


@dataclass(frozen=True)
class BuyerRules:
    """R7, buyers: parts of 100."""

    paid_on_time: Decimal
    accepted_on_time: Decimal
    rejections_upheld: Decimal
    marks: Decimal
    least_contracts: int


@dataclass(frozen=True)
class ExitRules:
    """R8, the clocks of its steps and the range of its measures."""

    notice_wd: int
    deemed_served_wd: int
    defence_wd: int
    warning_defence_wd: int
    defence_extension_wd: int
    hearing_request_wd: int
    hearing_within_wd: int
    hearing_notice_days: int
    decision_wd: int
    effect_wd: int
    interim_days: int
    interim_review_wd: int
    appeal_wd: int
    appeal_decision_wd: int
    lapse_wd: int
    probation_months: int
    probation_conduct: int
    warn_months: int
    suspend_months: tuple[int, int]
    remove_years: tuple[int, int]
    repair_decision_wd: int


@dataclass(frozen=True)
class TriggerRules:
    """R8: what opens a case. Never a sanction by itself."""

    warn_conduct: Decimal
    warn_quality: Decimal
    warn_quality_weight: Decimal
    warn_complaints: int
    warn_complaints_days: int
    suspend_conduct: Decimal
    suspend_warnings: int
    suspend_warnings_months: int
    remove_conduct: Decimal
    remove_suspensions: int
    remove_suspensions_months: int


@dataclass(frozen=True)
class ComplaintRules:
    """Complaints (投诉举报), in working days."""

    accept_wd: int
    investigate_wd: int
    extension_wd: int
    statement_wd: int
    evidence_most: int
    public_months: int


@dataclass(frozen=True)
class InspectionRules:
    """双随机一公开 (P21.1, R2)."""

    publish_wd: int
    new_agencies_percent: int
    inspectors: int
    spared_months: int
    contribution_wd: int


@dataclass(frozen=True)
class CreditRules:
    """One version of all of it."""

    id: str
    sha256: str
    evaluation: EvaluationRules
    quality: QualityRules
    credit: CreditBounds
    conduct: ConductRules
    buyer: BuyerRules
    exit: ExitRules
    triggers: TriggerRules
    complaints: ComplaintRules
    inspections: InspectionRules


@cache
def credit_rules(identity: str = CURRENT) -> CreditRules:
    """The rule set of that id; raises FileNotFoundError for an unknown one."""
    return parse((FOLDER / f"{identity.removeprefix('credit-')}.toml").read_bytes())


def parse(content: bytes) -> CreditRules:
    """A rule set from its file's bytes; raises TypeError where a number is missing or unknown."""
    data = tomllib.loads(content.decode())
    evaluation, conduct, leaving = data["evaluation"], data["conduct"], data["exit"]
    for shares in ("parties", "buyer", "platform", "agency"):
        evaluation[shares] = _decimals(evaluation[shares])
    tiers = {name: Tier(**tier) for name, tier in conduct.pop("tiers").items()}
    acts = {code: ActRule(act["tier"], Decimal(act["points"])) for code, act in conduct.pop("acts").items()}
    multipliers = tuple(Decimal(m) for m in conduct.pop("multipliers"))
    bonus_most = Decimal(conduct.pop("bonus_most"))
    leaving["suspend_months"] = tuple(leaving["suspend_months"])
    leaving["remove_years"] = tuple(leaving["remove_years"])
    return CreditRules(
        id=data["id"],
        sha256=hashlib.sha256(content).hexdigest(),
        evaluation=EvaluationRules(rectify_below=Decimal(evaluation.pop("rectify_below")), **evaluation),
        quality=QualityRules(**_decimals(data["quality"])),
        credit=CreditBounds(**_decimals(data["credit"])),
        conduct=ConductRules(multipliers=multipliers, bonus_most=bonus_most, tiers=tiers, acts=acts, **conduct),
        buyer=BuyerRules(least_contracts=data["buyer"].pop("least_contracts"), **_decimals(data["buyer"])),
        exit=ExitRules(**leaving),
        triggers=TriggerRules(**_triggers(data["triggers"])),
        complaints=ComplaintRules(**data["complaints"]),
        inspections=InspectionRules(**data["inspections"]),
    )


def _decimals(table: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in table.items()}


def _triggers(table: dict[str, Any]) -> dict[str, Any]:
    decimal = {"warn_conduct", "warn_quality", "warn_quality_weight", "suspend_conduct", "remove_conduct"}
    return {name: Decimal(value) if name in decimal else value for name, value in table.items()}
