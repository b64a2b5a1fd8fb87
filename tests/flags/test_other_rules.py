"""Buyers, departments, contracts and ratings, on numbers computed by hand."""

from datetime import timedelta

from flags.rows import Change, Offer, Rated
from flags.statistics import fisher
from tests.flags.making import day, deal, excluded, found, process, rated, served

HONEST = {"A": 70_000, "B": 80_000, "C": 90_000}


def test_a_single_bidder_in_a_competitive_procedure() -> None:
    alone = process({"A": 90_000, "B": None})
    assert [flag.subject for flag in found("B1", alone, process(HONEST))] == [(alone.number,)]
    assert found("B1", process({"A": 90_000}, competitive=False)) == []
    assert found("B1", process({"A": 90_000}, winner=None)) == [], "it failed: nothing was awarded"


def test_a_notice_of_fewer_days_than_demanded() -> None:
    [flag] = found("B2", process(HONEST, notice_wd=2, notice_least_wd=3))
    assert flag.numbers == {"given": 2, "least": 3}
    assert found("B2", process(HONEST, notice_wd=3, notice_least_wd=3), process(HONEST)) == []


def test_all_but_the_winner_excluded_and_the_lowest_excluded() -> None:
    one = excluded(process(HONEST, winner="C"), "A", "B")
    [flag] = found("B3", one)
    assert flag.numbers == {"excluded": 2}
    assert found("B3", excluded(process(HONEST, winner="C"), "A")) == []
    # 70,000 excluded, 80,000 the lowest valid: 12.5 % below.
    [flag] = found("B4", excluded(process(HONEST, winner="B"), "A"))
    assert flag.numbers == {"below": "12.5%"}
    assert found("B4", excluded(process(HONEST), "C")) == []


def test_a_buyer_that_excludes_much_more_than_others() -> None:
    quiet = [process(HONEST, buyer=f"Q{n}") for n in range(6) for _ in range(2)]
    quiet = [excluded(one, "C") if n % 2 and n < 8 else one for n, one in enumerate(quiet)]
    harsh = [excluded(process(HONEST, winner="C", buyer="H"), *out) for out in ("A", "AB")]
    # Four of 1/6, two of 0, and 3/6: Q1 = 0.028, Q3 = 0.167, the line 0.375.
    [flag] = found("B5", *quiet, *harsh)
    assert (flag.subject, flag.numbers["share"], flag.numbers["line"]) == (("H",), "50.0%", "37.5%")
    assert found("B5", *quiet) == []
    assert found("B5", *quiet[:4], *harsh) == [], "three buyers are no market"


def test_a_winner_that_came_after_the_deadline() -> None:
    late, in_time = Offer("A", 100, day(2) + timedelta(milliseconds=1)), Offer("B", 120, day(2))
    assert len(found("B6", process(HONEST, winner="A", offers=(late, in_time)))) == 1
    assert found("B6", process(HONEST, winner="B", offers=(late, in_time))) == []


TIERS = (10_000_000, 50_000_000)


def test_three_requests_just_below_a_limit_within_ninety_days() -> None:
    near = [process(HONEST, at=n * 30, ceiling=9_500_000) for n in range(3)]
    [flag] = found("B7", *near, key=("BUYER",), tiers=TIERS)
    assert flag.subject == ("BUYER", "TST-01")
    assert (flag.numbers["requests"], flag.numbers["sum"], flag.numbers["tier"]) == (3, 285_000, 100_000)


def test_no_splitting_far_apart_far_below_or_of_other_items() -> None:
    def split(*processes: object) -> list[object]:
        return list(found("B7", *processes, key=("BUYER",), tiers=TIERS))  # type: ignore[arg-type]

    assert split(*(process(HONEST, at=n * 91, ceiling=9_500_000) for n in range(3))) == []
    assert split(*(process(HONEST, at=n, ceiling=7_900_000) for n in range(3))) == []
    assert split(*(process(HONEST, at=n, ceiling=9_500_000, item=f"I{n}") for n in range(3))) == []


def test_qualifications_that_two_agencies_hold() -> None:
    assert len(found("B8", process(HONEST, holders=2))) == 1
    assert found("B8", process(HONEST, holders=3), process(HONEST)) == []


def test_a_buyer_loyal_to_one_agency() -> None:
    loyal = [process({"A": 90_000, "B": 95_000}) for _ in range(4)] + [process({"B": 60_000}) for _ in range(2)]
    # 360,000 of 480,000: 75 %.
    [flag] = found("B9", *loyal, key=("BUYER",))
    assert (flag.subject, flag.numbers["share"]) == (("BUYER", "A"), "75.0%")
    assert found("B9", *loyal[:5], key=("BUYER",)) == [], "five purchases"
    even = [process({"AB"[n % 2]: 90_000}) for n in range(6)]
    assert found("B9", *even, key=("BUYER",)) == []


def test_a_concentrated_market() -> None:
    # Shares 50, 25, 25: 2500 + 625 + 625 = 3750; of four equal ones 2500, which is not above.
    three = [process({who: 90_000}) for who in "AABCAABC"]
    [flag] = found("B9b", *three)
    assert flag.numbers["hhi"] == "3750"
    assert found("B9b", *[process({who: 90_000}) for who in "ABCDABCD"]) == []


def test_a_ceiling_far_above_the_price() -> None:
    assert len(found("B10", process({"A": 90_000}, ceiling=11_700_000))) == 1
    assert found("B10", process({"A": 90_000}, ceiling=11_600_000)) == []


def test_a_department_whose_enterprises_all_use_one_agency() -> None:
    here = served("D", "S", 9) + served("D", "A", 1)
    there = served("E", "S", 2) + served("E", "A", 18)
    [flag] = found("D1", served=tuple(here), elsewhere=tuple(here + there))
    assert flag.subject == ("D", "S")
    assert (flag.numbers["share"], flag.numbers["elsewhere"]) == ("90.0%", "10.0%")
    # C(11, 9)-like tails by hand: P = Σ C(10,k)·C(20,11−k)/C(30,11), k = 9, 10 = (10·190 + 1·20)/54627300.
    assert abs(fisher(9, 10, 2, 20) - (10 * 190 + 20) / 54_627_300) < 1e-12


def test_no_steering_of_few_enterprises_or_where_all_departments_are_alike() -> None:
    few, there = served("D", "S", 9), served("E", "S", 2) + served("E", "A", 18)
    assert found("D1", served=tuple(few), elsewhere=tuple(few + there)) == []
    popular, alike = served("D", "S", 9) + served("D", "A", 3), served("E", "S", 14) + served("E", "A", 6)
    assert found("D1", served=tuple(popular), elsewhere=tuple(popular + alike)) == []


def test_a_department_that_passes_one_agency_more_readily() -> None:
    own = served("D", "S", 10, passed=True)
    rest = served("D", "A", 6, passed=True) + served("D", "A", 4, passed=False)
    [flag] = found("D2", served=tuple(own + rest))
    assert flag.subject == ("D", "S")
    assert flag.numbers["points"] == "0.400"
    assert found("D2", served=tuple(own[:9] + rest)) == []
    fair = served("D", "A", 7, passed=True) + served("D", "A", 3, passed=False)
    assert found("D2", served=tuple(own + fair)) == [], "exactly 30 points"


def test_a_contract_changed_three_times_and_raised_twice_within_ninety_days() -> None:
    up = [Change(day(10), 5_500_000), Change(day(99), 6_000_000)]
    [flag] = found("X2", deals=(deal(changes=tuple(up)),))
    assert flag.numbers == {"days": 90, "raises": 2, "share": "20.0%"}
    assert found("X1", deals=(deal(changes=tuple(up)),)) == []
    thrice = deal(changes=(*up, Change(day(101), 6_000_000)))
    assert len(found("X1", deals=(thrice,))) == 1
    slow = deal(changes=(up[0], Change(day(101), 6_000_000)))
    assert found("X2", deals=(slow,)) == []
    down = deal(changes=(up[0], Change(day(20), 5_000_000)))
    assert found("X2", deals=(down,)) == []


def test_a_delivery_in_less_than_a_fifth_of_the_term() -> None:
    assert len(found("X3", deals=(deal(delivered_at=day(9.9)),))) == 1
    assert found("X3", deals=(deal(delivered_at=day(10)), deal())) == []


def test_one_bidder_at_the_ceiling() -> None:
    assert len(found("X4", deals=(deal(entrants=1, price=9_000_000),))) == 1
    assert found("X4", deals=(deal(entrants=1, price=8_999_999), deal(entrants=2, price=9_900_000))) == []
    assert found("X4", deals=(deal(entrants=1, price=9_900_000, competitive=False),)) == []


def test_a_buyer_whose_marks_outweigh_everybody_elses() -> None:
    # Five marks of weight 1, nothing else: 5 / (5 + 5) = 50 %.
    [flag] = found("R1", key=("A",), ratings=tuple(rated(5)))
    assert flag.subject == ("A", "BUYER")
    assert flag.numbers["share"] == "50.0%"
    # 5·0.3 / (5 + 1.5 + 3) = 15.8 %.
    light = rated(5, weight=0.3) + rated(3, "OTHER")
    assert found("R1", key=("A",), ratings=tuple(light)) == []
    mutual = rated(5, weight=0.3, back=0.95) + rated(3, "OTHER")
    assert len(found("R1", key=("A",), ratings=tuple(mutual))) == 1
    assert found("R1", key=("A",), ratings=tuple(rated(4))) == []


def test_a_month_with_far_more_marks_than_others() -> None:
    steady = [Rated("n", f"B{n}", "A", 0.8, day(31 * month)) for month in range(6) for n in range(1)]
    burst = [Rated("n", f"C{n}", "A", 1.0, day(31 * 7)) for n in range(9)]
    [flag] = found("R2", key=("A",), ratings=tuple(steady + burst))
    assert flag.numbers["count"] == 9
    assert found("R2", key=("A",), ratings=tuple(steady + burst[:4])) == []


def test_a_buyer_that_says_the_same_of_everybody() -> None:
    same = [Rated("n", "BUYER", f"A{n % 4}", 1.0, day(n)) for n in range(8)]
    assert len(found("R3", key=("BUYER",), ratings=tuple(same))) == 1
    once = [*same[:7], Rated("n", "BUYER", "A3", 0.75, day(9))]
    assert found("R3", key=("BUYER",), ratings=tuple(once)) == []


def test_a_mark_raised_after_a_complaint() -> None:
    changed = Rated("n", "B", "A", 1.0, day(10), first=0.25, pressed_at=day(2))
    assert len(found("R4", key=("A",), ratings=(changed,))) == 1
    later = Rated("n", "B", "A", 1.0, day(20), first=0.25, pressed_at=day(2))
    lowered = Rated("n", "B", "A", 0.0, day(10), first=0.25, pressed_at=day(2))
    assert found("R4", key=("A",), ratings=(later, lowered)) == []


def test_the_same_evidence_has_the_same_digest_in_any_order() -> None:
    many = [process({"A": 100_000, "B": 100_000}) for _ in range(3)]
    [one], [other] = found("C4b", *many), found("C4b", *reversed(many))
    assert one.digest == other.digest
    [more] = found("C4b", *many, process({"A": 90_000, "B": 90_000}))
    assert more.digest != one.digest
