"""Two hands on one exit case at the same moment, against the real database."""

import uuid

import pytest

from accounts.models import Kind
from agencies.models import Agency, Standing
from bidding.actions import Press, place_bids
from core.errors import Refused
from ratings.actions import exits
from ratings.clockwork.exits import do_due_cases
from ratings.models import AppealOutcome, DocumentKind, ExitCase, Measure, Step
from ratings.rules.exits import Ruling
from tests import cast
from tests.committed import at_once
from tests.ratings.court import Court, shift


@pytest.fixture
def court(transactional_db: None) -> Court:
    return Court(cast.agency("迅达咨询有限公司"))


def test_two_officers_decide_at_once_and_one_is_told_that_another_did(court: Court) -> None:
    case = court.ripe()
    results = at_once(
        *(
            lambda who=who: exits.decide(court.officers[who], court.body, case.number, Ruling(Measure.WARN, "x"))
            for who in (1, 2, 3)
        )
    )
    assert sum(isinstance(result, ExitCase) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 2
    assert ExitCase.objects.get().documents.filter(kind=DocumentKind.DECISION).count() == 1


def test_an_appeal_and_the_effect_at_once_leave_the_agency_unharmed(court: Court) -> None:
    case = court.decided()
    shift(case, 10)
    at_once(
        lambda: exits.appeal(court.person, court.party, case.number, "不服"),
        do_due_cases,
        do_due_cases,
    )
    case.refresh_from_db()
    assert case.step == Step.APPEALED
    assert Agency.objects.get().standing == Standing.ACTIVE


def test_an_appeal_decided_while_it_lapses_has_one_outcome(court: Court) -> None:
    case = court.appealed()
    shift(case, 90)
    upheld = exits.Outcome(AppealOutcome.UPHELD, "维持")
    at_once(
        lambda: exits.decide_appeal(court.officers[4], court.body, case.number, upheld),
        do_due_cases,
        do_due_cases,
    )
    do_due_cases()
    case.refresh_from_db()
    decisions = case.documents.filter(kind=DocumentKind.APPEAL_DECISION).count()
    assert decisions == 1
    standing = Agency.objects.get().standing
    annulled = case.appeal_outcome == AppealOutcome.ANNULLED
    assert (standing == Standing.ACTIVE) == annulled
    assert (case.step == Step.CLOSED) == annulled


def test_any_number_of_clocks_move_a_case_once(court: Court) -> None:
    case = court.decided()
    shift(case, 10)
    at_once(*[do_due_cases] * 6)
    case.refresh_from_db()
    assert case.step == Step.IN_FORCE
    in_force = court.agency.case.entries.filter(kind="exit.in_force").count()
    assert in_force == 1


def test_one_fact_found_by_many_clocks_opens_one_case(court: Court) -> None:
    results = at_once(*[court.open] * 5)
    assert sum(isinstance(result, ExitCase) for result in results) == 1
    assert ExitCase.objects.count() == 1


def test_a_suspension_in_force_hands_the_lead_back_before_any_clock_of_the_auctions_comes_by(court: Court) -> None:
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by, item, others = (
        cast.person("buyer@waterworks.example", buyer),
        cast.service_item("TST-91"),
        cast.agency("稳健咨询"),
    )
    third = cast.agency("三江咨询")
    cast.offers(item, court.agency, others, third)
    auction = cast.live_auction(buyer, item, by, court.agency, others, third)
    for agency, price in ((others, "99000"), (court.agency, "98000")):
        user = agency.organisation.memberships.get().user_id
        [answer] = place_bids(
            auction.request.number or "", [Press(uuid.uuid4(), agency.pk, user, cast.yuan(price), False)]
        )
        assert answer.refusal is None
    court.in_force(Measure.SUSPEND)
    auction.refresh_from_db()
    assert auction.leader is not None
    assert auction.leader.agency == others
