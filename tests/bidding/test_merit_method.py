"""综合比选 (R3) from publication to award: plans, experts, marks before prices, then price, quality and credit together."""

from datetime import timedelta

from django.db import DatabaseError, connection, transaction

import pytest

from accounts.models import Kind
from agencies.models import Grade, Standing
from bidding.actions import advance, enrol, leave, recuse, retire_expert, submit_plan, withdraw_plan
from bidding.experts import listed, sitting
from bidding.methods import strategy_for
from bidding.models import Gone, PriceOpening, Seat, Stage
from bidding.plans import plan_for
from bidding.queries import case_entries, result_of
from bidding.rules.enrolment import NotEnrolled
from bidding.rules.marking import (
    ExpertsMissing,
    MarksGiven,
    MarksIncomplete,
    MarksLate,
    MarksStrange,
    NotAnExpertHere,
)
from bidding.rules.offers import OffersWait
from bidding.rules.plans import NoPlan, PlanKind, PlanNames, PlansClosed, PlanUnreadable, TakesNoPlans
from core.clock import database_now
from core.files import FileNotReadable
from journal.awards import decide
from journal.awards.experts import commitment
from marketplace import actions
from marketplace.models import Method, RequestStatus
from marketplace.rules import PolicyRefused
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding import lots, sealing, valuing
from tests.bidding.valuing import ByMerit, docx
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.clause("R3")
NUMBERS = ruleset("2026-12")


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


# Publishing


def test_a_notice_says_how_it_weighs_and_opens_the_draw_of_experts(item):
    valuing.pool(3)
    play = valuing.by_merit(item, [], weight_price=45, weight_quality=45, weight_credit=10)
    assert play.entry("request.published").data["weights"] == {"price": 45, "quality": 45, "credit": 10}
    assert play.draw.name.endswith("-E")
    assert play.draw.closes_at == play.request.enrol_until


def test_without_a_word_it_weighs_as_the_rule_set_proposes(item):
    valuing.pool(3)
    play = valuing.by_merit(item, [])
    assert play.request.weights == {"price": 50, "quality": 40, "credit": 10}


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ((50, 40, 9), "P_WEIGHTS_SUM"),
        ((39, 51, 10), "P_WEIGHT_PRICE"),
        ((44, 40, 16), "P_WEIGHT_CREDIT"),
        ((50, None, 10), "P_WEIGHTS_MISSING"),
    ],
)
def test_weights_beyond_the_bounds_are_refused(item, river_bureau, river_officer, weights, code):
    names = ("weight_price", "weight_quality", "weight_credit")
    kept = draft(river_officer, river_bureau, item, method=Method.MERIT, **dict(zip(names, weights, strict=True)))
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(river_officer, river_bureau, kept.pk)
    assert code in {one["code"] for one in refused.value.facts["findings"]}


def test_an_enterprise_may_weigh_the_price_lower_than_public_money(item, waterworks, waterworks_user):
    valuing.pool(3)
    play = valuing.by_merit(item, [], weight_price=20, weight_quality=70, weight_credit=10)
    assert play.status() == RequestStatus.PUBLISHED


def test_the_database_refuses_weights_that_are_not_a_whole(three):
    with pytest.raises(DatabaseError, match="merit_alone_weighs"), transaction.atomic():
        type(three.request).objects.filter(pk=three.request.pk).update(weight_price=51)


def test_without_enough_experts_for_the_item_nothing_is_published(item, waterworks, waterworks_user):
    other = cast.service_item("TST-02")
    valuing.pool(2, item)
    valuing.pool(2, other, name="另{n}院")
    kept = draft(waterworks_user, waterworks, item, method=Method.MERIT)
    lots.Team.of(3)
    with pytest.raises(ExpertsMissing) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert (refused.value.facts["needed"], refused.value.facts["there"]) == (3, 2)


# Plans


def test_a_plan_is_on_record_by_label_hash_and_size_alone(three):
    agency = three.agencies[0]
    plan = three.plan_of(agency)
    entry = next(e for e in case_entries(three.number) if e.kind == "plan.submitted")
    assert entry.data == {"label": three.label(agency), "sha256": plan.file.sha256, "size": plan.file.size}
    assert not hasattr(plan, "name")


def test_a_plan_is_replaced_and_withdrawn_until_the_deadline(three):
    agency = three.agencies[0]
    before = three.plan_of(agency)
    submit_plan(None, agency, three.number, docx("第二稿"))
    assert three.plan_of(agency).pk != before.pk
    withdraw_plan(agency, three.number)
    assert three.plan_of(agency) is None
    with pytest.raises(NoPlan):
        withdraw_plan(agency, three.number)


def test_who_leaves_takes_the_plan_along(three):
    leave(three.agencies[0], three.number)
    assert three.plan_of(three.agencies[0]) is None
    assert three.kinds()[-3:] == ["offer.withdrawn", "plan.withdrawn", "request.left"]


def test_after_the_deadline_no_plan_is_taken_by_the_databases_clock(three):
    sealing.pass_deadline(three.request)
    for act in (
        lambda: submit_plan(None, three.agencies[0], three.number, docx("晚了")),
        lambda: withdraw_plan(three.agencies[0], three.number),
    ):
        with pytest.raises(PlansClosed):
            act()


def test_only_entrants_of_a_merit_selection_send_plans(three, third_agency, item):
    with pytest.raises(NotEnrolled):
        submit_plan(None, third_agency, three.number, docx("方案"))
    other = valuing.averaged(item, lots.agencies(1))
    with pytest.raises(TakesNoPlans):
        submit_plan(None, other.agencies[0], other.number, docx("方案"))


@pytest.mark.parametrize("where", ["text", "split", "author", "code", "people", "stem"])
def test_a_plan_that_names_its_agency_is_refused_with_the_words(three, where):
    agency = three.agencies[0]
    body = agency.organisation
    body.contact_name = "欧阳建国"
    body.save()
    upload = {
        "text": docx(f"本方案由{body.name}编制"),
        "split": docx(f"{body.name}"),
        "author": docx("方案", author=body.name),
        "code": docx(f"信用代码 {body.uscc.lower()[:9]} {body.uscc.lower()[9:]}"),
        "people": docx("项目负责人：欧阳建国"),
        "stem": docx(f"{body.name.removesuffix('有限公司')}提供"),
    }[where]
    with pytest.raises(PlanNames) as refused:
        submit_plan(None, agency, three.number, upload)
    assert refused.value.facts["words"]


def test_the_name_of_another_agency_is_no_business_of_this_check(three):
    submit_plan(None, three.agencies[0], three.number, docx(f"参照{three.agencies[1].organisation.name}的做法"))


def test_what_cannot_be_searched_is_no_plan(three):
    agency = three.agencies[0]
    png = valuing.SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    locked = valuing.SimpleUploadedFile("a.pdf", b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>")
    for upload, refusal in (
        (png, PlanKind),
        (locked, PlanUnreadable),
        (valuing.SimpleUploadedFile("a.pdf", b"x"), FileNotReadable),
    ):
        with pytest.raises(refusal):
            submit_plan(None, agency, three.number, upload)


def test_only_plans_with_a_price_are_marked(item):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(3))
    play.price("80000.00", "70000.00")
    play.plan(play.agencies[0], play.agencies[2])
    play.seat_experts()
    assert [one["label"] for one in play.entry("plans.closed").data["plans"]] == [play.label(play.agencies[0])]


@pytest.mark.parametrize("gives", ["prices", "plans", "nothing"])
def test_without_an_entrant_who_gave_both_it_fails(item, gives):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(2))
    if gives == "prices":
        play.price("80000.00", "70000.00")
    elif gives == "plans":
        play.plan()
    play.contribute()
    play.end_enrolment()
    assert play.status() == RequestStatus.FAILED
    assert play.entry("selection.failed").data["reason"] == ("no_plans" if gives == "prices" else "no_bids")
    assert result_of(play.request)["explanation"]
    assert sealing.everything_for(bytes.fromhex(PriceOpening.objects.get().trustees["keys"][0])) == []


# Experts


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


# Marks


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


# The award


def test_price_quality_and_credit_decide_together(three):
    a, b, c = (three.label(agency) for agency in three.agencies)
    first, second, third = three.seat_experts()
    three.mark(first, {a: 95, b: 60, c: 20})
    three.mark(second, {a: 90, b: 70, c: 30})
    three.mark(third, {a: 40, b: 65, c: 25})
    three.open_prices()
    outcome = decide("merit", case_entries(three.number), NUMBERS.numbers)
    # 50·60/80 + 40·0.90 + 10·0.90; 50·60/70 + 40·0.65 + 10·0.80; 50 + 40·0.25 + 10·0.70
    assert outcome.facts["quality"] == {a: 90, b: 65, c: 25}
    assert outcome.facts["scores"] == {a: 82.5, b: pytest.approx(76.857142857), c: 67}
    assert three.award.winner.label == a
    assert three.award.amount == 80_000_00
    said = "\n".join(strategy_for(Method.MERIT).explain(outcome))
    for words in ("82.5000", "¥60,000.00", "50 × 最低报价", "3 名专家", "76.8571"):
        assert words in said


def test_the_credit_noted_at_the_close_counts_whatever_comes_after(three):
    sat = three.seat_experts()
    lots.scored(three.agencies[0], "10.0", Grade.D)
    for seat in sat:
        three.mark(seat)
    three.open_prices()
    outcome = decide("merit", case_entries(three.number), NUMBERS.numbers)
    assert outcome.facts["credit"][three.label(three.agencies[0])] == 90


def test_a_price_without_a_plan_cannot_win_and_is_no_measure(item):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(3))
    play.price("80000.00", "70000.00", "10000.00")
    play.plan(play.agencies[0], play.agencies[1])
    for seat in play.seat_experts():
        play.mark(seat)
    play.open_prices()
    outcome = decide("merit", case_entries(play.number), NUMBERS.numbers)
    assert outcome.facts["lowest"] == 70_000_00
    assert outcome.facts["unmarked"] == [play.label(play.agencies[2])]
    assert play.award.winner.agency == play.agencies[1]


def test_equal_scores_go_to_the_lower_price_and_equal_prices_to_a_draw(item):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(2))
    play.price("80000.00", "80000.00")
    play.plan()
    for seat in play.seat_experts():
        play.mark(seat, 80)
    play.open_prices()
    assert play.selection.stage == Stage.DRAWING
    assert valuing.Draw.objects.filter(name=f"{play.number}-T1").exists()


@pytest.mark.parametrize("when", ["drawing", "scoring", "opening"])
def test_who_is_barred_at_any_stage_does_not_win(three, when):
    gone = three.agencies[0]

    def bar() -> None:
        gone.standing = Standing.SUSPENDED
        gone.save(update_fields=["standing"])
        valuing.lots.advance(three.number)

    three.contribute()
    three.end_enrolment()
    if when == "drawing":
        bar()
    three.reveal()
    three.make_draw()
    if when == "scoring":
        bar()
    for seat in sitting(three.request):
        three.mark(seat, 90)
    if when == "opening":
        bar()
    three.open_prices()
    assert three.status() == RequestStatus.STANDSTILL
    assert three.award.winner.agency != gone


def test_public_money_needs_three_entrants(item, river_bureau):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(1), buyer=river_bureau)
    play.contribute()
    play.end_enrolment()
    assert play.status() == RequestStatus.PUBLISHED
    enrol(None, cast_offering(item), play.number)
    play.end_enrolment()
    assert "request.noted" in play.kinds()  # two go on, with a note to the regulator


def cast_offering(item):
    agency = cast.agency("补报咨询有限公司")
    cast.offers(item, agency)
    return agency


def test_a_plan_in_force_is_one_and_stays_after_the_deadline(three):
    three.contribute()
    three.end_enrolment()
    plan = three.plan_of(three.agencies[0])
    with pytest.raises(DatabaseError, match="plan_stands"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bidding_plan SET ended_at = now() WHERE id = %s", [plan.pk])
    with pytest.raises(DatabaseError, match="plan_before_the_deadline"), transaction.atomic():
        valuing.Plan.objects.create(request=three.request, enrolment=plan.enrolment, file=plan.file, at=database_now())


def test_the_pool_is_on_record_by_number_alone(operator):
    body = cast.organisation(Kind.ENTERPRISE, "省设计院")
    expert = valuing.nominate_expert(operator, cast.person("wang@design.example", body, name="王工"), body)
    assert valuing.nominate_expert(operator, expert.user, body) == expert
    retire_expert(expert.pk)
    said = [(e.kind, e.data) for e in case_entries("P")]
    assert ("expert.nominated", {"expert": "0001", "items": []}) in said
    assert ("expert.retired", {"expert": "0001"}) in said
    assert "王工" not in str(said)
