"""What may happen when in a draw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Refused
from journal import stages
from journal.draw import Contribution, Trustees
from journal.envelopes import public_key
from journal.stages import Course, Stage

T = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WHO = frozenset({"buyer", "platform", "regulator"})
TRUSTEES = Trustees(tuple(public_key(bytes([number]) * 32) for number in range(1, 4)), 2)
MINE = Contribution.of("buyer", bytes([9]) * 32, TRUSTEES)

open_ = Course(closes_at=T, compulsory=WHO)
full = replace(open_, contributed=WHO)
sealed = replace(full, sealed_at=T + SECOND)
opened = replace(sealed, opened=WHO)
drawn = replace(opened, drawn_at=T + timedelta(minutes=3))
FORCE_FROM = T + SECOND + stages.REVEAL_FOR


@pytest.mark.parametrize(
    ("course", "now", "expected"),
    [
        (open_, T - SECOND, Stage.CONTRIBUTING),
        (full, T, Stage.CLOSED),
        (sealed, T + SECOND, Stage.REVEALING),
        (sealed, FORCE_FROM - SECOND, Stage.REVEALING),
        (sealed, FORCE_FROM, Stage.FORCING),
        (opened, T + 2 * SECOND, Stage.OPENED),
        (drawn, FORCE_FROM, Stage.DRAWN),
    ],
)
def test_a_draw_goes_through_its_stages(course: Course, now: datetime, expected: Stage) -> None:
    assert stages.stage(course, now) is expected


def test_each_step_is_allowed_at_its_time() -> None:
    stages.judge_contribution(open_, "buyer", T - SECOND)
    stages.judge_contribution(full, "entrant", T - SECOND)
    stages.judge_seal(full, T)
    stages.judge_reveal(sealed, MINE, bytes([9]) * 32)
    stages.judge_forced_opening(sealed, "buyer", FORCE_FROM)
    stages.judge_draw(opened, T + SECOND)


Step = Callable[[], None]


@pytest.mark.parametrize(
    ("refusal", "step"),
    [
        (stages.ContributionsClosed, lambda: stages.judge_contribution(open_, "buyer", T)),
        (stages.ContributionsClosed, lambda: stages.judge_contribution(drawn, "entrant", T - SECOND)),
        (stages.ContributedBefore, lambda: stages.judge_contribution(full, "buyer", T - SECOND)),
        (stages.NotYetClosed, lambda: stages.judge_seal(full, T - SECOND)),
        (stages.SealedBefore, lambda: stages.judge_seal(sealed, T)),
        (stages.CompulsoryContributionMissing, lambda: stages.judge_seal(open_, T)),
        (stages.NotYetSealed, lambda: stages.judge_reveal(full, MINE, bytes([9]) * 32)),
        (stages.NonceUnfit, lambda: stages.judge_reveal(sealed, MINE, bytes(32))),
        (stages.OpenedBefore, lambda: stages.judge_reveal(opened, MINE, bytes([9]) * 32)),
        (stages.NotYetSealed, lambda: stages.judge_forced_opening(full, "buyer", FORCE_FROM)),
        (stages.NoContribution, lambda: stages.judge_forced_opening(sealed, "entrant", FORCE_FROM)),
        (stages.ForcedTooEarly, lambda: stages.judge_forced_opening(sealed, "buyer", FORCE_FROM - SECOND)),
        (stages.OpenedBefore, lambda: stages.judge_forced_opening(opened, "buyer", FORCE_FROM)),
        (stages.NotYetSealed, lambda: stages.judge_draw(full, T)),
        (stages.StillShut, lambda: stages.judge_draw(sealed, FORCE_FROM)),
        (stages.StillShut, lambda: stages.judge_draw(replace(opened, beacon_at=T + 9 * SECOND), T + 8 * SECOND)),
        (stages.DrawnBefore, lambda: stages.judge_draw(drawn, FORCE_FROM)),
    ],
)
def test_each_step_is_refused_at_any_other(refusal: type[Refused], step: Step) -> None:
    with pytest.raises(refusal) as refused:
        step()
    assert refused.value.text


def test_a_contributor_may_speak_late_because_the_same_bytes_count() -> None:
    assert stages.stage(sealed, FORCE_FROM + SECOND) is Stage.FORCING
    stages.judge_reveal(sealed, MINE, bytes([9]) * 32)


def test_the_facts_name_who_and_when() -> None:
    with pytest.raises(stages.CompulsoryContributionMissing) as missing:
        stages.judge_seal(replace(full, contributed=frozenset({"buyer"})), T)
    assert missing.value.facts == {"missing": "platform、regulator"}
    with pytest.raises(stages.ForcedTooEarly) as early:
        stages.judge_forced_opening(sealed, "buyer", T + SECOND)
    assert early.value.facts["from_at"] == "2026-11-23 10:10:01", "Beijing time"


def test_a_beacon_of_before_the_close_is_none() -> None:
    with pytest.raises(ValueError, match="before the close"):
        replace(open_, beacon_at=T)
