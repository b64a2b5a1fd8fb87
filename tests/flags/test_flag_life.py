"""From raised to dismissed, watched, or a case; and what never happens to a flag."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import Http404

import pytest

from accounts.models import Organisation
from agencies.models import Agency
from core.clock import database_now
from flags import actions
from flags.clockwork import go_on_with_flags
from flags.entries import FlagEntry
from flags.models import Flag, Status, SwitchedOff
from flags.queries.flags import tallies
from flags.rules import life
from journal.models import Case, Entry
from journal.openness import is_public
from ratings.actions import exits
from ratings.models import Measure, Step
from ratings.rules.exit_refusals import CaseRunning
from tests import cast
from tests.flags.stage import Bench
from tests.ratings.court import Court, chain_holds

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(swift_agency: Agency) -> Bench:
    return Bench(swift_agency, cast.agency("兰州第二测绘公司"))


@pytest.fixture
def flag(bench: Bench) -> Flag:
    made = bench.same_price()
    assert made is not None
    return made


def kinds(flag: Flag) -> list[str]:
    chain_holds(flag.number)
    return list(Entry.objects.filter(case__name=flag.number).order_by("seq").values_list("kind", flat=True))


def test_a_flag_is_raised_on_record_in_a_file_that_nobody_may_read(flag: Flag) -> None:
    assert flag.status == Status.RAISED
    assert kinds(flag) == [FlagEntry.RAISED]
    assert not is_public(flag.number)
    assert flag.due_at is not None
    assert flag.due_at > flag.raised_at + timedelta(days=4), "five working days"


def test_the_same_evidence_raises_nothing_twice(bench: Bench, flag: Flag) -> None:
    assert bench.same_price() is None
    assert Flag.objects.filter(rule="C4b").count() == 1
    grown = bench.same_price("GS-2026-000001", "GS-2026-000002")
    assert grown == flag, "more of it grows the flag that is there"
    assert kinds(flag) == [FlagEntry.RAISED, FlagEntry.GROWN]


def test_the_database_keeps_one_live_flag_per_rule_and_subject(flag: Flag) -> None:
    with transaction.atomic():
        copy = Case.objects.create(name="F-2026-999999")
    fields = {f.attname: getattr(flag, f.attname) for f in Flag._meta.concrete_fields if f.attname != "id"}
    with pytest.raises(IntegrityError, match="one_live_flag_per_rule_and_subject"), transaction.atomic():
        Flag.objects.create(**fields | {"number": "F-2026-999999", "case_id": copy.pk})


def test_a_dismissed_flag_says_why_and_comes_back_with_new_evidence_only(bench: Bench, flag: Flag) -> None:
    actions.dismiss(bench.officers[0], bench.body, flag.number, "  收费由国家规定。 ")
    flag.refresh_from_db()
    assert (flag.status, flag.reason, flag.due_at) == (Status.DISMISSED, "收费由国家规定。", None)
    assert bench.same_price() is None
    again = bench.same_price("GS-2026-000001", "GS-2026-000002")
    assert again is not None
    assert again.number != flag.number
    assert kinds(flag) == [FlagEntry.RAISED, FlagEntry.DISMISSED]


def test_no_step_without_a_reason_or_by_anybody_else(bench: Bench, flag: Flag, waterworks: Organisation) -> None:
    with pytest.raises(life.FlagReason):
        actions.dismiss(bench.officers[0], bench.body, flag.number, "   ")
    with pytest.raises(life.FlagNotYours):
        actions.dismiss(cast.person("outsider@example.com", waterworks), waterworks, flag.number, "无")
    with pytest.raises(Http404):
        actions.dismiss(bench.officers[0], bench.body, "F-2026-000000", "无")
    flag.refresh_from_db()
    assert flag.status == Status.RAISED


def test_an_officer_who_belongs_to_a_flagged_agency_keeps_out(bench: Bench, flag: Flag) -> None:
    from accounts.models import Membership, Role

    officer = bench.officers[0]
    Membership.objects.create(user=officer, organisation=bench.other.organisation, role=Role.MEMBER)
    with pytest.raises(life.FlagNotYours):
        actions.watch(officer, bench.body, flag.number, "再看看")


def test_a_judged_flag_stays_judged(bench: Bench, flag: Flag) -> None:
    actions.dismiss(bench.officers[0], bench.body, flag.number, "误报")
    with pytest.raises(life.FlagStep) as refused:
        actions.watch(bench.officers[1], bench.body, flag.number, "再看看")
    assert refused.value.facts["status"] == "已排除"
    with pytest.raises(IntegrityError, match="flag_judged_stays_judged"), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).update(status=Status.RAISED)
    with pytest.raises(IntegrityError, match="never_dropped"), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).delete()


def test_a_watched_flag_comes_back_by_itself_or_with_more(bench: Bench, flag: Flag) -> None:
    actions.watch(bench.officers[0], bench.body, flag.number, "再看三个月")
    assert go_on_with_flags() == 0
    Flag.objects.filter(pk=flag.pk).update(due_at=database_now() - timedelta(days=1))
    assert go_on_with_flags() == 1
    flag.refresh_from_db()
    assert flag.status == Status.RAISED
    actions.watch(bench.officers[0], bench.body, flag.number, "再看三个月")
    bench.same_price("GS-2026-000001", "GS-2026-000002")
    flag.refresh_from_db()
    assert flag.status == Status.RAISED


def test_a_case_decides_of_the_flag_and_only_a_sanction_in_force_makes_it_public(
    bench: Bench, flag: Flag, swift_agency: Agency
) -> None:
    before = swift_agency.credit
    opened = bench.in_a_case(flag)
    case = opened.exit_case
    assert case is not None
    assert (case.agency, case.opened_by, case.source) == (swift_agency, bench.officers[0], f"flag:{flag.number}")
    assert not is_public(flag.number)
    assert go_on_with_flags() == 0
    with pytest.raises(life.FlagStep):
        actions.conclude(bench.officers[1], bench.body, flag.number, "属实", confirmed=True)
    assert Court(swift_agency).go_on(case).step == Step.IN_FORCE
    assert go_on_with_flags() == 1
    flag.refresh_from_db()
    assert flag.status == Status.CONFIRMED
    assert is_public(flag.number)
    assert kinds(flag) == [FlagEntry.RAISED, FlagEntry.CASE_OPENED, FlagEntry.CONFIRMED]
    swift_agency.refresh_from_db()
    assert swift_agency.credit == before, "a flag changes no score"


def test_a_case_closed_before_the_notice_refutes_the_flag(bench: Bench, flag: Flag) -> None:
    case = bench.in_a_case(flag).exit_case
    assert case is not None
    exits.dismiss(bench.officers[1], bench.body, case.number, "事实不足")
    assert go_on_with_flags() == 1
    flag.refresh_from_db()
    assert flag.status == Status.REFUTED
    assert not is_public(flag.number)


def test_a_case_only_against_an_agency_of_the_flag_and_only_one_at_a_time(bench: Bench, flag: Flag) -> None:
    with pytest.raises(life.FlagNoAgency):
        actions.open_case(bench.officers[0], bench.body, flag.number, cast.agency("别家").uscc, "事实", Measure.SUSPEND)
    Court(bench.one, "other").open()
    with pytest.raises(CaseRunning):
        bench.in_a_case(flag)
    flag.refresh_from_db()
    assert flag.status == Status.RAISED, "nothing of a refused step stands"


def test_what_was_referred_is_concluded_by_another_officer(bench: Bench) -> None:
    flag = bench.splitting()
    actions.refer(bench.officers[0], bench.body, flag.number, "省财政厅", "三个需求同一项目")
    with pytest.raises(life.FlagSameEyes):
        actions.conclude(bench.officers[0], bench.body, flag.number, "属实", confirmed=True)
    actions.conclude(bench.officers[1], bench.body, flag.number, "财政部门已责令改正", confirmed=True)
    flag.refresh_from_db()
    assert (flag.status, flag.concluded_by) == (Status.CONFIRMED, bench.officers[1])
    assert is_public(flag.number)
    assert kinds(flag) == [FlagEntry.RAISED, FlagEntry.REFERRED, FlagEntry.CONFIRMED]


def test_a_rule_wrong_nine_times_out_of_ten_is_switched_off_on_record(bench: Bench) -> None:
    bench.judged(29, confirmed=2)
    assert go_on_with_flags() == 0, "29 reviews are not thirty"
    bench.judged(1, confirmed=0)
    figures = {one.rule.code: one for one in tallies()}["C4b"]
    assert (figures.judged, figures.confirmed) == (30, 2)
    assert go_on_with_flags() == 1
    assert SwitchedOff.objects.get().rule == "C4b"
    assert Entry.objects.filter(case__name="P", kind=FlagEntry.RULE_OFF).count() == 1
    assert bench.same_price("GS-2026-100000") is None, "it raises nothing any more"
    assert go_on_with_flags() == 0


def test_a_rule_right_one_time_in_ten_stays(bench: Bench) -> None:
    bench.judged(30, confirmed=3)
    assert go_on_with_flags() == 0
    assert not SwitchedOff.objects.exists()
