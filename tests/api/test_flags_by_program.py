"""Officers look after flags by a program as on their pages; everybody else learns of the confirmed ones alone."""

import pytest

from accounts.models import User
from agencies.models import Agency
from flags.models import Flag, Status
from ratings.models import ExitCase, Look
from tests.api.calls import Program, program_of
from tests.flags.stage import Bench

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]


@pytest.fixture
def bench(swift_agency: Agency, steady_agency: Agency) -> Bench:
    return Bench(swift_agency, steady_agency)


@pytest.fixture
def flag(bench: Bench) -> Flag:
    raised = bench.same_price("GS-2026-000001", "GS-2026-000002")
    assert raised is not None
    return raised


def test_an_officer_reads_a_flag_with_its_evidence_and_the_look_is_recorded(bench: Bench, flag: Flag) -> None:
    officer = program_of(bench.officers[0])
    [row] = officer.get("regulator/flags/?rule=C4b")["results"]
    assert (row["number"], row["status"]) == (flag.number, "raised")
    assert officer.get("regulator/flags/?status=dismissed")["results"] == []
    assert not Look.objects.exists()
    page = officer.get(f"regulator/flags/{flag.number}/").json
    assert page["flag"]["agencies"] == flag.agencies
    assert page["evidence"][0]["number"] == "GS-2026-000001"
    assert page["evidence"][0]["amount"] == "100000.00"
    assert [verb["name"] for verb in page["verbs"]] == ["case", "refer", "watch", "dismiss"]
    assert Look.objects.get().subject == flag.number


def test_each_step_is_refused_where_the_page_refuses_it(bench: Bench, flag: Flag) -> None:
    officer, path = program_of(bench.officers[0]), f"regulator/flags/{flag.number}/"
    empty = officer.post(path + "dismiss/", {"reason": " "})
    assert (empty.status, list(empty["errors"])) == (400, ["reason"])
    assert officer.post(path + "conclude/", {"confirmed": "yes", "conclusion": "查实"})["code"] == "E_FLAG_STEP"
    done = officer.post(path + "dismiss/", {"reason": "同一造价软件的默认值。"})
    assert (done.status, done["status"]) == (200, "dismissed")
    late = program_of(bench.officers[1]).post(path + "watch/", {"reason": "再看三个月"})
    assert (late.status, late["code"]) == (409, "E_FLAG_STEP")


def test_who_referred_a_flag_does_not_say_what_came_of_it(bench: Bench, flag: Flag) -> None:
    first, path = program_of(bench.officers[0]), f"regulator/flags/{flag.number}/"
    assert first.post(path + "refer/", {"to": "公安机关", "reason": "涉嫌串通投标"}).status == 200
    said = {"confirmed": "yes", "conclusion": "处罚决定书已生效"}
    assert first.post(path + "conclude/", said)["code"] == "E_FLAG_SAME_EYES"
    assert Program().get(f"flags/{flag.number}/").status == 404
    assert program_of(bench.officers[1]).post(path + "conclude/", said)["status"] == "confirmed"
    page = Program().get(f"flags/{flag.number}/").json
    assert page["flag"]["conclusion"] == "处罚决定书已生效"
    assert "verbs" not in page
    [row] = Program().get("flags/")["results"]
    assert row["number"] == flag.number


def test_a_case_is_opened_against_an_agency_that_the_flag_names(bench: Bench, flag: Flag, third_agency: Agency) -> None:
    officer, path = program_of(bench.officers[0]), f"regulator/flags/{flag.number}/case/"
    said = {"proposed": "suspend", "reason": "两家多次报出同一价格。"}
    assert list(officer.post(path, {**said, "agency": third_agency.uscc})["errors"]) == ["agency"]
    assert officer.post(path, {**said, "agency": bench.one.uscc})["status"] == Status.CASE
    assert ExitCase.objects.get().agency == bench.one


def test_flags_are_officers_alone(flag: Flag, swift_agency: Agency, waterworks_user: User) -> None:
    for user in (swift_agency.user, waterworks_user):  # type: ignore[attr-defined]
        program = program_of(user)
        for path in ("regulator/flags/", f"regulator/flags/{flag.number}/", "regulator/network/", "regulator/radar/"):
            assert program.get(path).status == 404
        assert program.post(f"regulator/flags/{flag.number}/dismiss/", {"reason": "没有问题"}).status == 404
    assert Program().get("regulator/flags/").status == 401
    assert Flag.objects.get().status == Status.RAISED


def test_everybody_reads_the_rules_and_how_often_they_were_right(bench: Bench) -> None:
    bench.judged(4, 3)
    rules = {one["code"]: one for one in Program().get("flag-rules/")["results"]}
    assert (rules["C4b"]["judged"], rules["C4b"]["confirmed"], rules["C4b"]["precision"]) == (4, 3, "75%")
    assert rules["B7"]["precision"] is None
    assert Program().get("flags/network/?item=nonsense")["results"] == []
