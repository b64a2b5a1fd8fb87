"""Objection, answer, complaint, decision, and what follows when an award falls (R5.9)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

import pytest

from bidding import actions
from bidding.clockwork import move_due_requests
from bidding.models import Auction, Award, AwardStatus, Objection, ObjectionStatus
from bidding.rules import objections as rules
from core.clock import database_now
from journal.awards.outcome import Place
from journal.models import Entry
from marketplace.models import RequestStatus
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P19.4")]


@pytest.fixture
def awarded(auction, bid, swift_agency, steady_agency, third_agency):
    """Steady won at 92,000; third offered 94,000, swift 99,000. The standstill runs."""
    for agency, amount in ((swift_agency, "99000"), (third_agency, "94000"), (steady_agency, "92000")):
        assert bid(auction, agency, amount).refusal is None
    cast.set_close(auction, -1)
    actions.advance(auction.request.number)
    return auction.request


def file(awarded, agency, text="中选价低于成本。"):
    return actions.file_objection(agency.user, agency.organisation, awarded.number, text)


def complained(awarded, agency, buyer_user):
    objection = file(awarded, agency)
    actions.answer_objection(buyer_user, awarded.buyer, objection.pk, "已核实，报价合理。")
    return actions.complain(agency.organisation, objection.pk, "答复未回应理由。")


def kinds(awarded):
    return list(Entry.objects.filter(case=awarded.case).order_by("seq").values_list("kind", flat=True))


def decide(who, objection, *, upheld, text="理由充分。"):
    return actions.decide_complaint(who, who.memberships.get().organisation, objection.pk, text, upheld=upheld)


def test_an_entrant_objects_and_the_text_stands_in_the_case_file(awarded, third_agency):
    objection = file(awarded, third_agency)
    entry = Entry.objects.filter(case=awarded.case).latest("seq")
    assert (entry.kind, entry.data["by"]) == ("objection.filed", third_agency.organisation.name)
    assert objection.lapses_at > objection.due_at > database_now()


def test_the_winner_a_stranger_and_the_buyer_may_not_object(awarded, steady_agency, waterworks_user):
    for user, by in (
        (steady_agency.user, steady_agency.organisation),
        (waterworks_user, awarded.buyer),
        (cast.agency("局外人有限公司").user, cast.agency("另一家有限公司").organisation),
    ):
        with pytest.raises(rules.NotAnEntrant):
            actions.file_objection(user, by, awarded.number, "不服")


def test_an_objection_says_why_and_one_at_a_time_is_enough(awarded, third_agency):
    with pytest.raises(rules.TextMissing):
        file(awarded, third_agency, "  ")
    file(awarded, third_agency)
    with pytest.raises(rules.ObjectionPending):
        file(awarded, third_agency)


def test_after_the_standstill_nobody_objects_although_no_clock_ran(awarded, third_agency):
    Award.objects.update(standstill_until=database_now() - timedelta(seconds=1))
    with pytest.raises(rules.StandstillOver):
        file(awarded, third_agency)


def test_only_the_buyer_answers_and_only_once(awarded, third_agency, waterworks_user, river_bureau, river_officer):
    objection = file(awarded, third_agency)
    with pytest.raises(rules.NotYourTurn):
        actions.answer_objection(river_officer, river_bureau, objection.pk, "与我无关")
    actions.answer_objection(waterworks_user, awarded.buyer, objection.pk, "已核实。")
    with pytest.raises(rules.StepNotDue):
        actions.answer_objection(waterworks_user, awarded.buyer, objection.pk, "再答一次。")


def test_a_complaint_needs_an_answer_first_or_an_answer_overdue(awarded, third_agency, swift_agency):
    objection = file(awarded, third_agency)
    with pytest.raises(rules.StepNotDue):
        actions.complain(third_agency.organisation, objection.pk, "等不及")
    with pytest.raises(rules.NotYourTurn):
        actions.complain(swift_agency.organisation, objection.pk, "代人投诉")
    Objection.objects.update(due_at=database_now())
    assert actions.complain(third_agency.organisation, objection.pk, "逾期未答").status == ObjectionStatus.COMPLAINED


def test_a_dismissed_complaint_lets_the_award_become_final(awarded, third_agency, waterworks_user, regulator):
    objection = complained(awarded, third_agency, waterworks_user)
    Award.objects.update(standstill_until=database_now())
    assert move_due_requests() == 0
    decide(regulator, objection, upheld=False)
    assert move_due_requests() == 1
    assert Award.objects.get().status == AwardStatus.FINAL


def test_an_upheld_complaint_voids_the_award_and_the_next_in_rank_follows(
    awarded, swift_agency, third_agency, waterworks_user, regulator
):
    decide(regulator, complained(awarded, swift_agency, waterworks_user), upheld=True)
    voided, following = Award.objects.order_by("pk")
    assert voided.status == AwardStatus.VOIDED
    assert (following.winner.agency, following.rank, following.status) == (third_agency, 2, AwardStatus.STANDSTILL)
    assert kinds(awarded)[-3:] == ["objection.decided", "award.voided", "award.published"]


def test_i9_who_filed_answered_or_buys_does_not_decide(awarded, third_agency, waterworks_user, regulator):
    objection = complained(awarded, third_agency, waterworks_user)
    with pytest.raises(rules.NotYourTurn):
        decide(waterworks_user, objection, upheld=False)
    Objection.objects.update(answered_by=regulator)
    with pytest.raises(rules.PartyDecides):
        decide(regulator, objection, upheld=False)


def test_i9_the_database_refuses_a_decider_who_filed(awarded, third_agency):
    objection = file(awarded, third_agency)
    with pytest.raises(IntegrityError, match="objection_decider_is_not_party"), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(decided_by=third_agency.user)


def test_two_regulators_decide_and_the_second_is_told(
    awarded, third_agency, waterworks_user, regulator, second_regulator
):
    objection = complained(awarded, third_agency, waterworks_user)
    decide(regulator, objection, upheld=False)
    with pytest.raises(rules.StepNotDue):
        decide(second_regulator, objection, upheld=True)


def test_the_decision_is_extended_once(awarded, third_agency, waterworks_user, regulator):
    objection = complained(awarded, third_agency, waterworks_user)
    body = regulator.memberships.get().organisation
    due = objection.due_at
    assert actions.extend_decision(body, objection.pk).due_at > due
    with pytest.raises(rules.StepNotDue):
        actions.extend_decision(body, objection.pk)


def test_an_objection_holds_the_award_until_it_lapses(awarded, third_agency):
    objection = file(awarded, third_agency)
    Award.objects.update(standstill_until=database_now())
    assert move_due_requests() == 0
    Objection.objects.update(lapses_at=database_now())
    assert move_due_requests() == 1
    objection.refresh_from_db()
    assert objection.status == ObjectionStatus.CLOSED
    assert kinds(awarded)[-2:] == ["objection.closed", "award.final"]


def test_a_withdrawn_objection_holds_nothing(awarded, third_agency, swift_agency):
    objection = file(awarded, third_agency)
    with pytest.raises(rules.NotYourTurn):
        actions.withdraw_objection(swift_agency.organisation, objection.pk)
    actions.withdraw_objection(third_agency.organisation, objection.pk)
    Award.objects.update(standstill_until=database_now())
    assert move_due_requests() == 1


def test_a_winner_that_declines_makes_way_for_the_next_within_105_percent(awarded, steady_agency, third_agency):
    actions.decline_award(steady_agency.organisation, awarded.number, "人员不足。")
    assert Award.objects.get(status=AwardStatus.STANDSTILL).winner.agency == third_agency
    actions.decline_award(third_agency.organisation, awarded.number, "同样不足。")
    # 99,000 is more than 105 % of 92,000.
    awarded.refresh_from_db()
    assert awarded.status == RequestStatus.FAILED
    assert Entry.objects.filter(case=awarded.case).latest("seq").data["reason"] == "award_declined"
    assert not Auction.objects.filter(request=awarded, due_at__isnull=False).exists()


def test_only_the_winner_declines(awarded, third_agency):
    with pytest.raises(rules.NotTheWinner):
        actions.decline_award(third_agency.organisation, awarded.number, "替人放弃")


@pytest.mark.parametrize(
    ("price", "amount", "follows"), [(10000, 10500, True), (10000, 10501, False), (10000, 10000, True)]
)
def test_the_next_follows_up_to_105_percent_exactly(price, amount, follows):
    ranking = (Place(1, "甲", price, 1), Place(2, "乙", amount, 1))
    assert (rules.next_in_rank(ranking, {"甲"}, price, 105) is not None) is follows


def test_the_page_offers_each_reader_the_steps_that_are_theirs(
    client, awarded, third_agency, steady_agency, waterworks_user, regulator
):
    page = reverse("award_page", args=[awarded.number])
    client.force_login(third_agency.user)
    assert "提交异议" in client.get(page).content.decode()
    client.post(reverse("objection_file", args=[awarded.number]), {"text": "中选价低于成本。"})
    objection = Objection.objects.get()
    for user, steps in (
        (third_agency.user, {"withdraw"}),
        (waterworks_user, {"answer"}),
        (regulator, set()),
        (steady_agency.user, set()),
    ):
        client.force_login(user)
        shown = client.get(page).content.decode()
        assert {
            s for s in ("answer", "complain", "withdraw", "decide", "extend") if f'data-step="{s}"' in shown
        } == steps
    client.force_login(regulator)
    answer = client.post(
        reverse("objection_step", args=[objection.pk, "decide"]), {"text": "早了", "upheld": "1"}, follow=True
    )
    assert "不能进行此操作" in answer.content.decode()
    assert Objection.objects.get().status == ObjectionStatus.FILED
