"""Whether a qualification is held on a day, how near its end is, and bans (R2, R8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies import rules
from agencies.models import QualificationStatus, Standing
from agencies.rules import Certificate, Expiry, Holding, holds

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def certificate(kind="SURVEY", first=FIRST, last=LAST, status=QualificationStatus.CLAIMED):
    return Certificate(kind, "甲-001", first, last, status)


def test_a_claim_counts_from_its_first_day_to_its_last():
    held = [certificate()]
    assert holds(held, "SURVEY", FIRST).held
    assert holds(held, "SURVEY", LAST).held
    assert holds(held, "SURVEY", LAST + timedelta(days=1)).holding is Holding.EXPIRED
    assert holds(held, "SURVEY", FIRST - timedelta(days=1)).holding is Holding.NOT_YET


def test_without_a_certificate_of_that_kind_it_is_missing():
    assert holds([certificate("EIA")], "SURVEY", FIRST) == rules.Verdict(Holding.MISSING)


def test_a_rejected_certificate_is_not_held_and_says_so():
    verdict = holds([certificate(status=QualificationStatus.REJECTED)], "SURVEY", FIRST)
    assert (verdict.held, verdict.holding) == (False, Holding.REJECTED)


def test_one_good_certificate_among_bad_ones_is_enough():
    old = certificate(first=date(2020, 1, 1), last=date(2021, 1, 1))
    rejected = certificate(status=QualificationStatus.REJECTED)
    good = certificate(status=QualificationStatus.VERIFIED)
    assert holds([old, rejected, good], "SURVEY", FIRST).certificate == good


def test_of_expired_ones_the_last_to_expire_speaks():
    older, newer = certificate(last=date(2026, 2, 1)), certificate(last=date(2026, 3, 1))
    assert holds([older, newer], "SURVEY", LAST).certificate == newer


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (-1, Expiry.EXPIRED),
        (0, Expiry.IN_7),
        (7, Expiry.IN_7),
        (8, Expiry.IN_30),
        (30, Expiry.IN_30),
        (60, Expiry.IN_60),
        (61, Expiry.FINE),
    ],
)
def test_the_end_is_told_at_60_30_and_7_days(left, state):
    assert rules.expiry(LAST, LAST - timedelta(days=left)) is state


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_what_is_held_is_never_shown_as_expired(one, other, today):
    first, last = sorted((one, other))
    if holds([certificate(first=first, last=last)], "SURVEY", today).held:
        assert rules.expiry(last, today) is not Expiry.EXPIRED


def test_a_removal_in_force_bans():
    with pytest.raises(rules.BannedByLaw) as refused:
        rules.refuse_if_banned(Standing.REMOVED, NOW + timedelta(days=1), NOW)
    assert refused.value.facts == {"until": "2026-11-24"}


def test_a_removal_without_an_end_bans():
    with pytest.raises(rules.BannedByLaw):
        rules.refuse_if_banned(Standing.REMOVED, None, NOW)


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.REMOVED])
def test_no_other_standing_bans(standing):
    assert rules.refuse_if_banned(standing, NOW + timedelta(days=1), NOW) is None


def test_a_removal_that_is_over_bans_no_longer():
    assert rules.refuse_if_banned(Standing.REMOVED, NOW, NOW) is None
