"""What people and time do with complaints (投诉举报): one verb, one function, one transaction."""

from ratings.actions.complaints.decision import UPHELD_ACT, Finding, decide_complaint, refuse_acceptance
from ratings.actions.complaints.filing import Target, file_complaint, state
from ratings.actions.complaints.handling import (
    accept,
    extend,
    look_at_secret,
    note_overdue,
    put_to_subject,
    record_statement,
    take,
)

__all__ = [
    "UPHELD_ACT",
    "Finding",
    "Target",
    "accept",
    "decide_complaint",
    "extend",
    "file_complaint",
    "look_at_secret",
    "note_overdue",
    "put_to_subject",
    "record_statement",
    "refuse_acceptance",
    "state",
    "take",
]
