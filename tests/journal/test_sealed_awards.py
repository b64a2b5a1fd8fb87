"""密封报价 decided from the record alone (I8)."""

from typing import Any

import pytest

from journal.awards import decide
from journal.awards.outcome import CaseEntry, RecordUnfit
from journal.awards.prices import check
from journal.offers import commitment, root

USCC = {"甲": "U1", "乙": "U2", "丙": "U3"}
K = {label: bytes([n]) * 32 for n, label in enumerate(USCC, 1)}


def record(
    prices: dict[str, str], *more: tuple[str, dict[str, Any]], void: dict[str, str] | None = None
) -> list[CaseEntry]:
    """A case file in which these prices were sealed in this order, closed and opened; then what came after."""
    shut = {label: commitment(K[label], amount, USCC[label]) for label, amount in prices.items()}
    void = void or {}
    kinds: list[tuple[str, dict[str, Any]]] = [("request.published", {"ceiling": "100000.00"})]
    kinds += [("offer.sealed", {"label": one, "commitment": shut[one].hex()}) for one in prices]
    kinds.append(
        (
            "offers.closed",
            {
                "root": root(shut).hex(),
                "offers": [{"label": one, "commitment": shut[one].hex()} for one in sorted(shut)],
            },
        )
    )
    opened = [
        {"label": one, "amount": prices[one], "nonce": K[one].hex(), "by": "bidder", "void": void.get(one)}
        for one in sorted(prices)
    ]
    kinds += [("offers.opened", {"offers": opened}), *more]
    return [CaseEntry(n, "", kind, data) for n, (kind, data) in enumerate(kinds, 1)]


def test_the_lowest_price_wins_at_itself():
    found = decide("sealed", record({"甲": "90000.00", "乙": "80000.00", "丙": "85000.00"}), {})
    assert (found.winner, found.amount) == ("乙", 80_000_00)
    assert [place.label for place in found.ranking] == ["乙", "丙", "甲"]


def test_void_too_high_and_barred_prices_count_for_nothing():
    entries = record(
        {"甲": "90000.00", "乙": "100000.01", "丙": "70000.00"},
        ("bidder.barred", {"label": "丙"}),
        void={"乙": "above_ceiling"},
    )
    found = decide("sealed", entries, {})
    assert (found.winner, [place.label for place in found.ranking]) == ("甲", ["甲"])
    assert found.facts["void"] == {"乙": "above_ceiling"}


def test_a_price_above_the_ceiling_counts_for_nothing_even_if_nobody_called_it_void():
    assert decide("sealed", record({"甲": "100000.01"}), {}).failure == "no_bids"


def test_nobody_priced():
    assert decide("sealed", record({}), {}).failure == "no_bids"


def test_equal_lowest_prices_wait_for_their_draw_and_follow_it():
    prices = {"甲": "80000.00", "乙": "80000.00", "丙": "90000.00"}
    waiting = decide("sealed", record(prices), {})
    assert (waiting.winner, waiting.failure, waiting.tied) == (None, None, ("乙", "甲"))
    of_something_else = ("draw.drawn", {"draw": "GS-2026-000001-D", "order": ["甲", "乙"]})
    assert decide("sealed", record(prices, of_something_else), {}).tied
    drawn = ("draw.drawn", {"draw": "GS-2026-000001-T1", "order": ["乙", "甲"]})
    found = decide("sealed", record(prices, of_something_else, drawn), {})
    assert [place.label for place in found.ranking] == ["乙", "甲", "丙"]
    assert (found.winner, found.tied) == ("乙", ())


def test_a_tie_whose_first_is_barred_goes_on_by_the_same_draw():
    drawn = ("draw.drawn", {"draw": "GS-2026-000001-T1", "order": ["乙", "甲", "丙"]})
    entries = record(dict.fromkeys(USCC, "80000.00"), drawn, ("bidder.barred", {"label": "乙"}))
    assert decide("sealed", entries, {}).winner == "甲"


def test_equal_prices_behind_the_winner_come_as_they_were_sealed():
    found = decide("sealed", record({"丙": "90000.00", "乙": "90000.00", "甲": "80000.00"}), {})
    assert [place.label for place in found.ranking] == ["甲", "丙", "乙"]


def test_an_honest_record_passes():
    check(record({"甲": "90000.00", "乙": "80000.00"}), USCC)


@pytest.mark.parametrize(
    ("kind", "lie"),
    [
        ("offers.opened", lambda data: data["offers"][0].update(amount="1.00")),
        ("offers.opened", lambda data: data["offers"].pop()),
        ("offers.closed", lambda data: data["offers"].pop()),
        ("offers.closed", lambda data: data.update(root="00" * 32)),
        ("offers.opened", lambda data: data["offers"][0].update(void="above_ceiling")),
        ("offers.opened", lambda data: data["offers"][0].update(amount=None)),
    ],
    ids=["another price", "one dropped", "one not closed", "another root", "a valid one void", "one unopened counts"],
)
def test_each_lie_about_prices_is_found(kind, lie):
    entries = record({"甲": "90000.00", "乙": "80000.00"})
    lie(next(entry for entry in entries if entry.kind == kind).data)
    with pytest.raises(RecordUnfit):
        check(entries, USCC)
