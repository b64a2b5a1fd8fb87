"""The rules of random inspections from plain values: how many, which months, who goes where, what a sheet needs."""

from datetime import date

import pytest

from ratings.models import Finding
from ratings.rules import inspections as rules


@pytest.mark.parametrize(("there", "wanted"), [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5), (101, 6)])
def test_five_per_cent_are_rounded_up(there: int, wanted: int) -> None:
    assert rules.share_of(there, 5) == wanted


def test_months_follow_each_other() -> None:
    assert rules.previous_month(date(2026, 1, 31)) == date(2025, 12, 1)
    assert rules.next_month(date(2025, 12, 1)) == date(2026, 1, 1)
    assert rules.next_month(date(2026, 2, 1)) == date(2026, 3, 1)


def test_work_goes_round_and_nobody_inspects_whom_they_are_tied_to() -> None:
    ties = [rules.Tie("2", "a", "任职")]
    found = rules.assign(["a", "b", "c"], ["1", "2", "3", "4"], ties, 2)
    assert found == {"a": ["1", "3"], "b": ["2", "4"], "c": ["1", "3"]}


def test_who_has_too_few_inspectors_is_named() -> None:
    ties = [rules.Tie("1", "a", "任职"), rules.Tie("2", "a", "亲属"), rules.Tie("1", "b", "任职")]
    assert rules.without_inspectors(["a", "b", "c"], ["1", "2", "3"], ties, 2) == {"a"}


LINE = {"check": "资质", "ok": True, "note": ""}


@pytest.mark.parametrize(
    ("lines", "finding", "summary"),
    [
        ([], "clean", "好"),
        ([LINE, LINE], "clean", "好"),
        ([{**LINE, "check": "收费"}], "clean", "好"),
        ([{**LINE, "ok": False}], "problem", "坏"),
        ([{**LINE, "ok": None}], "clean", "好"),
        ([LINE], "nothing", "好"),
        ([LINE], "clean", ""),
    ],
)
def test_a_sheet_with_a_gap_is_refused(lines: list[dict[str, object]], finding: str, summary: str) -> None:
    with pytest.raises(rules.SheetIncomplete):
        rules.judge_sheet(rules.Sheet(lines, finding, summary), ["资质"], Finding.values)


def test_a_whole_sheet_passes() -> None:
    rules.judge_sheet(rules.Sheet([LINE], "clean", "好"), ["资质"], Finding.values)
    found = rules.Sheet([{**LINE, "ok": False, "note": "过期"}], "problem", "资质过期")
    rules.judge_sheet(found, ["资质"], Finding.values)
