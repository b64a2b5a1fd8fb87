"""Acts that the system sees by itself, noted once and with time to object (R7)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding import actions as bidding
from bidding.models import Award, AwardStatus
from contracts.models import Contract, Delivery, DeliveryStatus, Milestone
from core.clock import database_now
from marketplace.models import ServiceItem
from ratings.clockwork.facts import note_facts
from ratings.models import Act
from ratings.queries.facts import unnoted
from ratings.rules.facts import empty_entries, given_up, lateness
from ratings.rulesets import credit_rules
from tests import cast
from tests.contracts import play

NUMBERS = credit_rules().conduct
SIGNED = datetime(2026, 9, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("term", "late", "code"),
    [
        (100, 0, None),
        (100, -5, None),
        (100, 10, "delivered_late"),
        (100, 10.01, "delivered_very_late"),
        (1000, 30, "delivered_late"),
        (1000, 30.01, "delivered_very_late"),
    ],
)
def test_late_is_late_and_very_late_beyond_a_tenth_or_thirty_days(term: float, late: float, code: str | None) -> None:
    due = SIGNED + term * DAY
    assert lateness(SIGNED, due, due + late * DAY, NUMBERS) == code


def test_not_signing_is_not_declining() -> None:
    assert (given_up("unsigned"), given_up("人手不足")) == ("unsigned", "gave_up_award")


def test_three_empty_entries_within_ninety_days_count_once() -> None:
    def at(*days: int) -> list[tuple[datetime, str]]:
        return [(SIGNED + day * DAY, f"N{day}") for day in days]

    assert empty_entries(at(0, 10), [], NUMBERS) == []
    assert [three for _at, three in empty_entries(at(0, 10, 90), [], NUMBERS)] == [["N0", "N10", "N90"]]
    assert empty_entries(at(0, 10, 91), [], NUMBERS) == []
    assert empty_entries(at(0, 10, 90, 95), ["N0", "N10", "N90"], NUMBERS) == []
    assert len(empty_entries(at(*range(6)), [], NUMBERS)) == 2


@pytest.fixture
def number(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> str:
    made = play.quick_award(waterworks, waterworks_user, item, swift_agency, 100_000)
    play.sign(made)
    return made


def late_by(number: str, days: float) -> None:
    """Its only milestone was due so many days ago, in a term of a hundred."""
    due = database_now() - days * DAY
    Contract.objects.filter(award__request__number=number).update(signed_at=due - 100 * DAY)
    Milestone.objects.filter(contract__award__request__number=number).update(due_at=due)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "code"), [(4, "delivered_late"), (11, "delivered_very_late")])
def test_a_late_delivery_is_noted_once_and_counts_only_after_five_working_days(
    number: str, days: int, code: str
) -> None:
    late_by(number, days)
    play.deliver(number)
    assert (note_facts(), note_facts()) == (1, 0)
    act = Act.objects.get()
    assert (act.code, act.contract_id) == (code, play.contract(number).pk)
    assert act.counts_from > act.noted_at + 4 * DAY
    assert number in act.evidence
    assert act.agency.case.entries.filter(kind="conduct.noted").count() == 1


@pytest.mark.django_db
def test_in_time_is_nothing_to_note(number: str) -> None:
    play.deliver(number)
    assert note_facts() == 0


@pytest.mark.django_db
def test_a_result_returned_for_its_quality_twice(number: str) -> None:
    for _ in range(2):
        play.deliver(number)
        one = play.contract(number)
        from contracts import actions

        verdict = DeliveryStatus.RETURNED
        actions.decide(play.user_of(one.buyer), one.buyer, number, 1, verdict, reason="quality", opinion="数据前后矛盾")
        assert Delivery.objects.count() in (1, 2)
    assert [seen.code for seen in unnoted(database_now())] == ["refused_for_quality"]


@pytest.mark.django_db
def test_an_award_declined_is_noted_with_its_case(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency, steady_agency: Agency
) -> None:
    auction = cast.live_auction(waterworks, item, waterworks_user, swift_agency, steady_agency)
    number = play.award(auction, swift_agency)
    bidding.decline_award(swift_agency.organisation, number, "人手不足")
    assert Award.objects.get().status == AwardStatus.DECLINED
    assert (note_facts(), note_facts()) == (1, 0)
    act = Act.objects.get()
    assert (act.code, act.agency) == ("gave_up_award", swift_agency)


@pytest.mark.django_db
def test_three_auctions_entered_in_vain(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency, steady_agency: Agency
) -> None:
    for before, after in pairwise(range(4)):
        auction = cast.live_auction(waterworks, item, waterworks_user, swift_agency, steady_agency)
        play.award(auction, swift_agency)
        assert note_facts() == (1 if after == 3 else 0), before
    act = Act.objects.get()
    assert (act.code, act.agency) == ("entered_without_price", steady_agency)
    assert act.source.count("+") == 2


@pytest.mark.django_db
def test_what_is_long_ago_is_let_go(number: str) -> None:
    late_by(number, 50)
    play.deliver(number)
    Delivery.objects.update(delivered_at=database_now() - 31 * DAY)
    assert note_facts() == 0
