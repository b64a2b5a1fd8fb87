"""What a rule, an officer and the clock do to flags; each verb one transaction."""

from flags.actions.concluding import conclude, follow_case
from flags.actions.looking import look
from flags.actions.raising import look_again
from flags.actions.switching import switch_off_where_wrong
from flags.actions.triage import dismiss, open_case, refer, wake, watch

__all__ = [
    "conclude",
    "dismiss",
    "follow_case",
    "look",
    "look_again",
    "open_case",
    "refer",
    "switch_off_where_wrong",
    "wake",
    "watch",
]
