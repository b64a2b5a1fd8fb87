"""Interim suspension (暂时停止): at most 30 days, for continuing grave harm, reviewed by another officer within 5 wd (R8)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from core.clock import rfc3339
from core.text import clean
from ratings import papers
from ratings.actions.exits.effect import settle_standing
from ratings.actions.exits.filing import file_document, named
from ratings.actions.exits.grip import Grip, grip, must_be_officer
from ratings.actions.exits.notice import tell_agency
from ratings.actions.sealing import about_case
from ratings.entries import ExitEntry
from ratings.models import DocumentKind, Interim, Step
from ratings.rules import exits as rules
from ratings.rules.exit_refusals import InterimNeedsHarm, ReasonsMissing


@transaction.atomic(durable=True)
def order_interim(user: User, by: Organisation, number: str, reason: str) -> Interim:
    """Suspend at once while the case runs; in force without the usual five days. Raises InterimNeedsHarm or ReasonsMissing."""
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case, numbers = held.case, held.numbers
    said = clean(reason)
    rules.judge_interim(Step(case.step), said, ordered=Interim.objects.filter(case=case).exists())
    made = Interim.objects.create(
        case=case,
        reason=said,
        ordered_by=user,
        ordered_at=held.now,
        review_due_at=held.wd(numbers.interim_review_wd),
        until=held.now + timedelta(days=numbers.interim_days),
    )
    paper = file_document(
        held,
        DocumentKind.INTERIM,
        lambda: papers.interim(case, said, made.until, made.review_due_at),
        by=user,
    )
    held.own.append(ExitEntry.INTERIM, {"until": rfc3339(made.until), "document": named(paper)})
    held.say(ExitEntry.INTERIM, {"case": case.number, "until": rfc3339(made.until)})
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
    tell_agency(case, gettext_noop("案件 %(number)s：暂时停止参与，至 %(until)s"), until=papers.moment(made.until))
    return made


@transaction.atomic(durable=True)
def review_interim(user: User, by: Organisation, number: str, opinion: str, *, keep: bool) -> Interim:
    """Another officer looks at it: keep it until its end, or lift it now. Raises SameEyes, InterimNeedsHarm or ReasonsMissing."""
    held = grip(number)
    must_be_officer(user, by, held.agency)
    made = Interim.objects.filter(case=held.case, ended_at__isnull=True, reviewed_at__isnull=True).first()
    if made is None:
        raise InterimNeedsHarm()
    rules.judge_reviewer(user.pk, made.ordered_by_id)
    said = clean(opinion)
    if not said:
        raise ReasonsMissing()
    made.reviewed_by, made.reviewed_at, made.review = user, held.now, said
    made.save(update_fields=["reviewed_by", "reviewed_at", "review"])
    held.own.append(ExitEntry.INTERIM, {"reviewed": "kept" if keep else "lifted", "because": said})
    if not keep:
        end_interim(held, made, "lifted")
    return made


def end_interim(held: Grip, made: Interim, because: str) -> None:
    """It is over: by review, by time, because nobody reviewed it, or with its case. Part of a larger verb."""
    made.ended_at = held.now
    made.save(update_fields=["ended_at"])
    held.own.append(ExitEntry.INTERIM, {"ended": because})
    held.say(ExitEntry.INTERIM, {"case": held.case.number, "ended": because})
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
    tell_agency(held.case, gettext_noop("案件 %(number)s：暂时停止已解除"))
