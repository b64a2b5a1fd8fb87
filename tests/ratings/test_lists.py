"""Imported lists of dishonest parties: what a file may do to the reader, whom it matches, and that it only opens cases."""

import io
from datetime import date, timedelta

from django.core.cache import cache
from django.db import IntegrityError, InternalError, transaction
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate

import pytest
import xlsxwriter

from accounts.models import User
from agencies.models import Agency
from journal.queries import entries_of
from ratings.actions import lists
from ratings.clockwork.lists import do_due_lists
from ratings.models import (
    Ending,
    ExitCase,
    FlagEnd,
    ListFlag,
    ListImport,
    ListRow,
    Measure,
    Step,
    Trigger,
)
from ratings.queries.lists import plan_of, shown_flags
from ratings.rules import lists as rules
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from ratings.rules.lists import Likeness, Listing, Why
from tests import cast
from tests.ratings.court import Court, chain_holds

HEADER = "序号,企业名称,统一社会信用代码,列入原因\n"
STRANGER = cast.next_uscc()


def listing(day: date = date(2026, 9, 1), name: str = "严重失信主体名单") -> Listing:
    return Listing(name, "国家税务总局", day, "https://tax.example.cn/list/2026-09")


def line(name: str, uscc: str, reason: str = "虚开发票") -> str:
    return f"1,{name},{uscc},{reason}\n"


def book(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return out.getvalue()


def test_headings_are_found_in_any_order_below_titles_and_in_any_encoding() -> None:
    text = f"某某名单,,\n二〇二六年,,\n列入原因,统一社会信用代码（18位）,单位名称\n偷税,{STRANGER},某公司\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        [row] = rules.read(text.encode(encoding)).rows
        assert (row.row, row.name, row.uscc, row.reason) == (4, "某公司", STRANGER, "偷税")
    [row] = rules.read(text.replace(",", "\t").encode()).rows
    assert row.uscc == STRANGER
    [row] = rules.read(book(("信用代码", "名称"), (STRANGER.lower(), " 某 公司 "))).rows
    assert (row.row, row.name, row.uscc) == (2, "某 公司", STRANGER)


def test_rows_that_cannot_be_read_are_told_with_their_reason() -> None:
    wrong_digit = STRANGER[:-1] + ("0" if STRANGER[-1] != "0" else "1")
    text = HEADER + line("甲", "") + line("乙", wrong_digit) + line("", STRANGER) + ",,,\n"
    text += line("丙", STRANGER) + line("丙", STRANGER)
    table = rules.read(text.encode())
    assert [row.name for row in table.rows] == ["丙"]
    assert [(bad.row, bad.why) for bad in table.bad] == [
        (2, Why.NO_CODE),
        (3, Why.BAD_CODE),
        (4, Why.NO_NAME),
        (7, Why.TWICE),
    ]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", rules.ListHeaderMissing),
        (b"\x00\x01\x02\xff" * 100, rules.ListUnreadable),
        (b"PK\x03\x04 no archive", rules.ListUnreadable),
        ("企业名称,地址\n甲,兰州\n".encode(), rules.ListHeaderMissing),
        (HEADER.encode(), rules.ListEmpty),
        ((HEADER + line("甲", "123")).encode(), rules.ListEmpty),
        (b"a" * (rules.LARGEST + 1), rules.ListTooLarge),
        ((HEADER + ",,,\n" * (rules.MOST_ROWS + 1)).encode(), rules.ListTooLarge),
        (HEADER.encode("utf-16"), rules.ListUnreadable),
    ],
)
def test_hostile_and_useless_files_are_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.read(content)


def test_two_cells_in_opposite_corners_are_not_laid_out() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "名称")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(rules.ListTooLarge):
        rules.read(out.getvalue())


def test_formulas_are_words_and_are_never_worked_out() -> None:
    hostile = "=cmd|'/c calc'!A1"
    [row] = rules.read((HEADER + line(hostile, STRANGER, "=1+1")).encode()).rows
    assert (row.name, row.reason) == (hostile, "=1+1")


def test_like_names_and_codes_with_one_wrong_place_are_shown_and_match_nothing() -> None:
    agency = "91620100MA72345678"
    wrong = agency[:10] + "9" + agency[11:]
    text = HEADER + line("迅达咨询（兰州）有限公司", "") + line("别名", wrong) + line("无关", STRANGER)
    found = rules.near_misses(rules.read(text.encode()), {agency: "迅达咨询(兰州) 有限公司"})
    assert [(near.row, near.like, near.agency) for near in found] == [
        (2, Likeness.NAME, agency),
        (3, Likeness.CODE, agency),
    ]
    exact = HEADER + line("迅达咨询(兰州)有限公司", STRANGER)
    assert rules.near_misses(rules.read(exact.encode()), {STRANGER: "迅达咨询(兰州)有限公司"}) == []


class Desk(Court):
    """A court whose first officer takes lists in."""

    def take(self, text: str, of: Listing | None = None) -> tuple[ListImport, bool]:
        content = text.encode()
        table = rules.read(content)
        return lists.take_in(
            self.officers[0], self.body, of or listing(), table, file_name="名单.csv", sha256=lists.digest(content)
        )

    def line(self) -> str:
        return line(self.party.name, self.agency.uscc)


@pytest.fixture
def desk(swift_agency: Agency) -> Desk:
    return Desk(swift_agency)


def kinds(desk: Desk) -> list[str]:
    return [entry.kind for entry in entries_of(f"A-{desk.agency.uscc}").order_by("seq")]


pytest_db = pytest.mark.django_db


@pytest_db
@pytest.mark.clause("P22.3")
def test_a_match_opens_a_case_and_changes_neither_standing_nor_score(desk: Desk) -> None:
    before = Agency.objects.values().get(pk=desk.agency.pk)
    taken, new = desk.take(HEADER + line("无关公司", STRANGER) + desk.line())
    case = ExitCase.objects.get()
    assert (case.trigger, case.proposed, case.step, case.opened_by) == (
        Trigger.LISTED,
        Measure.SUSPEND,
        Step.OPENED,
        desk.officers[0],
    )
    assert "第 3 行" in case.facts[0]["text"]
    flag = ListFlag.objects.get()
    assert (new, taken.rows, flag.case, flag.row.row) == (True, 2, case, 3)
    assert Agency.objects.values().get(pk=desk.agency.pk) == before
    assert kinds(desk)[-1] == "list.listed"
    [imported] = [entry.data for entry in entries_of("P") if entry.kind == "list.imported"]
    assert (imported["sha256"], imported["authority"]) == (taken.sha256, "国家税务总局")
    chain_holds(f"A-{desk.agency.uscc}")
    chain_holds("P")


@pytest_db
def test_the_same_import_twice_changes_nothing(desk: Desk) -> None:
    text = HEADER + desk.line()
    taken, _new = desk.take(text)
    before = (kinds(desk), entries_of("P").count(), desk.party.notices.count())
    assert desk.take(text) == (taken, False)
    assert (kinds(desk), entries_of("P").count(), desk.party.notices.count()) == before
    assert (ListImport.objects.count(), ListRow.objects.count(), ExitCase.objects.count()) == (1, 1, 1)


@pytest_db
def test_a_newer_edition_keeps_the_flag_or_ends_it(desk: Desk) -> None:
    other = HEADER + line("无关公司", STRANGER)
    desk.take(HEADER + desk.line())
    desk.take(other + desk.line(), listing(date(2026, 10, 1)))
    assert (ListFlag.objects.count(), ExitCase.objects.count()) == (1, 1)
    desk.take(other, listing(date(2026, 10, 1), "另一名单"))
    assert shown_flags(desk.agency).count() == 1, "another list says nothing of this one"
    desk.take(other, listing(date(2026, 11, 1)))
    flag = ListFlag.objects.get()
    assert (flag.ending, shown_flags(desk.agency).count()) == (FlagEnd.LEFT, 0)
    assert kinds(desk)[-1] == "list.ended"


@pytest_db
def test_who_comes_onto_the_list_again_is_flagged_again(desk: Desk) -> None:
    desk.take(HEADER + desk.line())
    desk.take(HEADER + line("无关公司", STRANGER), listing(date(2026, 10, 1)))
    desk.take(HEADER + desk.line(), listing(date(2026, 11, 1)))
    assert ListFlag.objects.count() == 2
    assert shown_flags(desk.agency).count() == 1


@pytest_db
def test_an_older_edition_does_not_undo_a_newer_one(desk: Desk) -> None:
    desk.take(HEADER + line("无关公司", STRANGER), listing(date(2026, 10, 1)))
    with pytest.raises(rules.ListOutdated):
        desk.take(HEADER + desk.line())
    assert not ListFlag.objects.exists()


@pytest_db
def test_only_officers_take_lists_in_and_correct_them(desk: Desk) -> None:
    table = rules.read((HEADER + desk.line()).encode())
    with pytest.raises(NotAnOfficer):
        lists.take_in(desk.person, desk.party, listing(), table, file_name="a", sha256="0" * 64)
    desk.take(HEADER + desk.line())
    flag = ListFlag.objects.get()
    with pytest.raises(NotAnOfficer):
        lists.correct_flag(desk.person, desk.party, flag.pk, "不是我们")
    with pytest.raises(ReasonsMissing):
        lists.correct_flag(desk.officers[0], desk.body, flag.pk, " ")
    lists.correct_flag(desk.officers[0], desk.body, flag.pk, "代码登记错误，公布机关已更正。")
    flag.refresh_from_db()
    assert (flag.ending, flag.ended_by) == (FlagEnd.CORRECTED, desk.officers[0])
    assert not shown_flags(desk.agency).exists()
    with pytest.raises(Http404):
        lists.correct_flag(desk.officers[0], desk.body, flag.pk, "再更正一次")


@pytest_db
def test_what_was_repaired_is_shown_no_more_and_a_newer_edition_does_not_bring_it_back(desk: Desk) -> None:
    desk.take(HEADER + desk.line())
    ExitCase.objects.update(ending=Ending.REPAIRED)
    assert not shown_flags(desk.agency).exists()
    desk.take(HEADER + desk.line() + line("无关公司", STRANGER), listing(date(2026, 10, 1)))
    assert not shown_flags(desk.agency).exists()


@pytest_db
def test_a_flag_waits_for_an_undecided_case_and_then_opens_its_own(desk: Desk) -> None:
    earlier = desk.open()
    desk.take(HEADER + desk.line())
    flag = ListFlag.objects.get()
    assert flag.case is None
    assert shown_flags(desk.agency).count() == 1
    assert do_due_lists() == 0
    ExitCase.objects.filter(pk=earlier.pk).update(step=Step.CLOSED)
    assert (do_due_lists(), do_due_lists()) == (1, 0)
    flag.refresh_from_db()
    assert flag.case is not None
    assert flag.case.trigger == Trigger.LISTED


@pytest_db
@pytest.mark.clause("P22.4")
def test_an_agency_that_registers_after_the_list_does_not_shed_it(desk: Desk) -> None:
    late = cast.next_uscc()
    desk.take(HEADER + line("后来公司", late))
    desk.take(HEADER + line("后来公司", late), listing(name="另一名单"))
    desk.take(HEADER + line("无关公司", STRANGER), listing(date(2026, 10, 1), "另一名单"))
    assert do_due_lists() == 0
    made = cast.agency("后来公司")
    type(made.organisation).objects.filter(pk=made.organisation_id).update(uscc=late)
    name = f"A-{late}"
    type(made.case).objects.filter(pk=made.case_id).update(name=name)
    assert (do_due_lists(), do_due_lists()) == (1, 0)
    assert [flag.name for flag in shown_flags(Agency.objects.get(pk=made.pk))] == ["严重失信主体名单"]


@pytest_db
def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    table = rules.read((HEADER + desk.line()).encode())
    plan = plan_of(listing(), table)
    assert [(row.row, agency) for row, agency in plan.matched] == [(2, desk.agency)]
    assert not ListImport.objects.exists()
    assert not ExitCase.objects.exists()


@pytest_db
def test_imports_and_their_rows_are_append_only(desk: Desk) -> None:
    desk.take(HEADER + desk.line())
    for change in (lambda: ListImport.objects.update(rows=9), lambda: ListRow.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


@pytest.fixture
def officer(desk: Desk, settings: object) -> Client:
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    cache.clear()
    return of(desk.officers[0])


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(text: str, **fields: str) -> dict[str, object]:
    file = io.BytesIO(text.encode())
    file.name = "名单.csv"
    given = {"name": "严重失信主体名单", "authority": "国家税务总局", "published_on": "2026-09-01"}
    return {**given, "source": "https://tax.example.cn/list", "file": file, **fields}


@pytest_db
def test_an_officer_sees_what_a_file_would_do_and_then_does_it(desk: Desk, officer: Client) -> None:
    near = line("迅达咨询有限公司", "")
    answer = officer.post("/regulator/lists/preview/", form(HEADER + desk.line() + near + "1,<b>坏</b>,123,x\n"))
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "名称相同" in body
    assert "<b>坏</b>" not in body
    assert not ListImport.objects.exists()
    key = answer.context["key"]
    assert of(desk.officers[1]).post("/regulator/lists/import/", {"key": key}).status_code == 302
    assert not ListImport.objects.exists(), "another officer's preview"
    assert officer.post("/regulator/lists/import/", {"key": key}).status_code == 302
    assert ListFlag.objects.get().agency == desk.agency
    shown = Client().get(f"/a/{desk.agency.uscc}/").content.decode()
    assert "列入名单" in shown
    assert "第 2 行" in shown
    flag = ListFlag.objects.get()
    assert officer.post(f"/regulator/lists/flags/{flag.pk}/correct/", {"because": ""}).status_code == 400
    assert officer.post(f"/regulator/lists/flags/{flag.pk}/correct/", {"because": "登记错误"}).status_code == 302
    assert "list-flags" not in Client().get(f"/a/{desk.agency.uscc}/").content.decode()
    assert officer.get("/regulator/lists/").status_code == 200


@pytest_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "javascript:alert(1)"},
        {"source": "ftp://a.example/x"},
        {"name": ""},
        {"published_on": (localdate() + timedelta(days=2)).isoformat()},
    ],
)
def test_provenance_has_to_be_whole(officer: Client, desk: Desk, wrong: dict[str, str]) -> None:
    assert officer.post("/regulator/lists/preview/", form(HEADER + desk.line(), **wrong)).status_code == 400


@pytest_db
def test_the_doors_are_the_officers_alone(desk: Desk, officer: Client) -> None:
    for path in ("/regulator/lists/", "/regulator/lists/import/"):
        assert of(desk.person).post(path).status_code == 404
        assert Client().get(path).status_code == 302
    assert officer.post("/regulator/lists/import/", {"key": "gone"}).status_code == 302
    assert officer.post("/regulator/lists/preview/", form("\x00\x01")).status_code == 400
