"""Awards by draw, by credit and direct ones, recomputed from case files alone: by the rules, and against what was made up."""

import copy
import hashlib
import random
import struct
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.awards import METHODS, credit_draw, decide, lots
from journal.awards.credit_draw import Score, long_list, short_list
from journal.awards.outcome import CaseEntry, Outcome, RecordUnfit
from journal.contributions import Contribution, Opened, Sealed, Trustees
from journal.envelopes import public_key
from journal.lots import DrawList, Entry
from journal.lots import order as drawn_order
from marketplace.rulesets import ruleset

NUMBERS = ruleset("2026-12").numbers
TRUSTEES = Trustees(tuple(public_key(bytes([n]) * 32) for n in (1, 2, 3)), 2)
NONCES = {name: hashlib.sha256(name.encode()).digest() for name in ("buyer", "platform", "regulator")}
PEOPLE = ["丹松", "碧泉", "素鹤", "青岭", "金帆", "银灯"]


def case(*drafts: tuple[str, dict[str, Any]]) -> list[CaseEntry]:
    return [CaseEntry(n, f"2026-12-01T00:00:{n:02d}.000Z", kind, data) for n, (kind, data) in enumerate(drafts, 1)]


def notice(**changes: Any) -> tuple[str, dict[str, Any]]:
    buyer = {"name": "陇中供水有限公司", "uscc": "x", "kind": "enterprise"}
    return "request.published", {"ceiling": "86000.00", "public_funds": False, "buyer": buyer, **changes}


def enrolled(labels: list[str]) -> list[tuple[str, dict[str, Any]]]:
    return [("request.enrolled", {"label": label, "commitment": "00" * 32}) for label in labels]


def opening() -> list[tuple[str, dict[str, Any]]]:
    given_ = [(name, Contribution.of(name, r, TRUSTEES).as_json()) for name, r in NONCES.items()]
    trustees = {"keys": [key.hex() for key in TRUSTEES.keys], "threshold": TRUSTEES.threshold}
    opened = {"draw": "GS-1-D", "trustees": trustees, "compulsory": sorted(NONCES)}
    return [
        ("draw.opened", opened),
        *(("draw.contributed", {"draw": "GS-1-D", "by": name, **made}) for name, made in given_),
    ]


def drawing(tickets: dict[str, int], excluded: dict[str, str] | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Seal, reveals and result of a draw held as it should be."""
    listed = DrawList.of([Entry(name, n) for name, n in tickets.items()], excluded or {}, "2026-12; GS-1-D")
    made = tuple(Contribution.of(name, NONCES[name], TRUSTEES) for name in sorted(NONCES))
    sealed = Sealed(listed, TRUSTEES, made)
    seed = sealed.seed({name: Opened(r) for name, r in NONCES.items()})
    reveals = [
        ("draw.revealed", {"draw": "GS-1-D", "of": name, "nonce": r.hex(), "by": "contributor"})
        for name, r in NONCES.items()
    ]
    order = drawn_order(seed, listed.entries)
    return [
        ("draw.sealed", {"draw": "GS-1-D", "list": listed.as_json(), "seal": sealed.seal}),
        *reveals,
        ("draw.drawn", {"draw": "GS-1-D", "seed": seed.hex(), "order": order}),
    ]


def a_draw(labels: list[str]) -> list[CaseEntry]:
    return case(notice(), *opening(), *enrolled(labels), *drawing(dict.fromkeys(labels, 1)))


def by_hand(seed: str, tickets: dict[str, int]) -> list[str]:
    """RULES R4 written once more: ascending by the least of each entry's ticket hashes."""

    def ticket(name: str, number: int) -> bytes:
        parts = (bytes.fromhex(seed), name.encode(), number.to_bytes(4, "big"))
        return hashlib.sha256(
            b"draw/ticket/v1\x00" + b"".join(struct.pack(">I", len(part)) + part for part in parts)
        ).digest()

    return sorted(tickets, key=lambda name: min(ticket(name, n) for n in range(tickets[name])))


# --- draw ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(1, 7))
def test_a_draw_gives_the_order_of_the_reference_at_the_fixed_fee(count: int) -> None:
    entries = a_draw(PEOPLE[:count])
    seed = entries[-1].data["seed"]
    outcome = decide("draw", entries, NUMBERS)
    assert [place.label for place in outcome.ranking] == by_hand(seed, dict.fromkeys(PEOPLE[:count], 1))
    assert (outcome.winner, outcome.amount) == (outcome.ranking[0].label, 86_000_00)
    assert {place.amount for place in outcome.ranking} == {86_000_00}


def test_whoever_left_or_was_turned_away_is_no_entrant_and_may_come_back() -> None:
    entries = case(
        *enrolled(["甲", "乙", "丙"]),
        ("request.left", {"label": "甲"}),
        ("enrolment.barred", {"label": "乙", "because": "suspended"}),
        *enrolled(["甲"]),
    )
    assert lots.standing(entries, 99) == sorted(["甲", "丙"])
    assert lots.standing(entries, 5) == sorted(["乙", "丙"])


def test_the_barred_are_passed_over_after_the_seal_and_left_out_before_it() -> None:
    entries = a_draw(PEOPLE)
    order = entries[-1].data["order"]
    late = [*entries, CaseEntry(99, entries[-1].at, "bidder.barred", {"label": order[0], "because": "removed"})]
    assert decide("draw", late, NUMBERS).winner == order[1]
    early = case(
        notice(),
        *opening(),
        *enrolled(PEOPLE),
        ("bidder.barred", {"label": PEOPLE[0], "because": "removed"}),
        *drawing(dict.fromkeys(PEOPLE[1:], 1), {PEOPLE[0]: "被清退"}),
    )
    assert len(decide("draw", early, NUMBERS).ranking) == 5
    gone = [CaseEntry(100 + n, "z", "bidder.barred", {"label": label}) for n, label in enumerate(PEOPLE)]
    assert decide("draw", [*entries, *gone], NUMBERS).failure == "nobody_left"


def test_before_it_is_drawn_there_is_no_winner_and_a_failure_keeps_its_reason() -> None:
    undrawn = a_draw(PEOPLE)[:-1]
    assert decide("draw", undrawn, NUMBERS).failure == "not_drawn"
    ended = [*undrawn, CaseEntry(99, "z", "selection.failed", {"reason": "too_few_entrants", "reveals": []})]
    assert decide("draw", ended, NUMBERS) == Outcome(None, None, failure="too_few_entrants")


def _set(kind: str, change: Callable[[dict[str, Any]], object], place: int = 0) -> Callable[[list[CaseEntry]], None]:
    def apply(entries: list[CaseEntry]) -> None:
        change([entry for entry in entries if entry.kind == kind][place].data)

    return apply


def _drop(kind: str, place: int = 0) -> Callable[[list[CaseEntry]], None]:
    def apply(entries: list[CaseEntry]) -> None:
        entries.remove([entry for entry in entries if entry.kind == kind][place])

    return apply


WRONGS: dict[str, Callable[[list[CaseEntry]], None]] = {
    "another order": _set("draw.drawn", lambda data: data["order"].reverse()),
    "another seed": _set("draw.drawn", lambda data: data.update(seed="00" * 32)),
    "another seal": _set("draw.sealed", lambda data: data.update(seal="00" * 32)),
    "an entrant left out": _set("draw.sealed", lambda data: data["list"]["entries"].pop()),
    "a ticket more": _set("draw.sealed", lambda data: data["list"]["entries"][0].update(tickets=2)),
    "an entrant nobody enrolled": _drop("request.enrolled"),
    "bytes not committed to": _set("draw.revealed", lambda data: data.update(nonce="00" * 32)),
    "a contribution not opened": _drop("draw.revealed"),
    "void without the trustees' word": _set("draw.revealed", lambda data: data.update(nonce=None, by="trustees")),
    "a compulsory contribution missing": _drop("draw.contributed"),
    "a commitment exchanged": _set("draw.contributed", lambda data: data.update(commitment="11" * 32)),
    "sealed twice": lambda entries: entries.append(
        replace(next(e for e in entries if e.kind == "draw.sealed"), seq=99)
    ),
    "opened before the seal": lambda entries: entries.insert(
        0, replace(entries.pop(next(n for n, e in enumerate(entries) if e.kind == "draw.revealed")), seq=0)
    ),
    "no list": _set("draw.sealed", lambda data: data.pop("list")),
    "nothing published": _drop("request.published"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_draw_that_does_not_hold_awards_nobody(wrong: str) -> None:
    entries = copy.deepcopy(a_draw(PEOPLE))
    WRONGS[wrong](entries)
    with pytest.raises(RecordUnfit):
        decide("draw", entries, NUMBERS)


# --- credit_draw --------------------------------------------------------------------------------------------------

scores = st.lists(
    st.tuples(st.integers(0, 1000).map(lambda k: Decimal(k) / 10), st.sampled_from("ABCDN")), min_size=1, max_size=12
).map(lambda rows: [Score(f"第{n}", k, grade) for n, (k, grade) in enumerate(rows)])


@settings(max_examples=300)
@given(scores)
def test_the_long_list_holds_the_best_and_whoever_equals_them(rows: list[Score]) -> None:
    listed, missed = long_list(rows, NUMBERS)
    names = {entry.name for entry in listed}
    assert names | set(missed) == {one.label for one in rows}
    assert not names & set(missed)
    at_least = min(len(rows), max(3, -(-60 * len(rows) // 100)))
    assert len(names) >= at_least
    inside = [one.k for one in rows if one.label in names]
    outside = [one.k for one in rows if one.label in missed]
    assert not outside or max(outside) < min(inside)
    assert len([k for k in inside if k > min(inside)]) < at_least
    tickets = {"A": 4, "B": 3, "N": 3, "C": 1, "D": 1}
    assert {entry.name: entry.tickets for entry in listed} == {
        one.label: tickets[one.grade] for one in rows if one.label in names
    }


@pytest.mark.parametrize(("count", "wanted"), [(1, 1), (3, 3), (4, 3), (5, 3), (6, 4), (10, 6), (11, 7)])
def test_sixty_per_cent_are_rounded_up_and_never_below_three(count: int, wanted: int) -> None:
    rows = [Score(f"第{n:02d}", Decimal(90 - n), "B") for n in range(count)]
    listed, missed = long_list(rows, NUMBERS)
    assert (len(listed), len(missed)) == (wanted, count - wanted)


@given(scores, st.randoms(use_true_random=False))
def test_the_order_in_which_credit_was_noted_does_not_matter(rows: list[Score], rng: random.Random) -> None:
    assert long_list(rows, NUMBERS) == long_list(rng.sample(rows, len(rows)), NUMBERS)


KS = {"丹松": "92.0", "碧泉": "88.0", "素鹤": "84.0", "青岭": "81.0", "金帆": "66.0", "银灯": "50.0"}
GRADES = {"丹松": "A", "碧泉": "A", "素鹤": "B", "青岭": "N", "金帆": "C", "银灯": "D"}
TICKETS = {"丹松": 4, "碧泉": 4, "素鹤": 3, "青岭": 3}


def a_credit_draw(*more: tuple[str, dict[str, Any]], short: int = 3) -> list[CaseEntry]:
    noted = [
        {"label": label, "k": k, "grade": GRADES[label]} for label, k in sorted(KS.items(), key=lambda one: one[1])
    ][::-1]
    held = drawing(TICKETS, {"金帆": "未进入长名单", "银灯": "未进入长名单"})
    told = ("shortlist.drawn", {"labels": held[-1][1]["order"][:short], "reveals": []})
    return case(notice(), *opening(), *enrolled(PEOPLE), ("credit.noted", {"scores": noted}), *held, told, *more)


ORDER = a_credit_draw()[-2].data["order"]


def test_the_tickets_of_the_grades_give_the_order_of_the_reference() -> None:
    seed = a_credit_draw()[-2].data["seed"]
    assert by_hand(seed, TICKETS) == ORDER


@pytest.mark.parametrize("place", range(3))
def test_whom_the_buyer_picked_wins_and_the_others_follow_as_drawn(place: int) -> None:
    picked = ("shortlist.picked", {"label": ORDER[place], "reason": "方案完整"})
    outcome = decide("credit_draw", a_credit_draw(picked), NUMBERS)
    rest = [label for label in ORDER if label != ORDER[place]]
    assert [one.label for one in outcome.ranking] == [ORDER[place], *rest]
    assert outcome.facts["reason"] == "方案完整"


def test_nobody_picked_is_nobody_until_the_time_is_over_and_then_the_first_drawn() -> None:
    assert decide("credit_draw", a_credit_draw(), NUMBERS).failure == "not_picked"
    lapsed = ("shortlist.lapsed", {})
    assert decide("credit_draw", a_credit_draw(lapsed), NUMBERS).winner == ORDER[0]
    barred = ("bidder.barred", {"label": ORDER[0], "because": "suspended"})
    assert decide("credit_draw", a_credit_draw(barred, lapsed), NUMBERS).winner == ORDER[1]
    everybody = [("bidder.barred", {"label": label, "because": "suspended"}) for label in ORDER[:3]]
    assert decide("credit_draw", a_credit_draw(*everybody, lapsed), NUMBERS).failure == "nobody_left"


CREDIT_WRONGS: dict[str, Callable[[list[CaseEntry]], None]] = {
    "a better K": _set("credit.noted", lambda data: data["scores"][-1].update(k="99.9")),
    "a better grade": _set("credit.noted", lambda data: [one.update(grade="A") for one in data["scores"]]),
    "credit of somebody else": _set("credit.noted", lambda data: data["scores"][0].update(label="无名")),
    "no credit": _drop("credit.noted"),
    "another short list": _set("shortlist.drawn", lambda data: data["labels"].reverse()),
    "a longer short list": _set("shortlist.drawn", lambda data: data["labels"].append(ORDER[3])),
    "picked from outside": lambda entries: entries.append(
        CaseEntry(99, "z", "shortlist.picked", {"label": ORDER[3], "reason": "熟悉"})
    ),
}


@pytest.mark.parametrize("wrong", CREDIT_WRONGS)
def test_a_choice_that_does_not_follow_from_credit_and_draw_awards_nobody(wrong: str) -> None:
    entries = copy.deepcopy(a_credit_draw())
    CREDIT_WRONGS[wrong](entries)
    with pytest.raises(RecordUnfit):
        decide("credit_draw", entries, NUMBERS)


def test_another_rule_set_is_another_long_list() -> None:
    easier = {**NUMBERS, "credit_draw": {**NUMBERS["credit_draw"], "long_list_percent": 100}}
    with pytest.raises(RecordUnfit):
        decide("credit_draw", a_credit_draw(), easier)
    assert short_list(ORDER, {ORDER[0]}, easier) == ORDER[1:4]
    assert credit_draw.long_list([], NUMBERS) == ([], {})


# --- direct -------------------------------------------------------------------------------------------------------

NAMED = {"agency": {"name": "迅达咨询有限公司", "uscc": "x"}, "price": "80000.00", "reason": "熟悉场地"}
CONFIRMED = ("direct.confirmed", {"label": "丹松", "amount": "80000.00"})


def test_the_agency_named_wins_at_the_price_named_once_it_confirmed() -> None:
    outcome = decide("direct", case(notice(direct=NAMED), *enrolled(["丹松"]), CONFIRMED), NUMBERS)
    assert (outcome.winner, outcome.amount, len(outcome.ranking)) == ("丹松", 80_000_00, 1)


def test_declined_or_unconfirmed_it_is_nobody() -> None:
    declined = ("direct.declined", {"reason": "工期冲突"})
    said = decide("direct", case(notice(direct=NAMED), declined), NUMBERS)
    assert (said.failure, said.facts["declined"]) == ("declined", "工期冲突")
    assert decide("direct", case(notice(direct=NAMED)), NUMBERS).failure == "unconfirmed"
    barred = ("bidder.barred", {"label": "丹松", "because": "removed"})
    assert decide("direct", case(notice(direct=NAMED), CONFIRMED, barred), NUMBERS).failure == "nobody_left"


@pytest.mark.clause("P20.6")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"direct": NAMED, "public_funds": True},
        {"direct": NAMED, "buyer": {"name": "水务局", "uscc": "x", "kind": "department"}},
        {"direct": {**NAMED, "price": "80000.01"}},
        {"direct": NAMED, "ceiling": "79999.99"},
    ],
)
def test_a_record_in_which_public_money_or_another_price_selects_directly_is_none(changes: dict[str, Any]) -> None:
    with pytest.raises(RecordUnfit):
        decide("direct", case(notice(**changes), CONFIRMED), NUMBERS)


def test_every_method_of_these_is_known_to_verifiers() -> None:
    assert {"draw", "credit_draw", "direct"} <= set(METHODS)
