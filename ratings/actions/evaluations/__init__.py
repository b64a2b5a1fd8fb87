"""The verbs of evaluation."""

from ratings.actions.evaluations.answers import decide_dispute, dispute, reply
from ratings.actions.evaluations.opening import do_due
from ratings.actions.evaluations.rating import Said, rate_agency, rate_buyer, rate_outcome
from ratings.actions.evaluations.rectification import judge_rectification, report_rectification

__all__ = [
    "Said",
    "decide_dispute",
    "dispute",
    "do_due",
    "judge_rectification",
    "rate_agency",
    "rate_buyer",
    "rate_outcome",
    "reply",
    "report_rectification",
]
