"""The verbs of random inspections (P21.1, R4): plan, seal, assign, report, confirm."""

from ratings.actions.inspections.ceremony import PlanParties, move_on
from ratings.actions.inspections.planning import PlanDraft, plan_inspection, plan_newcomers
from ratings.actions.inspections.register import declare_interest, enter_inspector, retire_inspector
from ratings.actions.inspections.reporting import confirm, look_at_file, open_waiting_case, report

__all__ = [
    "PlanDraft",
    "PlanParties",
    "confirm",
    "declare_interest",
    "enter_inspector",
    "look_at_file",
    "move_on",
    "open_waiting_case",
    "plan_inspection",
    "plan_newcomers",
    "report",
    "retire_inspector",
]
