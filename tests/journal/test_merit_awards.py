"""综合比选 recomputed from case files alone: against a naive reading of R3, and against what was made up."""

import copy
from collections.abc import Callable
from decimal import Decimal, getcontext
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from journal.awards import decide
from journal.awards.experts import commitment
from journal.awards.merit import fitting
from journal.awards.outcome import CaseEntry, RecordUnfit
from marketplace.rulesets import ruleset
from tests.journal.records import HeldDraw, case, notice, opened

pytestmark = pytest.mark.clause("R3", "I8")
NUMBERS = ruleset("2026-12").numbers
WAY = NUMBERS["merit"]
POOL = {f"{n:04d}": 1 for n in range(1, 6)}
DRAW = HeldDraw("GS-1-E", POOL)
WEIGHTS = {"price": 50, "quality": 40, "credit": 10}
LABELS = "甲乙丙丁"


@st.composite
def weights(draw: st.DrawFn) -> dict[str, int]:
    credit = draw(st.integers(0, 15))
    price = draw(st.integers(0, 100 - credit))
    return {"price": price, "quality": 100 - credit - price, "credit": credit}


def table(labels: str = LABELS) -> st.SearchStrategy[dict[str, tuple[int, list[int], int]]]:
    """Label → price in fen, three marks, K in tenths."""
    mark = st.integers(0, 100)
    row = st.tuples(st.integers(1, 10_000_000), st.lists(mark, min_size=3, max_size=3), st.integers(0, 1000))
    return st.dictionaries(st.sampled_from(labels), row, min_size=1)


def record(
    rows: dict[str, tuple[int, list[int], int]],
    weigh: dict[str, int] | None = None,
    *,
    plans: str | None = None,
    **changes: Any,
) -> list[CaseEntry]:
    """A selection by merit as it should be; without a plan in `plans` a label has a price only."""
    draw = DRAW
    planned = sorted(rows if plans is None else plans)
    sat = draw.order[:3]
    shown = []
    for n, expert in enumerate(sat):
        marks = [{"label": label, "points": rows[label][1][n], "reason": "可行"} for label in planned]
        shown.append({"expert": expert, "salt": bytes([n] * 32).hex(), "marks": marks})
    scores = [{"label": label, "k": f"{row[2] / 10:.1f}", "grade": "B"} for label, row in rows.items()]
    return case(
        notice(weights=weigh or WEIGHTS, **changes),
        *draw.opening(),
        *(("plan.submitted", {"label": label, "sha256": f"{label}1", "size": 1}) for label in planned),
        ("credit.noted", {"scores": scores}),
        ("plans.closed", {"plans": [{"label": label, "sha256": f"{label}1", "size": 1} for label in planned]}),
        *draw.sealing(),
        *draw.making(),
        ("experts.appointed", {"experts": sat}),
        *(
            (
                "marks.given",
                {"expert": one["expert"], "commitment": commitment(bytes.fromhex(one["salt"]), one["marks"])},
            )
            for one in shown
        ),
        ("marks.published", {"experts": sorted(shown, key=lambda one: str(one["expert"]))}),
        opened({label: row[0] for label, row in rows.items()}),
    )


ROWS = {"甲": (8_000_00, [95, 90, 40], 900), "乙": (7_000_00, [60, 70, 65], 800), "丙": (6_000_00, [20, 30, 25], 700)}


@settings(max_examples=60, deadline=None)
@given(table(), weights())
def test_it_agrees_with_a_naive_reading_of_the_rule(rows, weigh):
    getcontext().prec = 60
    lowest = min(row[0] for row in rows.values())
    score = {
        label: Decimal(weigh["price"]) * lowest / price
        + Decimal(weigh["quality"]) * sorted(marks)[1] / 100
        + Decimal(weigh["credit"]) * k / 1000
        for label, (price, marks, k) in rows.items()
    }
    gaps = sorted(score.values())
    assume(all(b - a == 0 or b - a > Decimal("1e-40") for a, b in pairwise(gaps)))
    order = sorted(rows, key=lambda label: (-score[label], rows[label][0]))
    outcome = decide("merit", record(rows, weigh), NUMBERS)
    first = [label for label in rows if (score[label], rows[label][0]) == (score[order[0]], rows[order[0]][0])]
    if len(first) == 1:
        assert (outcome.winner, outcome.amount) == (order[0], rows[order[0]][0])
    else:
        assert set(outcome.tied) == set(first)
    assert {label: float(found) for label, found in outcome.facts["scores"].items()} == pytest.approx(
        {label: float(found) for label, found in score.items()}
    )


@settings(max_examples=30, deadline=None)
@given(table(), weights(), st.integers(2, 9))
def test_prices_in_another_unit_change_no_score(rows, weigh, times):
    larger = {label: (price * times, marks, k) for label, (price, marks, k) in rows.items()}
    ceiling = {"ceiling": "1000000000.00"}
    before = decide("merit", record(rows, weigh, **ceiling), NUMBERS)
    after = decide("merit", record(larger, weigh, **ceiling), NUMBERS)
    assert before.facts["scores"] == after.facts["scores"]
    assert before.winner == after.winner


@settings(max_examples=30, deadline=None)
@given(table(), weights(), st.sampled_from(LABELS))
def test_one_wild_mark_of_three_moves_the_median_within_the_others(rows, weigh, label):
    assume(label in rows)
    price, marks, k = rows[label]
    wild = {**rows, label: (price, [0, *marks[1:]], k)}
    found = decide("merit", record(wild, weigh), NUMBERS).facts["quality"][label]
    assert min(marks[1:]) <= found <= max(marks[1:])


def test_equal_scores_go_to_the_lower_price():
    # 60·100/200 + 40·0.80 = 62 = 60 + 40·0.05
    rows = {"甲": (200, [80] * 3, 0), "乙": (100, [5] * 3, 0)}
    outcome = decide("merit", record(rows, {"price": 60, "quality": 40, "credit": 0}), NUMBERS)
    assert outcome.facts["scores"] == {"甲": 62, "乙": 62}
    assert (outcome.winner, outcome.amount, outcome.tied) == ("乙", 100, ())


def test_equal_scores_and_prices_wait_for_their_draw_and_then_follow_it():
    rows = {label: (100, [80, 80, 80], 800) for label in "甲乙丙"}
    entries = record(rows)
    assert decide("merit", entries, NUMBERS).tied == tuple(sorted("甲乙丙"))
    tie = HeldDraw("GS-1-T1", dict.fromkeys(rows, 1))
    after = case(*[(e.kind, e.data) for e in entries], *tie.opening(), *tie.sealing(), *tie.making())
    assert decide("merit", after, NUMBERS).winner == tie.order[0]


def test_a_price_without_a_plan_is_no_measure_and_cannot_win():
    outcome = decide("merit", record({**ROWS, "丁": (1, [0, 0, 0], 1000)}, plans="甲乙丙"), NUMBERS)
    assert outcome.facts["unmarked"] == ["丁"]
    assert outcome.facts["lowest"] == 6_000_00
    assert outcome.winner == "甲"


def test_before_the_marks_there_is_no_result():
    entries = [e for e in record(ROWS) if e.kind not in ("marks.published", "offers.opened")]
    outcome = decide("merit", entries, NUMBERS)
    assert (outcome.winner, outcome.failure) == (None, "no_bids")


def _entry(entries: list[CaseEntry], kind: str) -> dict[str, Any]:
    return next(e.data for e in entries if e.kind == kind)


def _recommit(entries: list[CaseEntry]) -> None:
    """Let the commitments follow the marks shown: only what is wrong besides is to be found."""
    shown = {one["expert"]: one for one in _entry(entries, "marks.published")["experts"]}
    for entry in entries:
        if entry.kind == "marks.given" and entry.data["expert"] in shown:
            one = shown[entry.data["expert"]]
            entry.data["commitment"] = commitment(bytes.fromhex(one["salt"]), one["marks"])


def _first_marks(entries: list[CaseEntry]) -> list[dict[str, Any]]:
    marks: list[dict[str, Any]] = _entry(entries, "marks.published")["experts"][0]["marks"]
    return marks


def strange(entries: list[CaseEntry]) -> None:
    """The fourth of the order in place of the first, commitment and all."""
    order = _entry(entries, "draw.drawn")["order"]
    for entry in entries:
        if entry.kind == "marks.given" and entry.data["expert"] == order[0]:
            entry.data["expert"] = order[3]
    for one in _entry(entries, "marks.published")["experts"]:
        if one["expert"] == order[0]:
            one["expert"] = order[3]


SPOILS: dict[str, Callable[[list[CaseEntry]], None]] = {
    "a mark changed after it was given": lambda e: _first_marks(e)[0].update(points=1),
    "a reason changed": lambda e: _first_marks(e)[0].update(reason="改"),
    "another salt": lambda e: _entry(e, "marks.published")["experts"][0].update(salt="ff" * 32),
    "one expert fewer": lambda e: _entry(e, "marks.published")["experts"].pop(),
    "the weights of another notice": lambda e: _entry(e, "request.published").update(
        weights={"price": 1, "quality": 99}
    ),
    "weights beyond the bounds": lambda e: _entry(e, "request.published").update(
        weights={"price": 44, "quality": 40, "credit": 16}
    ),
    "public money weighing price too low": lambda e: _entry(e, "request.published").update(
        weights={"price": 39, "quality": 51, "credit": 10}, public_funds=True
    ),
    "credit of one left out": lambda e: _entry(e, "credit.noted")["scores"].pop(),
    "a plan exchanged at the close": lambda e: _entry(e, "plans.closed")["plans"][0].update(sha256="other"),
    "another order of experts": lambda e: _entry(e, "draw.drawn")["order"].reverse(),
}
RECOMMITTED: dict[str, Callable[[list[CaseEntry]], None]] = {
    "101 points": lambda e: _first_marks(e)[0].update(points=101),
    "half a point": lambda e: _first_marks(e)[0].update(points=50.5),
    "true for a point": lambda e: _first_marks(e)[0].update(points=True),
    "no reason": lambda e: _first_marks(e)[0].update(reason=" "),
    "a plan left out": lambda e: _first_marks(e).pop(),
    "a plan twice": lambda e: _first_marks(e).append(dict(_first_marks(e)[0])),
    "an expert who was not drawn": strange,
}


@pytest.mark.parametrize("what", [*SPOILS, *RECOMMITTED])
def test_what_was_made_up_is_found(what):
    entries = copy.deepcopy(record(ROWS))
    assert decide("merit", entries, NUMBERS).winner == "甲"
    if what in SPOILS:
        SPOILS[what](entries)
    else:
        RECOMMITTED[what](entries)
        _recommit(entries)
    with pytest.raises(RecordUnfit):
        decide("merit", entries, NUMBERS)


def test_prices_opened_before_the_marks_are_no_selection_by_merit():
    kinds = [(e.kind, e.data) for e in record(ROWS)]
    prices = kinds.pop()
    at = next(n for n, (kind, _data) in enumerate(kinds) if kind == "marks.published")
    with pytest.raises(RecordUnfit):
        decide("merit", case(*kinds[:at], prices, *kinds[at:]), NUMBERS)


def test_a_replaced_expert_does_not_count_and_the_next_of_the_order_does():
    entries = record(ROWS)
    order = _entry(entries, "draw.drawn")["order"]
    kinds = [(e.kind, copy.deepcopy(e.data)) for e in entries]
    at = next(n for n, (kind, _data) in enumerate(kinds) if kind == "marks.given")
    gone = ("expert.recused", {"expert": order[0], "because": "conflict", "next": order[3], "marks_until": None})
    with pytest.raises(RecordUnfit):
        decide("merit", case(*kinds[:at], gone, *kinds[at:]), NUMBERS)
    replaced = case(*kinds[:at], gone, *kinds[at:])
    strange(replaced)
    assert decide("merit", replaced, NUMBERS).winner == "甲"


@settings(max_examples=100, deadline=None)
@given(st.integers(-5, 105), st.integers(-5, 105), st.integers(-5, 105), st.booleans())
def test_weights_fit_exactly_within_the_bounds(price, quality, credit, government):
    weigh = {"price": price, "quality": quality, "credit": credit}
    wanted = (
        min(weigh.values()) >= 0
        and price + quality + credit == 100
        and credit <= 15
        and (price >= 40 or not government)
    )
    assert fitting(weigh, WAY, government=government) == wanted
