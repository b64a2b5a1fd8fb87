"""A request driven at random from publication to award or failure, and again, holds R3; planted bugs do not.

The database's clock is the machine's: days pass in a moment, every entry bears its own time, and what is due is due by the
real calendar. What must hold is read from the case files and computed anew here, not asked of the rules under test.
"""

import itertools
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Kind, Notice
from bidding import queries
from bidding.actions import (
    Press,
    advance,
    answer,
    ask,
    cancel,
    change,
    closing,
    enrol,
    holding,
    leave,
    notices,
    place_bids,
    progress,
)
from bidding.clockwork import move_due_requests
from bidding.models import Auction, Award, Enrolment, Question
from bidding.rules.notices import Hold
from bidding.rules.timeline import Turnout, next_move
from core.clock import BEIJING, from_rfc3339
from core.errors import Refused
from core.money import parse, wire
from core.workdays import Calendar
from journal import awards
from journal import queries as journal
from journal.awards.outcome import Outcome
from marketplace import actions
from marketplace.actions import requests
from marketplace.models import Request, RequestStatus
from marketplace.queries import failed_tries
from tests import cast
from tests.bidding.noticing import DAY, at
from tests.clocks import StandingClock
from tests.journal.checks import assert_chain_holds
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.django_db

_HOUR = timedelta(hours=1)
_START = at(0, 10)
_names = itertools.count(1)
_BY_HANDS = (
    "request.changed",
    "request.enrolled",
    "request.left",
    "request.cancelled",
    "question.asked",
    "question.answered",
)
_NEW_NOTICE = ("request.published", "request.changed")


class RequestMachine(RuleBasedStateMachine):
    """A buyer's request and those that repeat it; four agencies; clocks that come early, late or never."""

    @initialize(government=st.booleans(), start=st.sampled_from([_START, at(4, 17), at(0, 20)]))
    def begin(self, government: bool, start: datetime = _START) -> None:
        self.savepoint = transaction.atomic()
        # As Django's own tests do: the verbs may think that theirs is the outermost transaction.
        self.savepoint._from_testcase = True
        self.savepoint.__enter__()
        self.clock = StandingClock(start)
        kind = Kind.DEPARTMENT if government else Kind.ENTERPRISE
        self.item = cast.service_item(f"REQ-{next(_names)}")
        self.buyer = cast.organisation(kind, "采购单位", field="水利" if government else "")
        self.by = cast.person(f"buyer{next(_names)}@request.example", self.buyer)
        self.agencies = [cast.agency(f"第{next(_names)}工程咨询有限公司") for _ in range(4)]
        cast.offers(self.item, *self.agencies)
        self.numbers: list[str] = []
        self.publish(draft(self.by, self.buyer, self.item).pk)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def publish(self, pk: int) -> None:
        self.numbers.append(actions.publish(self.by, self.buyer, pk).number or "")

    # -- people ---------------------------------------------------------------------------------------------------

    @rule(
        values=st.fixed_dictionaries(
            {},
            optional={
                "ceiling": st.sampled_from([5_000_000, 9_500_000, 30_000_000, 100_000_000]),
                "term_workdays": st.integers(20, 22),
                "scope": st.sampled_from(["甲类勘察。", "乙类勘察。", "仅限本市机构报名。"]),
                "method": st.just("draw"),
            },
        )
    )
    def the_buyer_changes_it(self, values: dict[str, Any]) -> None:
        entered = self.standing
        with suppress(Refused):
            change(self.buyer, self.number, values, "调整")
            told = Notice.objects.filter(at=self.clock.now, subject__contains="公告已变更")
            assert entered <= {*told.values_list("organisation__agency", flat=True)}, (
                "an entrant was not told of a change"
            )

    @rule(who=st.integers(0, 3), text=st.sampled_from(["坐标系？", "份数？", "工期？", "请电 13919191919"]))
    def somebody_asks(self, who: int, text: str) -> None:
        with suppress(Refused):
            ask(self.agencies[who], self.number, text)

    @rule(n=st.integers(1, 3), text=st.sampled_from(["见公告。", "仅限本市机构报名。"]))
    def the_buyer_answers(self, n: int, text: str) -> None:
        with suppress(Refused, Question.DoesNotExist):
            answer(self.by, self.buyer, self.number, n, text)

    @rule(who=st.sets(st.integers(0, 3), min_size=1))
    def some_enrol(self, who: set[int]) -> None:
        for one in who:
            with suppress(Refused):
                enrol(None, self.agencies[one], self.number)

    @rule(who=st.integers(0, 3))
    def somebody_leaves(self, who: int) -> None:
        with suppress(Refused):
            leave(self.agencies[who], self.number)

    @rule(sure=st.sampled_from([False, False, False, True]))
    def the_buyer_withdraws_it(self, sure: bool) -> None:
        if sure:
            with suppress(Refused):
                cancel(self.buyer, self.number, "项目暂缓")

    @rule(said=st.booleans())
    def it_is_offered_again(self, said: bool) -> None:
        """By the button, or written anew as if it had never been."""
        if len(self.numbers) < 4:
            with suppress(Refused):
                if said:
                    self.publish(actions.reoffer(self.by, self.buyer, self.number).pk)
                else:
                    self.publish(draft(self.by, self.buyer, self.item, title=self.request.title).pk)

    @rule()
    def the_live_ones_bid(self) -> None:
        auction = Auction.objects.filter(request=self.request, status="live").first()
        if auction is None:
            return
        price = auction.ceiling
        for enrolment in Enrolment.objects.filter(request=self.request, withdrawn_at__isnull=True).order_by("pk"):
            user = enrolment.agency.organisation.memberships.get().user_id
            place_bids(self.number, [Press(uuid.uuid4(), enrolment.agency_id, user, price, True)])
            price -= auction.step

    @rule(who=st.sets(st.integers(0, 3), min_size=2))
    def the_market_answers(self, who: set[int]) -> None:
        """All the way: enough come, what was asked is answered, and they bid."""
        self.some_enrol(who)
        for n in (1, 2, 3):
            self.the_buyer_answers(n, "见公告。")
        for _ in range(5):
            self.time_stands_at_the_next_due_moment(0, True)
            self.the_live_ones_bid()

    # -- time -----------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 7, 24]))
    def time_passes(self, hours: int) -> None:
        self.clock.set(self.clock.now + hours * _HOUR)

    @rule(early=st.sampled_from([0, 0, 0, 1]), ticks=st.booleans())
    def time_stands_at_the_next_due_moment(self, early: int, ticks: bool) -> None:
        pending = next_move(queries.moment(queries.request_of(self.number)))
        if pending is not None and pending[1] > self.clock.now:
            self.clock.set(pending[1] - early * timedelta(milliseconds=1))
        if ticks:
            self.a_clock_ticks()

    @rule()
    def nobody_does_anything_for_a_while(self) -> None:
        for _ in range(7):
            if self.request.status == RequestStatus.PUBLISHED:
                self.time_stands_at_the_next_due_moment(0, True)

    @rule()
    def a_door_advances(self) -> None:
        advance(self.number)

    @rule()
    def a_clock_ticks(self) -> None:
        move_due_requests(self.clock.now)

    # -- what must hold -------------------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "numbers"):
            return
        for number in self.numbers[-2:]:
            file, row = File(number), Request.objects.get(number=number)
            assert_chain_holds([{**entry, "case": number} for entry in file.entries])
            file.nothing_happens_after_a_deadline(row)
            file.every_notice_is_long_enough()
            file.the_row_says_what_the_file_says(row)
            file.questions_hold_the_deadline(row)
            file.nobody_is_named(self.agencies)
            file.a_selection_began_only_with_competition(row)
            file.the_award_is_the_lowest_price(row)
        self.the_chain_is_whole()

    def the_chain_is_whole(self) -> None:
        for before, after in itertools.pairwise(self.numbers):
            assert Request.objects.get(number=after).forerunner == Request.objects.get(number=before), (
                "a link is missing"
            )
            assert File(after).first("request.published")["forerunner"] == before
            assert File(before).first("request.reoffered") == {"successor": after}
        reasons = [File(number).first("auction.failed").get("reason") for number in self.numbers[:-1]]
        assert failed_tries(self.request) == sum(reason in ("too_few_entrants", "no_bids") for reason in reasons)

    # -- odds and ends --------------------------------------------------------------------------------------------

    @property
    def number(self) -> str:
        return self.numbers[-1]

    @property
    def request(self) -> Request:
        return Request.objects.get(number=self.number)

    @property
    def standing(self) -> set[int]:
        return {*queries.standing_enrolments(self.request).values_list("agency", flat=True)}


class File:
    """One case file, and what of R3 can be read from it."""

    def __init__(self, number: str) -> None:
        _first, lines = journal.lines_after(number, 0, 10_000)
        self.entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
        self.government = self.first("request.published")["buyer"]["kind"] == "department"

    def first(self, kind: str) -> dict[str, Any]:
        return next((entry["data"] for entry in self.entries if entry["kind"] == kind), {})

    def nothing_happens_after_a_deadline(self, row: Request) -> None:
        until = from_rfc3339(self.first("request.published")["enrol_until"])
        for entry in self.entries:
            when, data = from_rfc3339(entry["at"]), entry["data"]
            if entry["kind"] in _BY_HANDS:
                assert when < until, f"{entry['kind']} after the deadline"
            if entry["kind"] in ("request.changed", "request.extended"):
                by_time = data.get("because") in ("too_few_entrants", "unanswered_question")
                assert not by_time or when >= until, "extended before the deadline"
                assert from_rfc3339(data["enrol_until"]) >= until, "a deadline was brought forward"
                until = from_rfc3339(data["enrol_until"])
        assert row.enrol_until == until, "the deadline is not the announced one"

    def every_notice_is_long_enough(self) -> None:
        ceiling = 0
        for entry in self.entries:
            if entry["kind"] not in _NEW_NOTICE:
                continue
            changed = [one["new"] for one in entry["data"].get("changes", ()) if one["field"] == "ceiling"]
            ceiling = parse(changed[0] if changed else entry["data"].get("ceiling", wire(ceiling or 1)))
            days = 1 if ceiling <= 10_000_000 else 3 if ceiling <= 50_000_000 else 5
            day = Calendar().after(from_rfc3339(entry["at"]).astimezone(BEIJING).date(), days).date
            least = datetime.combine(day, datetime.min.time().replace(hour=18), BEIJING)
            assert from_rfc3339(entry["data"]["enrol_until"]) >= least, "a notice is too short"

    def the_row_says_what_the_file_says(self, row: Request) -> None:
        told = dict(self.first("request.published"))
        for change_ in (one for e in self.entries if e["kind"] == "request.changed" for one in e["data"]["changes"]):
            assert told[change_["field"]] == change_["old"], "a difference is not what was"
            told[change_["field"]] = change_["new"]
        now = (row.title, row.scope, row.term_workdays, wire(row.ceiling), row.method, row.budget_line)
        assert now == tuple(told[n] for n in ("title", "scope", "term_workdays", "ceiling", "method", "budget_line"))
        assert "本市" not in row.scope, "a restriction came in by a change"
        assert sum(e["kind"] == "request.changed" for e in self.entries) <= 3

    def questions_hold_the_deadline(self, row: Request) -> None:
        waiting: set[int] = set()
        holds = 0
        for entry in self.entries:
            kind, data = entry["kind"], entry["data"]
            if kind == "question.asked":
                assert not holds, "a question was taken while the deadline was held"
                waiting.add(data["question"])
            elif kind == "question.answered":
                waiting.remove(data["question"])
                assert "本市" not in data["text"], "a restriction came in by an answer"
            elif kind == "request.extended" and data["because"] == "unanswered_question":
                assert waiting, "held for nothing"
                holds += 1
                assert holds <= 5, "held for ever"
            elif kind == "request.changed" or (kind == "request.extended" and data["because"] == "too_few_entrants"):
                assert kind == "request.changed" or not waiting, "extended over a question"
                holds = 0
        over = row.status not in (RequestStatus.PUBLISHED, RequestStatus.CANCELLED)
        silent = self.first("auction.failed").get("reason") == "question_unanswered"
        assert not over or bool(waiting) == silent, "a selection began over an unanswered question"
        assert not silent or holds == 5

    def nobody_is_named(self, agencies: list[Any]) -> None:
        for entry in self.entries:
            if entry["kind"].startswith(("question.", "request.")):
                text = json.dumps(entry["data"], ensure_ascii=False)
                assert not any(one.uscc in text or one.organisation.name in text for one in agencies)
                assert "13919191919" not in text

    def a_selection_began_only_with_competition(self, row: Request) -> None:
        if row.status in (RequestStatus.PUBLISHED, RequestStatus.CANCELLED, RequestStatus.FAILED):
            return
        standing: set[str] = set()
        for entry in self.entries:
            if entry["kind"] == "request.enrolled":
                standing.add(entry["data"]["label"])
            elif entry["kind"] in ("request.left", "enrolment.barred"):
                standing.discard(entry["data"]["label"])
        noted = self.first("request.noted").get("text") == "two_entrants_after_extension"
        extended = any(e["data"].get("because") == "too_few_entrants" for e in self.entries)
        least = 3 if self.government and not (noted and extended) else 2
        assert len(standing) >= least, "selected without competition"

    def the_award_is_the_lowest_price(self, row: Request) -> None:
        bids = [(parse(e["data"]["amount"]), e["data"]["label"]) for e in self.entries if e["kind"] == "bid.placed"]
        for award in Award.objects.filter(request=row).select_related("winner"):
            assert (award.amount, award.winner.label) == min(bids), "the award is not the lowest price"


_SETTINGS = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow
def test_a_request_driven_at_random_holds_its_rules():
    run_state_machine_as_test(RequestMachine, settings=_SETTINGS)


def _lets_the_deadline_pass(unanswered, holds, numbers):
    return Hold.FREE


def _holds_for_ever(unanswered, holds, numbers):
    return Hold.HOLD if unanswered else Hold.FREE


def _keeps_the_old_deadline(held, request):
    return request.enrol_until, request.selects_at


def _never_too_late(status, enrol_until, now):
    pass


def _finds_anybody_enough(entrants, numbers, method, *, government, extended):
    return Turnout.ENOUGH


def _forgets_the_forerunner(request, followed):
    pass


def _awards_the_last_place(method, entries, numbers):
    found = _decide(method, entries, numbers)
    if not found.ranking:
        return found
    last = found.ranking[-1]
    return Outcome(last.label, last.amount, found.ranking)


def _tells_nobody(request):
    pass


def _asks_for_ever(text, *, now, until, own, asked, numbers):
    pass


_decide: Callable[..., Outcome] = awards.decide


def _strategy(method):
    class Chosen:
        def decide(self, entries, numbers):
            return _awards_the_last_place(str(method), entries, numbers.numbers)

    return Chosen()


def _next(machine: RequestMachine) -> None:
    machine.time_stands_at_the_next_due_moment(0, True)


def _asked_and_left_unanswered(machine: RequestMachine) -> None:
    machine.some_enrol({0, 1, 2})
    machine.somebody_asks(0, "坐标系？")
    for _ in range(8):
        _next(machine)


def _asked_again_while_held(machine: RequestMachine) -> None:
    machine.somebody_asks(0, "坐标系？")
    _next(machine)
    machine.somebody_asks(1, "份数？")


def _changed_a_day_later(machine: RequestMachine) -> None:
    machine.some_enrol({0, 1})
    machine.time_passes(24)
    machine.the_buyer_changes_it({"ceiling": 30_000_000, "scope": "乙类勘察。"})


def _changed_too_late(machine: RequestMachine) -> None:
    machine.some_enrol({0, 1, 2})
    machine.time_stands_at_the_next_due_moment(0, False)
    machine.the_buyer_changes_it({"scope": "乙类勘察。"})


def _two_come_where_three_are_asked_for(machine: RequestMachine) -> None:
    machine.some_enrol({0, 1})
    _next(machine)


def _three_bid_to_the_end(machine: RequestMachine) -> None:
    machine.some_enrol({0, 1, 2})
    for _ in range(3):
        _next(machine)
    machine.the_live_ones_bid()
    for _ in range(2):
        _next(machine)
    assert Award.objects.filter(request=machine.request).exists()


def _nobody_comes_and_it_is_offered_again(machine: RequestMachine) -> None:
    machine.nobody_does_anything_for_a_while()
    machine.it_is_offered_again(False)


def led(walk: Callable[[RequestMachine], None], *, government: bool) -> None:
    """The machine led by hand to where a bug shows, and looked at there as after a random step."""
    machine = RequestMachine()
    machine.begin(government=government)
    try:
        walk(machine)
        machine.everything_holds()
    finally:
        machine.teardown()


@pytest.mark.slow
@pytest.mark.parametrize(
    "walk",
    [
        _asked_and_left_unanswered,
        _asked_again_while_held,
        _changed_a_day_later,
        _changed_too_late,
        _two_come_where_three_are_asked_for,
        _three_bid_to_the_end,
        _nobody_comes_and_it_is_offered_again,
    ],
)
def test_each_walk_holds_on_the_platform_as_it_is(walk):
    led(walk, government=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("room", "name", "broken", "walk"),
    [
        (holding, "judge_hold", _lets_the_deadline_pass, _asked_and_left_unanswered),
        (holding, "judge_hold", _holds_for_ever, _asked_and_left_unanswered),
        (notices, "_new_times", _keeps_the_old_deadline, _changed_a_day_later),
        (notices.judge, "judge_open", _never_too_late, _changed_too_late),
        (notices.judge, "judge_question", _asks_for_ever, _asked_again_while_held),
        (notices.news, "changed", _tells_nobody, _changed_a_day_later),
        (progress, "judge_turnout", _finds_anybody_enough, _two_come_where_three_are_asked_for),
        (closing, "strategy_for", _strategy, _three_bid_to_the_end),
        (requests, "_link", _forgets_the_forerunner, _nobody_comes_and_it_is_offered_again),
    ],
    ids=[
        "lets the deadline pass over a question",
        "holds the deadline for ever",
        "changes without a new notice",
        "changes after the deadline",
        "takes questions for ever",
        "tells nobody of a change",
        "selects among too few",
        "lets somebody choose the winner",
        "forgets the forerunner",
    ],
)
def test_a_planted_bug_is_found(monkeypatch, room, name, broken, walk):
    monkeypatch.setattr(room, name, broken)
    with pytest.raises((AssertionError, DatabaseError)):
        led(walk, government=True)


def test_the_machine_reaches_an_award_and_a_second_try():
    """The rules lead somewhere: a walk by hand over a change, a question, a failure, a second try and an award."""
    machine = RequestMachine()
    machine.begin(government=True)
    machine.the_buyer_changes_it({"ceiling": 5_000_000})
    machine.somebody_asks(0, "坐标系？")
    machine.the_buyer_answers(1, "见公告。")
    for _ in range(2):
        machine.time_stands_at_the_next_due_moment(0, True)
        machine.everything_holds()
    assert machine.request.status == RequestStatus.FAILED
    machine.it_is_offered_again(False)
    machine.some_enrol({0, 1, 2})
    for _ in range(3):
        machine.time_stands_at_the_next_due_moment(0, True)
    machine.the_live_ones_bid()
    for _ in range(2):
        machine.time_stands_at_the_next_due_moment(0, True)
        machine.everything_holds()
    assert machine.request.status == RequestStatus.AWARDED
    assert machine.clock.now - _START < 21 * DAY
    machine.teardown()
