"""Questions of agencies and answers of buyers (R3): public and unnamed. One verb, one function, one transaction."""

from django.db import transaction

from accounts.models import Organisation, User
from agencies.models import Agency, Standing
from bidding import announcements, news, queries
from bidding.actions.holding import give_time_to_read, hold_if_due
from bidding.entries import notices as entries
from bidding.models import Enrolment, Question
from bidding.rules import notices as judge
from core.queries import calendar
from core.text import clean
from journal.actions import lock_case
from marketplace.checking import findings_in_answer
from marketplace.models import Request, RequestStatus
from marketplace.rules import judge_findings


@transaction.atomic(durable=True)
def ask(agency: Agency, number: str, text: str) -> Question:
    """Ask about a request, enrolled or not; nobody learns who asked.

    Raises NoticeIsOver, AskingOver, MayNotAsk, TooManyQuestions, AskedAlready, TextTooLong or TextNotForTheCaseFile.
    """
    held = lock_case(number)
    request = queries.request_of(number)
    hold_if_due(held, request)
    assert request.enrol_until is not None
    judge.judge_open(RequestStatus(request.status), request.enrol_until, held.now)
    numbers = announcements.numbers_of(request)
    if numbers is None:
        raise judge.NoticeIsOver()
    if not Standing(agency.standing).may_bid:
        raise judge.MayNotAsk()
    text = clean(text)
    announced, asked = announcements.announced(request), announcements.questions_of(request)
    judge.judge_question(
        text,
        now=held.now,
        until=judge.asking_ends(announced, numbers, calendar()),
        own=asked.filter(asked_by=agency, asked_at__gte=announced.at).count(),
        asked=list(asked.values_list("text", flat=True)),
        numbers=numbers,
    )
    judge.judge_text(text, numbers.question_longest, _names(agency, request))
    n = asked.count() + 1
    question = Question.objects.create(request=request, n=n, asked_by=agency, text=text, asked_at=held.now)
    held.append(*entries.asked(n, text))
    news.asked(request, n)
    return question


@transaction.atomic(durable=True)
def answer(user: User, buyer: Organisation, number: str, n: int, text: str) -> Question:
    """Answer the `n`-th question, once and in public. After the last open one entrants have time to read it.

    An answer is read with the notice: what a notice may not demand, no answer may (P20.3). Raises NoticeIsOver,
    AnsweredAlready, PolicyRefused, TextTooLong, TextNotForTheCaseFile, Request.DoesNotExist or Question.DoesNotExist.
    """
    held = lock_case(number)
    request = Request.objects.select_related("buyer", "item").get(number=number, buyer=buyer)
    hold_if_due(held, request)
    assert request.enrol_until is not None
    judge.judge_open(RequestStatus(request.status), request.enrol_until, held.now)
    question = Question.objects.select_related("asked_by").get(request=request, n=n)
    if question.answered_at is not None:
        raise judge.AnsweredAlready(n=n)
    numbers = announcements.numbers_of(request)
    assert numbers is not None
    text = clean(text)
    judge.judge_text(text, numbers.answer_longest)
    judge_findings(findings_in_answer(request, text))
    question.answer, question.answered_at, question.answered_by = text, held.now, user
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    held.append(*entries.answered(n, text))
    if not announcements.unanswered(request).exists():
        give_time_to_read(held, request)
    news.answered(request, question)
    return question


def _names(agency: Agency, request: Request) -> list[str]:
    """What would say who asks: the agency's name, its code, and its label here."""
    labels = Enrolment.objects.filter(request=request, agency=agency).values_list("label", flat=True)
    return [agency.organisation.name, agency.organisation.uscc, *labels]
