"""Every row of the matrix (UX §2.20), and that whatever tells names one of them."""

import ast
from pathlib import Path

import pytest

from accounts.events import BOTS, EVENTS, Channel, Pace, event_of, events_for
from accounts.models import Kind, Organisation
from accounts.notices import tell

PACKAGES = ("accounts", "draws", "agencies", "bidding", "contracts", "ratings")


@pytest.mark.parametrize(
    ("code", "mail", "bots", "pace"),
    [
        ("request.matching", True, True, Pace.MORNING),
        ("search.matched", True, True, Pace.MORNING),
        ("auction.starts", False, True, Pace.NOW),
        ("auction.outbid", False, True, Pace.NOW),
        ("auction.extended", False, True, Pace.NOW),
        ("result.won", True, True, Pace.SOON),
        ("result.lost", True, True, Pace.SOON),
        ("award.published", True, False, Pace.SOON),
        ("objection.closed", True, False, Pace.SOON),
        ("contract.sign", True, False, Pace.DAILY),
        ("delivery.due", True, False, Pace.DAILY),
        ("payment.due", True, False, Pace.DAILY),
        ("payment.received", True, False, Pace.DAILY),
        ("evaluation.bad", True, True, Pace.SOON),
        ("credit.grade", True, True, Pace.SOON),
        ("credit.score", True, True, Pace.WEEKLY),
        ("qualification.expiring", True, True, Pace.DAILY),
        ("flag.raised", True, False, Pace.OFFICE),
        ("reply.due", True, False, Pace.OFFICE),
        ("four_eyes.waiting", True, False, Pace.OFFICE),
        ("concern.answered", True, False, Pace.SOON),
    ],
)
def test_the_matrix_stands(code: str, mail: bool, bots: bool, pace: Pace) -> None:
    event = EVENTS[code]
    assert (Channel.MAIL in event.channels, set(BOTS) <= set(event.channels), event.pace) == (mail, bots, pace)


def test_an_organisation_chooses_among_what_may_concern_it() -> None:
    assert "auction.outbid" in {event.code for event in events_for(Kind.AGENCY)}
    assert "auction.outbid" not in {event.code for event in events_for(Kind.REGULATOR)}
    assert "four_eyes.waiting" not in {event.code for event in events_for(Kind.AGENCY)}


def test_an_event_of_a_later_release_counts_as_general() -> None:
    assert event_of("moon.landed").code == "general"


def test_nobody_tells_of_an_event_that_is_not_in_the_matrix(waterworks: Organisation) -> None:
    with pytest.raises(KeyError):
        tell(waterworks.pk, "", {}, "/", event="auction.outbit")


def test_every_call_says_what_happened() -> None:
    silent = [
        f"{file}:{call.lineno}"
        for package in PACKAGES
        for file in Path(package).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "tell"
        if "event" not in {keyword.arg for keyword in call.keywords}
    ]
    assert silent == []
