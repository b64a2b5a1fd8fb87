"""The counterparts of Cardinal's indicators: its published examples, and each definition beside its edge."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from flags.__main__ import main
from flags.cardinal import Settings, run
from flags.quartiles import high_fence, low_fence, quantile

EXAMPLES = Path(__file__).parent / "cardinal"
AS_PUBLISHED = Settings(without_prices=frozenset({"NPC"}), left_out=frozenset({"EXC"}))


def _bid(status: str, who: str, amount: float | None = None, **more: Any) -> dict[str, Any]:
    value = {} if amount is None else {"value": {"amount": amount, "currency": "CNY"}}
    return {"status": status, "tenderers": [{"id": who}], **value, **more}


def _release(ocid: str, bids: list[dict[str, Any]], winner: str | None = None, **more: Any) -> dict[str, Any]:
    awards = [{"status": "active", "suppliers": [{"id": winner}]}] if winner else []
    return {"ocid": ocid, "bids": {"details": bids}, "awards": awards, **more}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_published_examples_come_out_as_published(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--indicator", path.stem, "--no-price-comparison", "NPC", "--exclude", "EXC"]
    assert main([str(path), *told]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(path.with_suffix(".expected").read_text())


def test_quartiles_are_the_median_unbiased_ones() -> None:
    # n = 9: h = (9 + 1/3) · 1/4 + 1/3 = 2 2/3.
    values = [0, 0, 100, 100, 100, 100, 100, 100, 100]
    assert quantile(values, 0.25) == pytest.approx(66.6667, abs=1e-3)
    assert low_fence(values) == pytest.approx(16.6667, abs=1e-3)
    assert quantile([5], 0.25) == quantile([5], 0.75) == 5
    # n = 5: h for 3/4 = 4 1/3.
    assert high_fence([1, 1, 1, 1, 2]) == pytest.approx(1 + 1 / 3 + 0.5)
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)


def test_a_tender_period_one_second_short_of_fifteen_days_is_short() -> None:
    def process(ocid: str, end: str, **more: Any) -> dict[str, Any]:
        period = {"startDate": "2026-01-01T18:00:00+08:00", "endDate": end}
        return {"ocid": ocid, "tender": {"tenderPeriod": period, **more}}

    found = run(
        [
            process("short", "2026-01-16T17:59:59+08:00", procurementMethod="limited"),
            process("exact", "2026-01-16T18:00:00+08:00"),
            process("same moment elsewhere", "2026-01-16T10:00:00Z"),
            process("no date", "soon"),
            process("urgent", "2026-01-07T18:00:00+08:00", procurementMethodDetails="urgent"),
        ],
        ["R003"],
        Settings(shortest_days_by={"urgent": 5}),
    )
    assert found == {"OCID": {"short": {"R003": 1.0}}}


def test_the_second_price_far_above_the_first_is_flagged_with_the_winner() -> None:
    near = [_release(str(n), [_bid("valid", "W", 1), _bid("valid", f"L{n}", 1)], "W") for n in range(4)]
    far = _release("far", [_bid("valid", "V", 1), _bid("valid", "L", 101)], "V")
    assert run([far, *near], ["R058"]) == {"OCID": {"far": {"R058": 100.0}}, "Tenderer": {"V": {"R058": 0.0}}}
    assert run(near, ["R058"]) == {}, "where the fence is nothing, nothing is said"


def test_a_late_bid_counts_only_if_it_won() -> None:
    late = _bid("valid", "W", date="2026-04-01T00:00:00+08:00")
    period = {"tenderPeriod": {"endDate": "2026-03-31T23:59:59+08:00"}}
    won = _release("won", [late], "W", tender=period)
    lost = _release("lost", [late], "L", tender=period)
    cancelled = _release("cancelled", [late], "W", tender={**period, "status": "cancelled"})
    assert run([won, lost, cancelled], ["R030"]) == {"OCID": {"won": {"R030": 1.0}}, "Tenderer": {"W": {"R030": 1.0}}}
    in_time = _bid("valid", "W", date="2026-03-31T15:59:59Z")
    assert run([_release("utc", [in_time], "W", tender=period)], ["R030"]) == {}


def test_all_others_excluded_counts_them_once_each() -> None:
    twice = [_bid("disqualified", "D"), _bid("disqualified", "D"), _bid("valid", "V")]
    two = [_bid("disqualified", "D"), _bid("disqualified", "E"), _bid("valid", "V"), _bid("withdrawn", "X")]
    another_valid = [*two, _bid("valid", "Z")]
    found = run(
        [
            _release("twice", twice, "V"),
            _release("two", two, "V"),
            _release("another", another_valid, "V"),
            _release("other winner", two, "S"),
            {**_release("pending", two, "V"), "awards": [{"status": "pending"}]},
        ],
        ["R035"],
    )
    assert found == {"OCID": {"twice": {"R035": 1.0}, "two": {"R035": 2.0}}, "Tenderer": {"V": {"R035": 0.0}}}


def test_the_lowest_excluded_needs_a_valid_price_and_an_award() -> None:
    low, high = _bid("disqualified", "D", 1), _bid("valid", "V", 2)
    unpriced = _bid("valid", "V")
    found = run(
        [
            _release("F", [low, high], "V"),
            _release("equal", [low, _bid("valid", "V", 1)], "V"),
            _release("pending lowest", [_bid("disqualified", "D", 3), high, _bid("pending", "P", 1)], "V"),
            _release("no award", [low, high]),
            _release("no valid price", [low, unpriced], "V"),
            _release("no comparison", [low, high], "V", tender={"procurementMethodDetails": "NPC"}),
        ],
        ["R036"],
        AS_PUBLISHED,
    )
    assert set(found["OCID"]) == {"F", "equal"}


def test_buyers_that_exclude_much_stand_out_and_small_numbers_are_left_out() -> None:
    quiet = [
        _release(f"{buyer}{n}", [_bid("valid", f"{buyer}{n}a"), _bid("valid", f"{buyer}{n}b")], buyer={"id": buyer})
        for buyer in "PQRST"
        for n in range(2)
    ]
    harsh = _release("h", [_bid("valid", "v"), _bid("disqualified", "d")], buyer={"id": "H"})
    assert run([*quiet, harsh], ["R038"])["Buyer"] == {"H": {"R038": 0.5}}
    alone = _release("one", [_bid("disqualified", "d")], buyer={"id": "B"})
    assert run([alone], ["R038"]) == {}


def test_a_supplier_of_many_classes_stands_out() -> None:
    def award(ocid: str, who: str, *codes: str) -> dict[str, Any]:
        items = [{"classification": {"id": code}} for code in codes]
        return {"ocid": ocid, "awards": [{"status": "active", "suppliers": [{"id": who}], "items": items}]}

    plain = [award(str(n), f"s{n}", "10000000", "10990000") for n in range(4)]
    wide = award("F", "F", "10000000", "11000000")
    assert run([wide, *plain], ["R048"]) == {"Tenderer": {"F": {"R048": 2.0}}}
    assert run([wide, *plain], ["R048"], Settings(fewest_processes=2)) == {}


def test_records_and_packages_are_read_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    single = {"ocid": "a", "tender": {"numberOfTenderers": 1, "procurementMethod": "open"}}
    record = {"ocid": "b", "compiledRelease": {**single, "ocid": "b"}}
    package = {"records": [{"ocid": "c", "compiledRelease": {**single, "ocid": "c"}}]}
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, [single, record, package])) + "\n\n"))
    assert main(["-", "--indicator", "R018"]) == 0
    assert set(json.loads(capsys.readouterr().out)["OCID"]) == {"a", "b", "c"}


def test_a_line_that_is_no_json_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"ocid":"a"}\n{"ocid"\n')
    assert main([str(path)]) == 1
    assert "line 2" in capsys.readouterr().err
