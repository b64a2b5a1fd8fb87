"""The verifier follows an award through declining, passing over and failing, and takes no other turn than the rules' (R5.9, R3)."""

import io
from datetime import timedelta

import pytest

from bidding import entries
from journal.verify import Broken, verify
from tests.vectors.case import File, chained, unsealed_record, written
from tests.vectors.methods import FOUR, priced


def report(file: File):
    return verify(io.BytesIO(written(file.record())))


def broken(file: File) -> Broken:
    with pytest.raises(Broken) as found:
        report(file)
    return found.value


def selected(**prices: str) -> File:
    """Four sealed prices, and the award to 青松, whose is the lowest."""
    file = File("GS-2026-900099", "sealed")
    file.enrol(*FOUR)
    priced(file, {"青松": "80000.00", "白杨": "82000.00", "红柳": "84000.00", "沙枣": "84000.01"} | prices)
    file.close("青松", 80_000_00)
    return file


def test_who_declines_is_followed_by_the_next_within_105_percent():
    file = selected()
    file.add(*entries.award_declined("青松", "人员不足"))
    file.award("白杨", 82_000_00, 2)
    file.add(*entries.award_voided("白杨", 1))
    file.award("红柳", 84_000_00, 3)
    found = report(file).award
    assert (found.winner, found.amount, found.rank) == ("红柳", 84_000_00, 3)
    file.add(*entries.award_declined("红柳", "人员不足"))
    file.add(*entries.selection_failed("award_declined", []))
    found = report(file).award
    assert (found.winner, found.failed) == (None, "award_declined")


def test_who_is_above_105_percent_may_not_follow():
    file = selected(白杨="84000.01", 红柳="90000.00")
    file.add(*entries.award_declined("青松", "人员不足"))
    file.award("白杨", 84_000_01, 2)
    assert "the rules give nobody" in broken(file).reason


def test_a_selection_may_not_fail_while_somebody_is_next():
    file = selected()
    file.add(*entries.award_declined("青松", "人员不足"))
    file.add(*entries.selection_failed("award_declined", []))
    assert "the award goes to 白杨" in broken(file).reason


def test_a_selection_may_not_fail_while_an_award_stands():
    file = selected()
    file.add(*entries.selection_failed("award_voided", []))
    assert broken(file).seq == len(file.drafts)


def test_who_may_not_take_part_any_more_is_passed_over_in_its_turn_only():
    file = selected()
    file.add(*entries.award_declined("青松", "人员不足"))
    file.add(*entries.passed_over("白杨", "suspended"))
    file.award("红柳", 84_000_00, 3)
    assert report(file).award.rank == 3
    early = selected()
    early.add(*entries.award_declined("青松", "人员不足"))
    early.add(*entries.passed_over("红柳", "suspended"))
    assert "was not next in rank" in broken(early).reason


def test_only_a_standing_award_ends():
    file = selected()
    file.add(*entries.award_declined("白杨", "人员不足"))
    assert "who has none" in broken(file).reason


def test_nobody_is_awarded_twice_in_a_row():
    file = selected()
    file.award("青松", 80_000_00)
    assert "the rules give nobody" in broken(file).reason


def tied() -> File:
    file = File("GS-2026-900098", "sealed")
    file.enrol(*FOUR)
    priced(file, {"青松": "80000.00", "白杨": "80000.00", "红柳": "84000.00", "沙枣": "84000.00"})
    return file


def test_a_tie_is_not_decided_without_its_draw():
    file = tied()
    file.close("青松", 80_000_00)
    assert "白杨, 青松 are tied" in broken(file).reason


def test_a_tie_is_drawn_among_the_tied_alone():
    file = tied()
    file.open_draw("T1")
    file.seal_and_draw("T1", {"青松": 1, "白杨": 1, "红柳": 1})
    assert "draws among others than 白杨, 青松" in broken(file).reason


def test_a_tie_is_not_drawn_again_for_a_nicer_result():
    file = tied()
    file.open_draw("T1")
    file.seal_and_draw("T1", {"青松": 1, "白杨": 1})
    report(file)
    file.open_draw("T2")
    assert "though nobody was tied" in broken(file).reason


def test_the_factor_of_a_mean_is_drawn_among_the_rule_sets_alone():
    file = File("GS-2026-900097", "average")
    file.enrol(*FOUR)
    file.open_draw("F")
    file.seal_and_draw("F", {"950": 1, "1000": 1})
    assert "draws among others" in broken(file).reason


def test_a_bid_after_the_close_that_held_then_counts_for_nothing():
    file = File("GS-2026-900096", "live")
    file.enrol("青松", "白杨")
    file.add(*entries.opened(file.now, file.now + timedelta(60), file.now + timedelta(3600), 100_000_00, 500_00))
    file.drafts[-1][2]["closes_at"] = file.drafts[-1][2]["opens_at"]
    file.wait(1)
    file.add(*entries.bid("青松", 90_000_00))
    file.add(*entries.closed("青松", 90_000_00, file.reveals()))
    assert "but the auction closed at" in broken(file).reason
    assert broken(file).seq == 5


def test_a_method_that_nobody_knows_cannot_award():
    file = File("GS-2026-900095", "lottery")
    file.enrol("青松")
    file.close("青松", 1)
    assert "no rule is known" in broken(file).reason


def test_what_is_of_the_wrong_type_gets_words():
    sound = selected().record()
    for name, value in (("winner", 7), ("amount", None), ("reveals", "x"), ("reveals", [7])):
        chain = chained(
            sound["case"],
            [
                (e["at"], e["kind"], {**e["data"], name: value} if e["kind"] == "selection.closed" else e["data"])
                for e in sound["entries"]
            ],
        )
        with pytest.raises(Broken) as found:
            verify(io.BytesIO(written(unsealed_record(sound["case"], chain))))
        assert found.value.seq == len(chain) - 1
