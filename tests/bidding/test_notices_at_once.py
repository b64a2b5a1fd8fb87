"""What meets at a request's deadline, in threads that commit for real: each order is lawful, no mixture is (R3)."""

from datetime import timedelta

import pytest

from accounts.models import Kind, Notice
from bidding.actions import answer, ask, cancel, change, enrol
from bidding.clockwork import move_due_requests
from bidding.models import Enrolment, Question
from bidding.rules.enrolment import EnrolmentOver
from bidding.rules.notices import AnsweredAlready, NothingChanged, NoticeIsOver
from core.clock import database_now, from_rfc3339
from core.errors import Refused
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Request, RequestStatus
from marketplace.rules import TooLateToCancel
from tests import cast
from tests.committed import at_once
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.usefixtures("transactional_db")


class World:
    """A buyer with a request in public, and agencies."""

    def __init__(self, agencies: int = 2) -> None:
        self.buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
        self.user = cast.person("buyer@notices.example", self.buyer)
        item = cast.service_item("TST-91")
        self.agencies = [cast.agency(f"第{n}咨询有限公司") for n in range(agencies)]
        cast.offers(item, *self.agencies)
        self.request = actions.publish(self.user, self.buyer, draft(self.user, self.buyer, item).pk)
        self.number = self.request.number or ""

    def ends_in(self, milliseconds: int) -> None:
        """The deadline comes so soon that what is done now meets it."""
        soon = database_now() + timedelta(milliseconds=milliseconds)
        Request.objects.filter(pk=self.request.pk).update(enrol_until=soon, selects_at=soon)

    def fresh(self) -> Request:
        return Request.objects.get(pk=self.request.pk)

    def kinds(self) -> list[str]:
        return [entry.kind for entry in entries_of(self.number)]


def until_moved() -> int:
    """A clock that does not sleep, for a moment."""
    return sum(move_due_requests() for _ in range(40))


@pytest.mark.parametrize("milliseconds", [0, 15, 40])
def test_a_change_and_the_deadline_one_comes_first(milliseconds):
    world = World()
    for one in world.agencies:
        enrol(None, one, world.number)
    world.ends_in(milliseconds)
    changed, _moved = at_once(lambda: change(world.buyer, world.number, {"term_workdays": 25}, "工期不足"), until_moved)
    now = world.fresh()
    if isinstance(changed, Request):
        assert (now.status, now.term_workdays) == (RequestStatus.PUBLISHED, 25)
        assert now.enrol_until > database_now()
        assert "request.changed" in world.kinds()
    else:
        assert isinstance(changed, NoticeIsOver)
        assert now.term_workdays == 20
        assert "request.changed" not in world.kinds()


@pytest.mark.parametrize("milliseconds", [0, 15, 40])
def test_an_answer_and_the_deadline_no_selection_begins_without_it(milliseconds):
    world = World()
    for one in world.agencies:
        enrol(None, one, world.number)
    ask(world.agencies[0], world.number, "坐标系是哪一种？")
    world.ends_in(milliseconds)
    answered, _moved = at_once(lambda: answer(world.user, world.buyer, world.number, 1, "CGCS2000。"), until_moved)
    assert isinstance(answered, Question), answered
    now = world.fresh()
    assert now.status == RequestStatus.PUBLISHED
    [entry] = entries_of(world.number).filter(kind="question.answered")
    assert now.enrol_until - entry.at > timedelta(hours=6), "nobody has time to read the answer"


def test_who_enrols_while_it_changes_is_told_or_has_seen_it():
    world = World(agencies=6)
    enrolling = [lambda one=one: enrol(None, one, world.number) for one in world.agencies]
    at_once(*enrolling, lambda: change(world.buyer, world.number, {"term_workdays": 25}, "工期不足"))
    changed = entries_of(world.number).get(kind="request.changed")
    seen = {e.data["label"]: e.seq for e in entries_of(world.number).filter(kind="request.enrolled")}
    told = {*Notice.objects.filter(subject__contains="公告已变更").values_list("organisation_id", flat=True)}
    assert len(seen) == 6
    for enrolment in Enrolment.objects.filter(request=world.request):
        before = seen[enrolment.label] < changed.seq
        assert (enrolment.agency.organisation_id in told) == before


def test_two_members_of_the_buyer_that_change_the_same_at_once_change_it_once():
    world = World()
    same = [lambda: change(world.buyer, world.number, {"term_workdays": 25}, "工期不足")] * 2
    answers = at_once(*same)
    assert sum(isinstance(one, NothingChanged) for one in answers) == 1
    assert world.kinds().count("request.changed") == 1


def test_two_members_of_the_buyer_that_answer_at_once_one_answer_stands_and_the_other_is_told():
    world = World()
    ask(world.agencies[0], world.number, "坐标系是哪一种？")
    answers = at_once(
        *[lambda text=text: answer(world.user, world.buyer, world.number, 1, text) for text in ("甲。", "乙。")]
    )
    [refused] = [one for one in answers if isinstance(one, AnsweredAlready)]
    assert refused.facts == {"n": 1}
    [entry] = entries_of(world.number).filter(kind="question.answered")
    assert entry.data["text"] == Question.objects.get().answer


def test_questions_asked_at_once_have_numbers_of_their_own():
    world = World(agencies=5)
    at_once(*[lambda one=one, n=n: ask(one, world.number, f"问题{n}？") for n, one in enumerate(world.agencies)])
    assert sorted(Question.objects.values_list("n", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("milliseconds", [0, 20])
def test_a_withdrawal_and_the_deadline_one_comes_first(milliseconds):
    world = World()
    for one in world.agencies:
        enrol(None, one, world.number)
    world.ends_in(milliseconds)
    withdrawn, _moved = at_once(lambda: cancel(world.buyer, world.number, "项目暂缓"), until_moved)
    status = world.fresh().status
    if isinstance(withdrawn, Request):
        assert status == RequestStatus.CANCELLED
    else:
        assert isinstance(withdrawn, TooLateToCancel)
        assert status in (RequestStatus.PUBLISHED, RequestStatus.SELECTING)


def test_any_number_of_clocks_hold_a_deadline_once():
    world = World()
    ask(world.agencies[0], world.number, "坐标系是哪一种？")
    world.ends_in(0)
    answers = at_once(*[until_moved] * 3, lambda: enrol(None, world.agencies[1], world.number))
    assert not isinstance(answers[-1], EnrolmentOver)
    assert world.kinds().count("request.extended") == 1
    until = from_rfc3339(entries_of(world.number).get(kind="request.extended").data["enrol_until"])
    assert world.fresh().enrol_until == until


def test_offered_again_twice_at_once_there_is_one_draft_and_published_twice_one_successor():
    world = World()
    cancel(world.buyer, world.number, "项目暂缓")
    drafts = at_once(*[lambda: actions.reoffer(world.user, world.buyer, world.number)] * 3)
    assert len({one.pk for one in drafts if isinstance(one, Request)}) == 1
    first = next(one for one in drafts if isinstance(one, Request))
    other = draft(world.user, world.buyer, world.request.item, title=world.request.title)
    answers = at_once(*[lambda pk=pk: actions.publish(world.user, world.buyer, pk) for pk in (first.pk, other.pk)])
    published = [one for one in answers if isinstance(one, Request)]
    assert all(isinstance(one, Request | Refused) for one in answers), answers
    assert sum(one.forerunner_id == world.request.pk for one in published) == 1
    assert Request.objects.filter(forerunner=world.request).count() == 1
