"""Put things right after a bad mark (整改): the agency says how, the rater looks at it (R7)."""

from django.db import transaction

from accounts.models import Organisation, User
from contracts.rules.plan import judge_public
from core.text import clean
from ratings.actions.evaluations import news, shapes
from ratings.actions.evaluations.hold import Grip, dispute_of, grip, marked_by, must_be, words
from ratings.models import MarkSide, Rectification, RectificationStatus
from ratings.rules import evaluation as rules
from ratings.rules.evaluation_refusals import RectificationStep


@transaction.atomic(durable=True)
def report_rectification(user: User, by: Organisation, number: str, side: MarkSide, text: str) -> Rectification:
    """The agency reports what it put right, once and in time.

    Raises NotEvaluable, NotRevealed, NotYourMark, RectificationStep, WordsMissing or PersonalInPublicText.
    """
    held, task = _hold(number, side)
    must_be(by, held.contract.agency)
    status = RectificationStatus(task.status)
    rules.judge_report(status, dispute_of(task.mark), due_at=task.due_at, now=held.now)
    task.status, task.report = RectificationStatus.REPORTED, words(text)
    task.reported_by, task.reported_at = user, held.now
    task.save()
    held.say(*shapes.rectification(task, task.report))
    news.reported(held.contract, task.mark)
    return task


@transaction.atomic(durable=True)
def judge_rectification(by: Organisation, number: str, side: MarkSide, text: str, *, confirmed: bool) -> Rectification:
    """Whoever gave the mark says whether things were put right; a refusal says why.

    Raises NotEvaluable, NotRevealed, NotYourMark, RectificationStep, WordsMissing or PersonalInPublicText.
    """
    held, task = _hold(number, side)
    must_be(by, task.mark.organisation)
    rules.judge_verdict(RectificationStatus(task.status), dispute_of(task.mark))
    said = clean(text) if confirmed else words(text)
    judge_public(said)
    task.status = RectificationStatus.CONFIRMED if confirmed else RectificationStatus.REFUSED
    task.verdict, task.judged_at = said, held.now
    task.save()
    held.say(*shapes.rectification(task, said))
    news.judged(held.contract)
    return task


def _hold(number: str, side: MarkSide) -> tuple[Grip, Rectification]:
    held = grip(number)
    mark = marked_by(held, side)
    task = Rectification.objects.select_related("mark__organisation", "mark__dispute").filter(mark=mark).first()
    if task is None:
        raise RectificationStep(status="—")
    return held, task
