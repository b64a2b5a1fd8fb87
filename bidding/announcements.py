"""Reads of what happens to a request between publication and selection (R3): notices, changes, questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from bidding.entries import Kind
from bidding.entries.notices import UNANSWERED
from bidding.models import Question
from bidding.rules.notices import Announced, asking_ends
from core.clock import from_rfc3339
from core.queries import calendar
from journal.models import Entry
from journal.queries import entries_of
from marketplace.changes import differences, said
from marketplace.checking import findings_of
from marketplace.entries import Kind as Notices
from marketplace.models import Request
from marketplace.policy import Finding
from marketplace.rulesets import Notice, ruleset

_TOO_FEW = "too_few_entrants"


def announced(request: Request) -> Announced:
    """What the newest notice said: the publication, the last change or the extension for too few entrants."""
    at, until, holds = request.published_at, request.enrol_until, 0
    kinds = (Notices.PUBLISHED, Notices.CHANGED, Kind.EXTENDED)
    for entry in entries_of(request.number or "").filter(kind__in=kinds):
        because = entry.data.get("because", _TOO_FEW)
        holds += because == UNANSWERED
        if because == _TOO_FEW:
            at, holds = entry.at, 0
            until = from_rfc3339(entry.data["enrol_until"])
    assert at is not None
    assert until is not None
    return Announced(at, until, holds)


def numbers_of(request: Request) -> Notice | None:
    """The numbers of R3 for this request; None under a rule set older than changes and questions."""
    numbers = ruleset(request.ruleset)
    return numbers.of(Notice) if numbers.has(Notice) else None


def asking_until(request: Request) -> datetime | None:
    """Until when questions are taken; None where they never are."""
    numbers = numbers_of(request)
    return asking_ends(announced(request), numbers, calendar()) if numbers else None


def questions_of(request: Request) -> QuerySet[Question]:
    """Questions and answers, in order. Who asked is not read."""
    return Question.objects.filter(request=request).defer("asked_by").order_by("n")


def question(request: Request, n: int) -> Question:
    """The `n`-th question of a request; raises Http404."""
    return get_object_or_404(questions_of(request), n=n)


def unanswered(request: Request) -> QuerySet[Question]:
    """The questions that hold the deadline."""
    return questions_of(request).filter(answered_at__isnull=True)


def changes_of(number: str) -> QuerySet[Entry]:
    """The entries `request.changed` of a request, the newest first."""
    return entries_of(number).filter(kind=Notices.CHANGED).order_by("-seq")


@dataclass(frozen=True)
class Preview:
    """What a change would say, before it is made."""

    changes: list[dict[str, Any]]
    findings: list[Finding]


def preview(request: Request, values: dict[str, Any]) -> Preview:
    """The difference that `values` would make, and what the policy check says of the result. Nothing is saved."""
    before = said(request)
    for name, value in values.items():
        setattr(request, name, value)
    return Preview(differences(before, said(request)), findings_of(request, ruleset(request.ruleset)))
