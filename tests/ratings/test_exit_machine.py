"""Exit cases driven at random by officers, the agency and time keep what R8 promises.

No measure without notice, defence and another person; two for a removal; an appeal before a third; history never shrinks;
every step overdue lapses; the agency is what its measures in force say. Planted bugs are found.
"""

import itertools
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agencies.models import Agency, Standing
from core.clock import database_now
from core.errors import Refused
from journal.actions import lock_case
from journal.models import Entry
from ratings.actions import exits
from ratings.actions.exits import decision, effect, moves
from ratings.clockwork.exits import do_due_cases
from ratings.models import RUNNING, AppealOutcome, ExitCase, Interim, Measure, Reentry, RepairStatus, Step, Trigger
from ratings.rules import exits as rules
from ratings.rules.exits import Move, Ruling
from tests import cast
from tests.ratings.court import FACT, Court, shift

_names = itertools.count(1)
_who = st.integers(0, 3)
_measures = st.sampled_from([Measure.WARN, Measure.SUSPEND, Measure.REMOVE, Measure.NONE])
_HARD = {Standing.WARNED: 1, Standing.SUSPENDED: 2, Standing.REMOVED: 3}


class ExitMachine(RuleBasedStateMachine):
    """One agency, four officers, any number of cases one after another."""

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.atomic()
        # As Django's own tests do: the verbs may think that theirs is the outermost transaction.
        self.savepoint._from_testcase = True  # type: ignore[attr-defined]
        self.savepoint.__enter__()
        serial = next(_names)
        self.court = Court(cast.agency(f"第{serial}测绘有限公司"), prefix=f"o{serial}-")
        self.opened = 0
        self.entries = 0

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @property
    def number(self) -> str:
        """The newest case; an unknown number while there is none."""
        newest = ExitCase.objects.filter(agency=self.court.agency).order_by("-pk").first()
        return newest.number if newest else ""

    def officer(self, who: int) -> tuple[Any, Any]:
        return self.court.officers[who], self.court.body

    def attempt(self, verb: Any) -> None:
        if self.number:
            with suppress(Refused):
                verb()

    # -- officers -------------------------------------------------------------------------------------------------

    @rule(proposed=_measures)
    def a_trigger_holds(self, proposed: Measure) -> None:
        if proposed == Measure.NONE:
            return
        self.opened += 1
        held = lock_case(f"A-{self.court.agency.uscc}")
        exits.open_case(held, self.court.agency, Trigger.CONDUCT, f"act:{self.opened}", FACT, proposed)

    @rule(who=_who)
    def an_officer_serves_notice(self, who: int) -> None:
        self.attempt(lambda: exits.serve_notice(*self.officer(who), self.number, "事实清楚"))

    @rule(who=_who, measure=_measures, months=st.sampled_from([None, 3, 12]))
    def an_officer_decides(self, who: int, measure: Measure, months: int | None) -> None:
        ruling = Ruling(measure, "理由", months=months, answers=("答",) * 5, harsher_because="从重")
        self.attempt(lambda: exits.decide(*self.officer(who), self.number, ruling))

    @rule(who=_who, agrees=st.booleans())
    def an_officer_seconds(self, who: int, agrees: bool) -> None:
        self.attempt(lambda: exits.second(*self.officer(who), self.number, agrees=agrees, opinion="意见"))

    @rule(who=_who)
    def an_officer_orders_interim(self, who: int) -> None:
        self.attempt(lambda: exits.order_interim(*self.officer(who), self.number, "损害仍在继续"))

    @rule(who=_who, keep=st.booleans())
    def an_officer_reviews(self, who: int, keep: bool) -> None:
        self.attempt(lambda: exits.review_interim(*self.officer(who), self.number, "意见", keep=keep))

    @rule(who=_who, outcome=st.sampled_from(list(AppealOutcome)))
    def an_officer_decides_the_appeal(self, who: int, outcome: AppealOutcome) -> None:
        said = exits.Outcome(outcome, "理由", Measure.WARN)
        self.attempt(lambda: exits.decide_appeal(*self.officer(who), self.number, said))

    @rule(who=_who)
    def an_officer_lets_it_back(self, who: int) -> None:
        self.attempt(lambda: exits.decide_reentry(*self.officer(who), self.number, "同意", granted=True))

    @rule(who=_who)
    def an_officer_holds_a_hearing(self, who: int) -> None:
        soon = database_now() + timedelta(days=8)
        self.attempt(lambda: exits.set_hearing(*self.officer(who), self.number, soon, "会议室"))
        self.attempt(lambda: exits.hold_hearing(*self.officer(who), self.number, "笔录"))

    # -- the agency -----------------------------------------------------------------------------------------------

    @rule(what=st.sampled_from(["receive", "defend", "time", "hearing", "appeal", "reentry", "leave", "return"]))
    def the_agency_acts(self, what: str) -> None:
        person, party, number = self.court.person, self.court.party, self.number
        acts = {
            "receive": lambda: exits.receive_notice(party, number),
            "defend": lambda: exits.defend(person, party, number, ["意见"]),
            "time": lambda: exits.ask_for_time(party, number),
            "hearing": lambda: exits.ask_for_hearing(party, number),
            "appeal": lambda: exits.appeal(person, party, number, "不服"),
            "reentry": lambda: exits.ask_for_reentry(person, party, number, "已整改", signed=True),
            "leave": lambda: exits.withdraw(self.court.agency),
            "return": lambda: exits.come_back(self.court.agency),
        }
        self.attempt(acts[what])

    # -- time -----------------------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 4, 9, 30, 200]))
    def time_passes(self, days: int) -> None:
        for case in ExitCase.objects.filter(agency=self.court.agency):
            shift(case, days)
        do_due_cases()

    @rule(
        measure=st.sampled_from([Measure.WARN, Measure.SUSPEND, Measure.REMOVE]),
        decider=st.sampled_from([1, 1, 0]),
        seconder=st.sampled_from([2, 2, 1]),
        idle=st.sampled_from([0, 0, 200]),
    )
    def a_case_takes_its_course(self, measure: Measure, decider: int, seconder: int, idle: int) -> None:
        """A walk that chance alone seldom takes."""
        self.a_trigger_holds(measure)
        self.time_passes(idle)
        self.nothing_overdue_is_left()
        self.an_officer_serves_notice(0)
        self.the_agency_acts("receive")
        self.time_passes(30)
        self.an_officer_decides(decider, measure, {Measure.SUSPEND: 3, Measure.REMOVE: 12}.get(measure))
        self.an_officer_seconds(seconder, agrees=True)
        self.time_passes(9)

    # -- what holds -----------------------------------------------------------------------------------------------

    @invariant()
    def no_measure_without_due_process(self) -> None:
        for case in ExitCase.objects.filter(agency=self.court.agency, published_at__isnull=False):
            assert case.noticed_at
            assert case.served_at
            assert case.defence_until
            assert case.decided_at
            assert case.noticed_at <= case.served_at <= case.defence_until <= case.decided_at
            assert case.decided_by_id not in (None, case.noticed_by_id, case.opened_by_id)
            assert not case.hearing_asked_at or case.hearing_held_at
            if case.appeal_decided_by_id:
                assert case.appeal_decided_by_id not in (case.noticed_by_id, case.decided_by_id, case.seconded_by_id)

    @invariant()
    def a_removal_was_decided_by_two(self) -> None:
        removals = ExitCase.objects.filter(agency=self.court.agency, measure=Measure.REMOVE, published_at__isnull=False)
        for case in removals:
            assert case.seconded_by_id
            assert len({case.noticed_by_id, case.decided_by_id, case.seconded_by_id}) == 3

    @invariant()
    def the_agency_is_what_its_measures_say(self) -> None:
        """Worked out here anew, without asking the rules."""
        agency = Agency.objects.get(pk=self.court.agency.pk)
        in_force = ExitCase.objects.filter(agency=agency, step=Step.IN_FORCE)
        harm = {Measure.WARN: 1, Measure.SUSPEND: 2, Measure.REMOVE: 3}
        hardest = max((harm[Measure(case.measure)] for case in in_force), default=0)
        if Interim.objects.filter(case__agency=agency, ended_at__isnull=True).exists():
            hardest = max(hardest, 2)
        if agency.standing in (Standing.ACTIVE, Standing.PROBATION, Standing.WITHDRAWN):
            assert hardest <= (1 if agency.standing != Standing.ACTIVE else 0), agency.standing
        else:
            assert hardest == _HARD[Standing(agency.standing)], agency.standing
        if agency.standing == Standing.PROBATION:
            assert Reentry.objects.filter(case__agency=agency, status=RepairStatus.GRANTED).exists()

    @invariant()
    def history_never_shrinks(self) -> None:
        now = Entry.objects.filter(case__name__in=[f"A-{self.court.agency.uscc}", *self._numbers()]).count()
        assert now >= self.entries
        self.entries = now

    @invariant()
    def nothing_overdue_is_left(self) -> None:
        late = ExitCase.objects.filter(agency=self.court.agency, lapses_at__lte=database_now())
        assert not late.filter(step__in=[*(step for step in RUNNING if step != Step.NOTICED), Step.APPEALED]).exists()

    def _numbers(self) -> list[str]:
        return list(ExitCase.objects.filter(agency=self.court.agency).values_list("number", flat=True))


_SETTINGS = settings(
    # A failing run is not made smaller: that takes many minutes. It repeats itself exactly.
    phases=[Phase.generate],
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_exit_cases_driven_at_random_keep_due_process() -> None:
    run_state_machine_as_test(ExitMachine, settings=_SETTINGS)


def _never_lapses(of: Any, now: Any) -> Move | None:
    move = _move_due(of, now)
    return None if move is Move.LAPSE else move


_move_due = moves.move_due


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (rules, "judge_eyes", lambda act, user, officers: None),
        (moves, "move_due", _never_lapses),
        (effect, "standing_of", lambda spells, withdrawn: (Standing.ACTIVE, None)),
        (decision, "_take", lambda held, ruling, user: setattr(held.case, "seconded_by", user)),
    ],
    ids=["the same eyes", "nothing lapses", "measures without effect", "decided by nobody"],
)
def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: Any) -> None:
    monkeypatch.setattr(module, name, broken)
    quick = settings(_SETTINGS, max_examples=20, stateful_step_count=10, report_multiple_bugs=False)
    with pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(ExitMachine, settings=quick)
