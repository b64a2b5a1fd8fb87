"""After the reveal: the right of reply, disputes, and the regulator's decision on them (R7)."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation, User
from core.queries import calendar
from ratings.actions.credit import weigh_rating
from ratings.actions.evaluations import news, shapes
from ratings.actions.evaluations.hold import Grip, grip, marked_by, must_be, must_judge, spoken_of, words
from ratings.models import (
    Dispute,
    DisputeStatus,
    Mark,
    MarkSide,
    Rating,
    Rectification,
    RectificationStatus,
    Relation,
    Reply,
)
from ratings.rules import evaluation as rules
from ratings.rules.evaluation_refusals import DisputeStep


@transaction.atomic(durable=True)
def reply(user: User, by: Organisation, number: str, side: MarkSide, text: str) -> Reply:
    """The marked side answers the mark of `side` in public, once.

    Raises NotEvaluable, NotRevealed, NotYourMark, SaidAlready, ReplyOver, WordsMissing or PersonalInPublicText.
    """
    held = grip(number)
    mark = _spoken_to(held, by, side, said=Reply.objects.filter(mark__evaluation=held.evaluation, mark__side=side))
    answer = Reply.objects.create(mark=mark, by=user, text=words(text), at=held.now)
    held.say(*shapes.replied(mark, answer.text))
    news.replied(held.contract, mark)
    return answer


@transaction.atomic(durable=True)
def dispute(user: User, by: Organisation, number: str, side: MarkSide, text: str) -> Dispute:
    """The marked side disputes the mark of `side`, once: until it is decided the contract's rating weighs 0.

    Raises NotEvaluable, NotRevealed, NotYourMark, SaidAlready, ReplyOver, WordsMissing or PersonalInPublicText.
    """
    held = grip(number)
    filed = Dispute.objects.filter(mark__evaluation=held.evaluation, mark__side=side)
    mark = _spoken_to(held, by, side, said=filed)
    made = Dispute.objects.create(
        mark=mark,
        by=by,
        filed_by=user,
        text=words(text),
        filed_at=held.now,
        due_at=held.wd(held.rules.dispute_wd),
    )
    held.say(*shapes.disputed(made))
    _weigh(held)
    news.disputed(held.contract, made)
    return made


@transaction.atomic(durable=True)
def decide_dispute(
    user: User, by: Organisation, number: str, side: MarkSide, verdict: DisputeStatus, text: str
) -> Dispute:
    """A regulator who is no party decides, with reasons: the mark does not count, counts half, or stands.

    Raises NotEvaluable, NotRevealed, NotYourMark, DisputeStep, WordsMissing or PersonalInPublicText.
    """
    held = grip(number)
    mark = marked_by(held, side)
    must_judge(user, by, held, mark)
    found = Dispute.objects.select_related("mark").filter(mark=mark).first()
    if found is None:
        raise DisputeStep()
    rules.judge_dispute_decision(DisputeStatus(found.status), verdict, filed_it=found.filed_by_id == user.pk)
    found.status, found.decision, found.due_at = verdict, words(text), None
    found.decided_by, found.decided_at = user, held.now
    found.save()
    held.say(*shapes.dispute_decided(found))
    _weigh(held)
    if verdict != DisputeStatus.UPHELD:
        _resume(held, mark)
    news.decided(held.contract, found)
    return found


def _spoken_to(held: Grip, by: Organisation, side: MarkSide, *, said: QuerySet[Any]) -> Mark:
    mark = marked_by(held, side)
    must_be(by, spoken_of(mark, held.contract))
    revealed_at = held.evaluation.revealed_at
    until = calendar().add(revealed_at, held.rules.reply_wd) if revealed_at else None
    rules.judge_answer(revealed_at=revealed_at, until=until, said=said.exists(), now=held.now)
    return mark


def _weigh(held: Grip) -> None:
    """Let the agency's rating of this contract count as its disputes stand; marks of the buyer are no part of it."""
    rating = Rating.objects.filter(contract=held.contract).first()
    of_agency = Dispute.objects.filter(mark__evaluation=held.evaluation).exclude(mark__side=MarkSide.AGENCY)
    disputes = list(of_agency.order_by("filed_at"))
    if rating is None or not disputes:
        return
    events = rating.events.order_by("pk")
    before = events.filter(at__lt=disputes[0].filed_at).last()
    newest = events.last()
    base = Relation(before.relation) if before else Relation.NONE
    relation = rules.relation_after([DisputeStatus(one.status) for one in disputes], base)
    if newest is not None and newest.relation == relation:
        return
    of_case, agency = held.hold_agency()
    rating.agency = agency
    # Case files speak one language.
    with override("zh-hans"):
        because = _because(relation)
    weigh_rating(of_case, rating, relation, because)


def _because(relation: Relation) -> str:
    words_of = {
        Relation.DISPUTED: _("评价争议待裁定"),
        Relation.CONFIRMED: _("评价争议成立"),
        Relation.FLAGGED: _("裁定评价双方存在关联"),
        Relation.NONE: _("评价争议不成立"),
    }
    return words_of[relation]


def _resume(held: Grip, mark: Mark) -> None:
    """The time to put things right stood still while the mark was disputed: it begins anew."""
    task = Rectification.objects.select_related("mark").filter(mark=mark, status=RectificationStatus.OPEN).first()
    if task is not None:
        task.due_at = held.wd(held.rules.rectification_wd)
        task.save(update_fields=["due_at"])
        held.say(*shapes.rectification(task))
        news.to_rectify(held.contract, task)
