"""The verifiable draw: its numbers, its fairness, and every way in which a published one can be wrong."""

import collections
import copy
import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from journal import draw, unfit
from journal.draw import Contribution, DrawList, Entry, Opened, Sealed, Trustees
from journal.envelopes import Envelope, open_share, public_key

PRIVATE = [bytes([number]) * 32 for number in range(1, 6)]
TRUSTEES = Trustees(tuple(map(public_key, PRIVATE)), 3)
NONCES = {name: hashlib.sha256(name.encode()).digest() for name in ("buyer", "platform", "regulator")}
LIST = DrawList.of([Entry("C", 3), Entry("A", 4), Entry("B")], {"D": "利害关系"}, "2026-11")

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
entries = st.dictionaries(names, st.integers(1, 6), min_size=1, max_size=8).map(
    lambda found: [Entry(name, tickets) for name, tickets in found.items()]
)
seeds = st.binary(min_size=32, max_size=32)


def sealed_by(nonces: dict[str, bytes], beacon: str | None = None) -> Sealed:
    return Sealed(
        LIST, TRUSTEES, tuple(Contribution.of(name, nonces[name], TRUSTEES) for name in sorted(nonces)), beacon
    )


def shares_of(one: Contribution, trustees: list[bytes]) -> dict[int, bytes]:
    return dict(open_share(one.envelope, key, TRUSTEES.keys, 3, context=one.committed) for key in trustees)


@pytest.fixture(scope="module")
def honest() -> dict[str, Any]:
    """A published draw in which the regulator kept silent and the trustees opened its number."""
    sealed = sealed_by(NONCES)
    opened = {name: Opened(r) for name, r in NONCES.items()}
    forced = Opened.by_force(sealed.contributions[2], shares_of(sealed.contributions[2], PRIVATE[1:4]), TRUSTEES)
    assert forced is not None
    opened["regulator"] = forced
    return draw.published(sealed, opened)


# --- The numbers, by a second way of writing them -----------------------------------------------------------------


def by_hand(tag: bytes, *parts: bytes) -> bytes:
    hashed = hashlib.sha256()
    hashed.update(b"draw/")
    hashed.update(tag)
    hashed.update(b"/v1")
    hashed.update(b"\x00")
    for part in parts:
        hashed.update(len(part).to_bytes(4, "big"))
        hashed.update(part)
    return hashed.digest()


def test_a_commitment_is_the_hash_of_its_tag_name_and_bytes() -> None:
    data = b"draw/nonce/v1\x00" + b"\x00\x00\x00\x05buyer" + b"\x00\x00\x00\x20" + bytes(32)
    assert draw.commitment("buyer", bytes(32)) == hashlib.sha256(data).digest()


def test_a_list_has_one_form() -> None:
    assert LIST.canonical().decode() == (
        '{"entries":[{"name":"A","tickets":4},{"name":"B","tickets":1},{"name":"C","tickets":3}],'
        '"excluded":[{"name":"D","reason":"利害关系"}],"rules":"2026-11"}'
    )


@pytest.mark.parametrize("beacon", [None, b"out of the hands of all"])
def test_a_seed_and_an_order_are_those_computed_by_hand(beacon: bytes | None) -> None:
    parts = [hashlib.sha256(LIST.canonical()).digest()]
    for name in ("buyer", "platform", "regulator"):
        parts += [name.encode(), NONCES[name]]
    seed = by_hand(b"seed", *parts, *([beacon] if beacon else []))
    assert draw.seed(LIST, dict(reversed(NONCES.items())), beacon) == seed
    least = {
        name: min(by_hand(b"ticket", seed, name.encode(), number.to_bytes(4, "big")) for number in range(tickets))
        for name, tickets in {"A": 4, "B": 1, "C": 3}.items()
    }
    assert draw.order(seed, LIST.entries) == sorted(least, key=lambda name: least[name])


def test_fixed_vectors_stay() -> None:
    seed = draw.seed(LIST, NONCES)
    assert seed.hex() == "e324484d8f7645648c9c7b78d2f3cb691ea88af87f2b1160d82ee80a522a9ecd"
    assert draw.order(seed, LIST.entries) == ["C", "A", "B"]


# --- Fairness -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_100_000_draws_are_uniform_with_a_ticket_each() -> None:
    assert chi_square(dict.fromkeys("ABCDE", 1)) < 18.47, "99.9 % limit, 4 degrees of freedom"


@pytest.mark.slow
def test_100_000_draws_follow_the_tickets() -> None:
    assert chi_square({"A1": 4, "B1": 3, "N1": 3, "C1": 1, "C2": 1}) < 18.47, "99.9 % limit, 4 degrees of freedom"


@pytest.mark.slow
def test_who_comes_second_follows_the_tickets_that_are_left() -> None:
    tickets = {"A": 4, "B": 3, "C": 1}
    total, runs = 8, 100_000
    found = collections.Counter(tuple(order[:2]) for order in orders(tickets, runs))
    expected = {
        (first, then): runs * tickets[first] / total * tickets[then] / (total - tickets[first])
        for first in tickets
        for then in tickets
        if then != first
    }
    chi = sum((found[pair] - mean) ** 2 / mean for pair, mean in expected.items())
    assert chi < 20.52, "99.9 % limit, 5 degrees of freedom"


def orders(tickets: dict[str, int], runs: int) -> list[list[str]]:
    rows = [Entry(name, count) for name, count in tickets.items()]
    return [draw.order(hashlib.sha256(struct.pack(">I", run)).digest(), rows) for run in range(runs)]


def chi_square(tickets: dict[str, int], runs: int = 100_000) -> float:
    first = collections.Counter(order[0] for order in orders(tickets, runs))
    expected = {name: runs * count / sum(tickets.values()) for name, count in tickets.items()}
    return sum((first[name] - mean) ** 2 / mean for name, mean in expected.items())


@given(seeds, entries)
def test_an_order_names_each_entry_once(seed: bytes, rows: list[Entry]) -> None:
    assert sorted(draw.order(seed, rows)) == sorted(entry.name for entry in rows)


@given(seeds, entries, st.data())
def test_a_ticket_more_never_makes_an_entry_later_nor_moves_the_others(
    seed: bytes, rows: list[Entry], data: st.DataObject
) -> None:
    lucky = data.draw(st.sampled_from(rows))
    before = draw.order(seed, rows)
    after = draw.order(seed, [Entry(one.name, one.tickets + (one is lucky)) for one in rows])
    assert after.index(lucky.name) <= before.index(lucky.name)
    assert [name for name in after if name != lucky.name] == [name for name in before if name != lucky.name]


@given(entries, st.randoms(use_true_random=False))
def test_the_order_in_which_a_list_was_gathered_does_not_matter(rows: list[Entry], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    assert DrawList.of(rows, {}, "r").canonical() == DrawList.of(shuffled, {}, "r").canonical()
    assert draw.order(bytes(32), rows) == draw.order(bytes(32), shuffled)


@settings(max_examples=30)
@given(seeds, seeds)
def test_every_contribution_changes_the_seed(mine: bytes, other: bytes) -> None:
    changed = draw.seed(LIST, NONCES | {"buyer": mine}) == draw.seed(LIST, NONCES | {"buyer": other})
    assert changed is (mine == other)


# --- What a silent contributor could win --------------------------------------------------------------------------

RUNS = 8_000


def winner(run: int, speaks: bool, forced: bool) -> str:
    """Who of five is drawn when the contributor in league with A speaks, or keeps silent."""
    nonces = {
        name: hashlib.sha256(f"{name}{run}".encode()).digest() for name in ("platform", "regulator", "A's friend")
    }
    if not speaks and not forced:
        del nonces["A's friend"]
    five = DrawList.of(map(Entry, "ABCDE"), {}, "r")
    return draw.order(draw.seed(five, nonces), five.entries)[0]


@pytest.mark.parametrize(("forced", "least", "most"), [(True, 0.185, 0.215), (False, 0.34, 0.38)])
@pytest.mark.slow
def test_silence_wins_nothing_when_the_trustees_open_and_much_when_it_is_dropped(
    forced: bool, least: float, most: float
) -> None:
    """Whoever may choose between two seeds wins 1 - .8² = .36 of the draws, instead of .2."""
    won = sum(any(winner(run, speaks, forced) == "A" for speaks in (True, False)) for run in range(RUNS))
    assert least < won / RUNS < most


@pytest.mark.parametrize("run", range(10))
def test_speaking_and_keeping_silent_give_the_same_seed_and_dropping_gives_none(run: int) -> None:
    nonces = {name: hashlib.sha256(f"{name}{run}".encode()).digest() for name in ("friend", "platform", "regulator")}
    sealed = sealed_by(nonces)
    spoken = {name: Opened(r) for name, r in nonces.items()}
    forced = Opened.by_force(sealed.contributions[0], shares_of(sealed.contributions[0], PRIVATE[2:]), TRUSTEES)
    assert forced is not None
    assert sealed.seed(spoken) == sealed.seed(spoken | {"friend": forced}) == draw.seed(LIST, nonces)
    del spoken["friend"]
    with pytest.raises(unfit.ContributorLeftOut, match="friend"):
        sealed.seed(spoken)


def test_an_envelope_with_another_number_gives_its_contributor_no_choice() -> None:
    truly, other = bytes([7]) * 32, bytes([8]) * 32
    real, false = (Contribution.of("friend", r, TRUSTEES) for r in (truly, other))
    crooked = Contribution("friend", real.committed, false.envelope)
    shares: dict[int, bytes | None] = dict.fromkeys(range(1, 6))
    forced = Opened.by_force(crooked, shares, TRUSTEES)
    assert forced is not None
    assert crooked.counts(truly, TRUSTEES) == crooked.counts(forced.r, TRUSTEES) not in (truly, other)
    assert real.counts(truly, TRUSTEES) == truly


def test_a_trustee_s_false_share_spoils_nothing() -> None:
    one = sealed_by(NONCES).contributions[0]
    shares: dict[int, bytes | None] = {**shares_of(one, PRIVATE[:4]), 1: bytes(32)}
    assert Opened.by_force(one, {number: shares[number] for number in (1, 2, 3)}, TRUSTEES) is None
    assert Opened.by_force(one, shares, TRUSTEES) == Opened(NONCES["buyer"], forced=True)


# --- Checking a published draw ------------------------------------------------------------------------------------


def test_an_honest_draw_holds_also_after_a_way_through_json(honest: dict[str, Any]) -> None:
    report = draw.verify_draw(json.loads(json.dumps(honest)), seal=honest["seal"], compulsory=NONCES)
    assert (list(report.order), report.contributors, report.forced, report.void) == (honest["order"], 3, 1, 0)


def test_a_promised_beacon_is_mixed_in() -> None:
    opened = {name: Opened(r) for name, r in NONCES.items()}
    made = draw.published(sealed_by(NONCES, "drand 4711"), opened, b"value")
    assert draw.verify_draw(made).order == tuple(made["order"])
    with pytest.raises(unfit.BeaconWrong):
        draw.published(sealed_by(NONCES, "drand 4711"), opened)


def test_a_void_contribution_is_replaced_on_record() -> None:
    sealed = sealed_by(NONCES)
    garbage = Contribution("zero", draw.commitment("zero", bytes(32)), Envelope(bytes(32), (b"",) * 5))
    sealed = Sealed(LIST, TRUSTEES, (*sealed.contributions, garbage))
    forced = Opened.by_force(garbage, dict.fromkeys(range(1, 6)), TRUSTEES)
    assert forced is not None
    made = draw.published(sealed, {name: Opened(r) for name, r in NONCES.items()} | {"zero": forced})
    assert draw.verify_draw(made).void == 1
    made["reveals"][3]["shares"].pop("5")
    with pytest.raises(unfit.VoidUnproven):
        draw.verify_draw(made)


Change = Callable[[dict[str, Any]], Any]


def resealed(change: Change) -> Change:
    """The change, with the seal made to fit, as a forger would."""

    def forge(made: dict[str, Any]) -> None:
        change(made)
        parts = {name: made[name] for name in ("list", "trustees", "contributions", "beacon_source")}
        made["seal"] = hashlib.sha256(rfc8785.dumps(parts)).hexdigest()

    return forge


WRONG: dict[str, tuple[type[unfit.DrawBroken], Change]] = {
    "an entry out of order": (unfit.ListUnsorted, lambda d: d["list"]["entries"].reverse()),
    "an entry twice": (unfit.NameDoubled, lambda d: d["list"]["entries"].insert(0, d["list"]["entries"][0])),
    "entered and excluded": (unfit.NameDoubled, lambda d: d["list"]["excluded"][0].update(name="A")),
    "excluded without a reason": (unfit.ReasonMissing, lambda d: d["list"]["excluded"][0].update(reason=" ")),
    "no ticket": (unfit.TicketsWrong, lambda d: d["list"]["entries"][0].update(tickets=0)),
    "half a ticket": (unfit.TicketsWrong, lambda d: d["list"]["entries"][0].update(tickets=1.5)),
    "a ticket that is true": (unfit.TicketsWrong, lambda d: d["list"]["entries"][1].update(tickets=True)),
    "too many tickets": (unfit.TicketsWrong, lambda d: d["list"]["entries"][0].update(tickets=10**9)),
    "an entry taken away after the seal": (unfit.SealWrong, lambda d: d["list"]["entries"].pop()),
    "an entry taken away, sealed anew": (unfit.SeedWrong, resealed(lambda d: d["list"]["entries"].pop())),
    "another reason, sealed anew": (
        unfit.SeedWrong,
        resealed(lambda d: d["list"]["excluded"][0].update(reason="其他")),
    ),
    "a contribution taken away": (unfit.SealWrong, lambda d: d["contributions"].pop()),
    "contributions out of order": (unfit.ListUnsorted, lambda d: d["contributions"].reverse()),
    "a contribution twice": (unfit.NameDoubled, lambda d: d["contributions"].insert(0, d["contributions"][0])),
    "a contribution not opened": (unfit.ContributorLeftOut, lambda d: d["reveals"].pop()),
    "a stranger": (unfit.StrangerRevealed, lambda d: d["reveals"].append({**d["reveals"][0], "id": "zoe"})),
    "another nonce": (unfit.RevealUnfit, lambda d: d["reveals"][0].update(nonce="00" * 32)),
    "a short nonce": (unfit.RevealUnfit, lambda d: d["reveals"][0].update(nonce="00")),
    "called void": (unfit.VoidUnproven, lambda d: d["reveals"][0].update(nonce=None)),
    "a beacon nobody promised": (unfit.BeaconWrong, lambda d: d.update(beacon="00")),
    "another seed": (unfit.SeedWrong, lambda d: d.update(seed="00" * 32)),
    "another order": (unfit.OrderWrong, lambda d: d["order"].reverse()),
    "another format": (unfit.Malformed, lambda d: d.update(format="draw/2")),
    "a field missing": (unfit.Malformed, lambda d: d.pop("trustees")),
    "a field too many": (unfit.Malformed, lambda d: d.update(note="")),
    "capital letters": (unfit.Malformed, lambda d: d["reveals"][0].update(nonce=d["reveals"][0]["nonce"].upper())),
    "a name that is no text": (unfit.Malformed, lambda d: d["list"]["entries"][0].update(name=1)),
    "one trustee is enough": (unfit.Malformed, lambda d: d["trustees"].update(threshold=1)),
    "a list that is none": (unfit.Malformed, lambda d: d.update(list=[])),
}


@pytest.mark.parametrize("way", WRONG)
def test_whatever_is_wrong_is_named(way: str, honest: dict[str, Any]) -> None:
    made = copy.deepcopy(honest)
    kind, change = WRONG[way]
    change(made)
    with pytest.raises(unfit.DrawBroken) as broken:
        draw.verify_draw(made)
    assert type(broken.value) is kind, broken.value


def test_every_error_is_met_by_a_test() -> None:
    met = {kind for kind, _ in WRONG.values()} | {unfit.CompulsoryMissing}
    assert set(unfit.DrawBroken.__subclasses__()) == met


def test_who_has_to_contribute_and_the_recorded_seal_are_held_against_it(honest: dict[str, Any]) -> None:
    with pytest.raises(unfit.CompulsoryMissing, match="zoe"):
        draw.verify_draw(honest, compulsory={"zoe"})
    with pytest.raises(unfit.SealWrong):
        draw.verify_draw(honest, seal="00" * 32)


@pytest.mark.parametrize("value", [None, [], 1, "draw/1", {}])
def test_what_is_no_draw_is_malformed(value: Any) -> None:
    with pytest.raises(unfit.Malformed):
        draw.verify_draw(value)


def test_the_command_says_what_holds_and_what_does_not(
    honest: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(honest))
    assert draw.main([str(file)]) == 0
    assert f"seal {honest['seal']}" in capsys.readouterr().out
    file.write_text(json.dumps({**honest, "seed": "00" * 32}))
    assert draw.main([str(file)]) == 1
    assert capsys.readouterr().out.startswith("BROKEN  SeedWrong: ")
    for text in ("{", '{"seed":1,"seed":2}'):
        file.write_text(text)
        assert draw.main([str(file)]) == 1
        assert capsys.readouterr().out.startswith("BROKEN  Malformed: ")
    assert draw.main([str(tmp_path / "none.json")]) == draw.main([]) == 2
