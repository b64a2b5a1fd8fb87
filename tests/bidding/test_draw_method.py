"""随机抽取 (R3, R4) by the real verbs: from publication to the award, and everything that may not steer it."""

import hashlib
import struct
from datetime import timedelta

from django.db import connection

import pytest

from accounts.models import Notice
from agencies.models import Agency, Standing
from bidding.actions import advance, bar_agency, decline_award, enrol, leave
from bidding.models import Enrolment, Stage
from bidding.queries import case_entries, result_of
from core.clock import BEIJING, database_now
from core.queries import calendar
from draws.clockwork import do_due_draws
from draws.rules import MayNotContribute, TrusteesMissing
from journal.awards import decide
from journal.draw import verify_draw
from journal.stages import REVEAL_FOR, ContributedBefore, ContributionsClosed
from marketplace import actions
from marketplace.models import FeeMode, Method, Request, RequestStatus, ServiceItem
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.lots import Play, agencies, staged
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db: None) -> list[Agency]:
    return agencies(3)


@pytest.fixture
def play(item: ServiceItem, three: list[Agency]) -> Play:
    return staged(Method.DRAW, item, three)


@pytest.fixture
def sealed(play: Play) -> Play:
    play.contribute()
    play.end_enrolment()
    return play


def by_hand(seed: str, labels: list[str]) -> list[str]:
    """The order of RULES R4 with a ticket each, written another way."""

    def place(label: str) -> bytes:
        parts = b"".join(
            struct.pack(">I", len(part)) + part for part in (bytes.fromhex(seed), label.encode(), struct.pack(">I", 0))
        )
        return hashlib.sha256(b"draw/ticket/v1\0" + parts).digest()

    return sorted(labels, key=place)


def test_publishing_opens_a_draw_that_closes_with_enrolment_and_wants_buyer_and_regulator(play: Play) -> None:
    draw = play.draw
    assert draw.closes_at == play.request.enrol_until
    assert draw.compulsory == ["buyer", "platform", "regulator"]
    assert play.kinds()[:3] == ["request.published", "draw.opened", "draw.contributed"]


def test_without_trustees_nothing_is_published_that_is_drawn(waterworks, waterworks_user, item) -> None:
    kept = draft(waterworks_user, waterworks, item, method=Method.DRAW)
    with pytest.raises(TrusteesMissing):
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert Request.objects.get().status == RequestStatus.DRAFT


@pytest.mark.clause("P19.4")
def test_the_first_drawn_wins_at_the_fixed_fee_and_anybody_can_check_it(sealed: Play) -> None:
    assert (sealed.status(), sealed.selection.stage) == ("selecting", Stage.DRAWING)
    order = sealed.draw_it()
    labels = sorted(sealed.label(one) for one in sealed.agencies)
    assert order == by_hand(sealed.draw.result["seed"], labels)
    assert sealed.award.winner.label == order[0]
    assert sealed.award.amount == sealed.request.ceiling
    assert (sealed.status(), sealed.selection.stage) == ("standstill", Stage.CLOSED)
    report = verify_draw(sealed.draw.result, seal=sealed.draw.seal, compulsory=["buyer", "platform", "regulator"])
    assert list(report.order) == order
    outcome = decide("draw", case_entries(sealed.number), ruleset(sealed.request.ruleset).numbers)
    assert [place.label for place in outcome.ranking] == order
    assert {one["label"] for one in sealed.entry("selection.closed").data["reveals"]} == set(labels)


def test_before_the_award_no_entry_of_a_draw_names_an_entrant(sealed: Play) -> None:
    told = "".join(str(entry.data) for entry in case_entries(sealed.number))
    assert all(one.uscc not in told and one.organisation.name not in told for one in sealed.agencies)


def test_a_missing_contribution_puts_the_draw_off_by_a_working_day_and_is_told(play: Play) -> None:
    play.contribute("regulator")
    play.end_enrolment()
    draw = play.draw
    now = database_now()
    assert draw.sealed_at is None
    assert draw.closes_at == calendar().add(now, 1)
    assert draw.closes_at.astimezone(BEIJING).date() == calendar().after(now.astimezone(BEIJING).date(), 1).date
    assert play.entry("draw.extended").data["missing"] == ["buyer"]
    assert (play.selection.stage, play.selection.due_at) == (Stage.DRAWING, draw.closes_at)
    assert Notice.objects.filter(organisation=play.buyer).count() == 1
    play.contribute("buyer")
    assert advance(play.number) == 0, "what came late does not bring the close forward"
    play.let_due()
    assert play.draw.sealed_at is not None
    play.draw_it()
    assert play.status() == "standstill"


def test_it_is_put_off_as_often_as_somebody_is_missing(play: Play) -> None:
    play.end_enrolment()
    play.let_due()
    play.let_due()
    assert play.kinds().count("draw.extended") == 3
    assert "draw.sealed" not in play.kinds()


def test_silence_after_the_seal_changes_nothing_since_trustees_open(sealed: Play) -> None:
    sealed.reveal("regulator")
    assert do_due_draws() == 0
    sealed.let_pass(REVEAL_FOR + timedelta(seconds=1))
    sealed.team.open(sealed.draw, 0, 2, 4)
    assert do_due_draws() == 1
    advance(sealed.number)
    assert sealed.status() == "standstill"
    assert sealed.award.winner.label == sealed.draw.result["order"][0]


def test_who_may_contribute_does_so_once_and_before_the_close(play: Play, waterworks, waterworks_user) -> None:
    entrant = play.agencies[0]
    play.give(entrant.organisation, entrant.user)
    assert play.draw.contributions.filter(identity=play.label(entrant)).count() == 1
    with pytest.raises(MayNotContribute):
        play.give(waterworks, waterworks_user)
    outsider = cast.agency("未报名咨询有限公司")
    with pytest.raises(MayNotContribute):
        play.give(outsider.organisation, outsider.user)
    play.contribute()
    with pytest.raises(ContributedBefore):
        play.contribute("buyer")
    play.end_enrolment()
    other = play.agencies[1]
    with pytest.raises(ContributionsClosed):
        play.give(other.organisation, other.user)


def test_too_few_entrants_extend_enrolment_and_the_close_of_the_draw_with_it(item: ServiceItem) -> None:
    play = staged(Method.DRAW, item, agencies(1))
    play.contribute()
    play.end_enrolment()
    play.request.refresh_from_db()
    assert play.request.extended
    assert play.draw.closes_at == play.request.enrol_until
    assert play.entry("draw.extended").data["missing"] == []
    late = cast.agency("后来咨询有限公司")
    cast.offers(item, late)
    enrol(None, late, play.number)
    play.give(late.organisation, late.user)
    play.end_enrolment()
    assert {one["name"] for one in play.draw.sealed["list"]["entries"]} == {
        play.label(late),
        play.label(play.agencies[0]),
    }


def test_with_nobody_else_after_the_extension_it_fails_with_a_reason(item: ServiceItem) -> None:
    play = staged(Method.DRAW, item, agencies(1))
    play.end_enrolment()
    play.end_enrolment()
    assert play.status() == "failed"
    assert play.entry("selection.failed").data["reason"] == "too_few_entrants"
    notice = result_of(Request.objects.get(pk=play.request.pk))
    assert notice is not None
    assert "报名机构不足" in notice["explanation"][0]


def test_who_left_is_not_on_the_list(play: Play) -> None:
    leave(play.agencies[2], play.number)
    play.contribute()
    play.end_enrolment()
    assert len(play.draw.sealed["list"]["entries"]) == 2


@pytest.mark.clause("P20.9")
def test_who_is_barred_before_the_seal_is_excluded_with_the_reason(play: Play) -> None:
    play.contribute("buyer")
    play.end_enrolment()
    suspend(play.agencies[1])
    play.contribute("regulator")
    play.let_due()
    listed = play.draw.sealed["list"]
    assert listed["excluded"] == [{"name": play.label(play.agencies[1]), "reason": "被暂停"}]
    assert len(listed["entries"]) == 2
    play.draw_it()
    assert play.status() == "standstill"


@pytest.mark.clause("P20.9")
def test_who_is_barred_after_the_seal_is_passed_over_in_the_order_drawn(sealed: Play) -> None:
    sealed.reveal()
    do_due_draws()
    order = sealed.draw.result["order"]
    suspend(sealed.agency(order[0]))
    advance(sealed.number)
    assert sealed.award.winner.label == order[1]


def test_if_all_are_barred_it_fails(sealed: Play) -> None:
    for one in sealed.agencies:
        suspend(one)
    sealed.draw_it()
    assert sealed.status() == "failed"
    assert sealed.entry("selection.failed").data["reason"] == "nobody_left"


def test_a_winner_that_declines_makes_way_for_the_next_of_the_order(sealed: Play) -> None:
    order = sealed.draw_it()
    decline_award(sealed.agency(order[0]).organisation, sealed.number, "人员不足")
    standing = sealed.request.awards.get(status="standstill")
    assert (standing.winner.label, standing.rank, standing.amount) == (order[1], 2, sealed.request.ceiling)
    decline_award(sealed.agency(order[1]).organisation, sealed.number, "人员不足")
    decline_award(sealed.agency(order[2]).organisation, sealed.number, "人员不足")
    assert sealed.status() == "failed"


@pytest.mark.clause("P20.6")
def test_a_department_draws_where_the_law_sets_the_fee_and_three_have_enrolled(river_bureau, three) -> None:
    item = cast.service_item("TST-09")
    ServiceItem.objects.filter(pk=item.pk).update(fee_mode=FeeMode.FIXED)
    item.refresh_from_db()
    play = staged(Method.DRAW, item, three, buyer=river_bureau)
    play.contribute()
    play.end_enrolment()
    play.draw_it()
    assert play.status() == "standstill"


def test_the_database_takes_no_second_selection_and_no_second_award(sealed: Play) -> None:
    sealed.draw_it()
    assert advance(sealed.number) == 0
    assert sealed.kinds().count("selection.closed") == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bidding_award WHERE request_id = %s", [sealed.request.pk])
        assert cursor.fetchone() == (1,)


def suspend(agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(standing=Standing.SUSPENDED)
    bar_agency(agency.pk)


def test_a_barred_entrant_contributes_no_more(play: Play) -> None:
    play.end_enrolment()
    suspend(play.agencies[0])
    assert Enrolment.objects.get(agency=play.agencies[0]).barred_at is not None
    with pytest.raises(MayNotContribute):
        play.give(play.agencies[0].organisation, play.agencies[0].user)
