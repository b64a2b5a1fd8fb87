"""Entries between publication and selection: questions, answers, and what they do to the deadline."""

from collections.abc import Iterable
from datetime import datetime

from bidding.entries import Draft, Kind, extended

UNANSWERED, ANSWERED = "unanswered_question", "answered"


def asked(n: int, text: str) -> Draft:
    """The `n`-th question of this request. Nothing says who asked."""
    return Kind.ASKED, {"question": n, "text": text}


def answered(n: int, text: str) -> Draft:
    return Kind.ANSWERED, {"question": n, "text": text}


def held(enrol_until: datetime, selects_at: datetime, questions: Iterable[int]) -> Draft:
    """The deadline came with `questions` unanswered, and moved."""
    kind, data = extended(enrol_until, selects_at, UNANSWERED)
    return kind, {**data, "questions": list(questions)}


def given_time_to_read(enrol_until: datetime, selects_at: datetime) -> Draft:
    """The last open question was answered so late that the deadline moved."""
    return extended(enrol_until, selects_at, ANSWERED)
