"""Experts of a 综合比选 (R3): drawn, left out, replaced, and their marks before prices."""

from datetime import timedelta

from django.db import DatabaseError, transaction

import pytest

from accounts.models import Kind
from agencies.models import Grade
from bidding.actions import advance, recuse, retire_expert
from bidding.experts import listed, sitting
from bidding.models import Gone, PriceOpening, Seat, Stage
from bidding.plans import plan_for
from bidding.queries import case_entries, result_of
from bidding.rules.marking import (
    MarksGiven,
    MarksIncomplete,
    MarksLate,
    MarksStrange,
    NotAnExpertHere,
)
from bidding.rules.offers import OffersWait
from core.clock import database_now
from journal.awards.experts import commitment
from marketplace.models import RequestStatus
from tests import cast
from tests.bidding import lots, sealing, valuing
from tests.bidding.valuing import ByMerit

pytestmark = pytest.mark.clause("R3")


@pytest.fixture
def three(item) -> ByMerit:
    """Three entrants with plan and price, five experts in the pool."""
    valuing.pool(5)
    agencies = lots.agencies(3)
    for agency, k in zip(agencies, ("90.0", "80.0", "70.0"), strict=True):
        lots.scored(agency, k, Grade.B)
    play = valuing.by_merit(item, agencies)
    play.price("80000.00", "70000.00", "60000.00")
    play.plan()
    return play


def test_the_first_three_of_the_drawn_order_sit(three):
    sat = three.seat_experts()
    order = three.draw.result["order"]
    assert [one.expert.code for one in sat] == order[:3]
    assert three.entry("experts.appointed").data["experts"] == order[:3]
    assert three.selection.stage == Stage.SCORING
    assert three.selection.due_at == sat[0].due_at


def test_experts_of_buyer_payer_and_whoever_offers_the_item_are_left_out_with_the_reason(item):
    valuing.pool(4)
    play = valuing.by_merit(item, lots.agencies(2))
    of_buyer = cast.person("own@buyer.example", play.buyer)
    valuing.nominate_expert(None, of_buyer, play.buyer)
    entrant = play.agencies[0].organisation
    valuing.nominate_expert(None, cast.person("own@entrant.example", entrant), entrant)
    rival = cast.agency("旁观咨询有限公司")
    cast.offers(item, rival)
    valuing.nominate_expert(None, cast.person("own@rival.example", rival.organisation), rival.organisation)
    play.price("80000.00", "70000.00")
    play.plan()
    play.seat_experts()
    listed_ = play.entry("draw.sealed").data["list"]
    assert [one["name"] for one in listed_["entries"]] == ["0001", "0002", "0003", "0004"]
    assert listed_["excluded"] == [
        {"name": "0005", "reason": "受聘于采购人"},
        {"name": "0006", "reason": "受聘于提供该事项服务的机构"},
        {"name": "0007", "reason": "受聘于提供该事项服务的机构"},
    ]


def test_an_expert_who_also_acts_for_an_entrant_is_left_out(three):
    body = three.agencies[0].organisation
    experts = valuing.Expert.objects.order_by("number")
    valuing.cast.Membership.objects.create(user=experts[0].user, organisation=body)
    there, out = listed(three.request)
    assert "0001" not in there
    assert out == {"0001": "受聘于提供该事项服务的机构"}


def test_experts_who_leave_the_pool_put_the_draw_off_until_there_are_enough(three):
    three.contribute()
    for expert in valuing.Expert.objects.order_by("number")[:3]:
        retire_expert(expert.pk)
    three.end_enrolment()
    assert three.entry("experts.lacking").data["there"] == 2
    assert three.selection.stage == Stage.DRAWING
    assert advance(three.number) == 0
    valuing.pool(1, name="后来{n}院")
    three.let_due()
    three.reveal()
    three.make_draw()
    assert len(sitting(three.request)) == 3


def test_a_conflict_hands_the_seat_to_the_next_of_the_order(three):
    first = three.seat_experts()[0]
    recuse(first.expert.user, three.number)
    order = three.draw.result["order"]
    assert [one.expert.code for one in sitting(three.request)] == order[1:4]
    said = three.entry("expert.recused").data
    assert (said["expert"], said["because"], said["next"]) == (order[0], "conflict", order[3])
    with pytest.raises(NotAnExpertHere):
        three.mark(first)
    with pytest.raises(NotAnExpertHere):
        recuse(first.expert.user, three.number)


def test_a_silent_expert_is_replaced_and_comes_too_late(three):
    silent, *others = three.seat_experts()
    for seat in others:
        three.mark(seat)
    three.let_pass(three.selection.due_at - database_now() + timedelta(milliseconds=10))
    Seat.objects.filter(pk=silent.pk).update(due_at=database_now())
    with pytest.raises(MarksLate):
        three.mark(silent)
    assert advance(three.number) == 1
    order = three.draw.result["order"]
    said = three.entry("expert.replaced").data
    assert (said["expert"], said["because"], said["next"]) == (order[0], "silent", order[3])
    silent.refresh_from_db()
    assert silent.ended_because == Gone.SILENT
    assert advance(three.number) == 0
    [new] = [one for one in sitting(three.request) if one.given_at is None]
    three.mark(new)
    assert three.selection.stage == Stage.OPENING


def test_with_nobody_left_to_follow_it_fails_and_the_prices_stay_shut(three):
    three.seat_experts()
    for _ in range(3):
        recuse(sitting(three.request)[0].expert.user, three.number)
    assert three.status() == RequestStatus.FAILED
    assert three.entry("selection.failed").data["reason"] == "experts_lacking"
    assert PriceOpening.objects.get().opened_at is None
    sealing.share(three.team, three.request, 0, 1, 2)
    assert sealing.open_due_offers() == 0
    assert "回避" in result_of(three.request)["explanation"][0]


def test_the_pool_is_on_record_by_number_alone(operator):
    body = cast.organisation(Kind.ENTERPRISE, "省设计院")
    expert = valuing.nominate_expert(operator, cast.person("wang@design.example", body, name="王工"), body)
    assert valuing.nominate_expert(operator, expert.user, body) == expert
    retire_expert(expert.pk)
    said = [(e.kind, e.data) for e in case_entries("P")]
    assert ("expert.nominated", {"expert": "0001", "items": []}) in said
    assert ("expert.retired", {"expert": "0001"}) in said
    assert "王工" not in str(said)


def test_marks_are_sealed_until_all_are_there_and_then_published_with_their_salts(three):
    first, second, third = three.seat_experts()
    three.mark(first, 70)
    three.mark(second, 80)
    assert "marks.published" not in three.kinds()
    assert [e.data["expert"] for e in case_entries(three.number) if e.kind == "marks.given"] == [
        first.expert.code,
        second.expert.code,
    ]
    assert "reason" not in str([e.data for e in case_entries(three.number) if e.kind.startswith("marks")])
    three.mark(third, 90)
    shown = three.entry("marks.published").data["experts"]
    assert [one["expert"] for one in shown] == sorted(seat.expert.code for seat in (first, second, third))
    given = {e.data["expert"]: e.data["commitment"] for e in case_entries(three.number) if e.kind == "marks.given"}
    for one in shown:
        assert commitment(bytes.fromhex(one["salt"]), one["marks"]) == given[one["expert"]]


def test_prices_wait_for_the_marks_to_trustees_bidders_opener_and_database(three):
    first, second, third = three.seat_experts()
    key = bytes.fromhex(PriceOpening.objects.get().trustees["keys"][0])
    assert sealing.everything_for(key) == []
    with pytest.raises(OffersWait):
        sealing.give_shares(key, three.number, {})
    with pytest.raises(DatabaseError, match="prices_wait_for_their_stage"), transaction.atomic():
        PriceOpening.objects.update(opened_at=database_now())
    for seat in (first, second, third):
        three.mark(seat)
    three.open_prices()
    kinds = three.kinds()
    assert kinds.index("marks.published") < kinds.index("offers.opened")
    assert three.status() == RequestStatus.STANDSTILL


def test_an_expert_marks_once(three):
    seat = three.seat_experts()[0]
    three.mark(seat)
    with pytest.raises(MarksGiven):
        three.mark(seat, 10)
    with pytest.raises(MarksGiven):
        recuse(seat.expert.user, three.number)
    with pytest.raises(DatabaseError, match="marks_stand"), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(marks=[])


@pytest.mark.parametrize("points", ["", "101", "-1", "80.5", "八十", "٨٠", "0080"])
def test_points_are_whole_numbers_from_0_to_100(three, points):
    seat = three.seat_experts()[0]
    sheet = three.sheet()
    next(iter(sheet.values()))["points"] = points
    with pytest.raises(MarksIncomplete):
        valuing.give_marks(seat.expert.user, three.number, sheet)


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 1001])
def test_every_mark_has_a_reason(three, reason):
    seat = three.seat_experts()[0]
    with pytest.raises(MarksIncomplete):
        three.mark(seat, reason=reason)


def test_every_plan_is_marked_and_none_besides(three):
    seat = three.seat_experts()[0]
    sheet = three.sheet()
    short = dict(list(sheet.items())[1:])
    for sent in (short, {**sheet, "玄武": {"points": "1", "reason": "x"}}):
        with pytest.raises(MarksStrange):
            valuing.give_marks(seat.expert.user, three.number, sent)


def test_nobody_else_marks(three, waterworks_user, regulator, operator):
    three.seat_experts()
    spare = valuing.Expert.objects.exclude(pk__in=Seat.objects.values("expert")).first()
    for user in (three.user, regulator, operator, spare.user, three.agencies[0].user):
        with pytest.raises(NotAnExpertHere):
            valuing.give_marks(user, three.number, three.sheet())


@pytest.mark.clause("I5")
def test_only_who_sits_opens_a_plan_and_only_while_it_is_marked(three, regulator, operator):
    sat = three.seat_experts()
    label = three.label(three.agencies[0])
    assert (
        plan_for(sat[0].expert.user, three.request, label).file.sha256 == three.plan_of(three.agencies[0]).file.sha256
    )
    assert plan_for(sat[0].expert.user, three.request, "玄武") is None
    for user in (three.user, regulator, operator, three.agencies[1].user):
        assert plan_for(user, three.request, label) is None
    recuse(sat[0].expert.user, three.number)
    assert plan_for(sat[0].expert.user, three.request, label) is None
    for seat in sitting(three.request):
        three.mark(seat)
    assert plan_for(sat[1].expert.user, three.request, label) is None
