"""R3 in numbers: what may become of a request between publication and selection."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Changes, questions and answers. Lengths in characters, `_wd` in working days.

    Where `live.any_time_after_seconds` is set (demo and practice), that takes the place of every number of working days.
    """

    changes_most: int
    reason_longest: int
    questions_most: int
    question_longest: int
    answer_longest: int
    ask_before_wd: int
    hold_wd: int
    holds_most: int
    answer_wd: int
