"""I9: nobody decides a case that he opened or is party to. Every deciding action, refused by its rule and by the database."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

import pytest

from accounts.models import Kind, Membership, Organisation, User
from agencies.models import Agency
from bidding import actions
from bidding.actions import confirm_pause, decide_low_price, end_pause, justify_low_price, propose_pause
from bidding.models import Auction, LowReview, Objection, Pause
from bidding.rules.low import DecidesOwnPrice, NotTheBuyer
from bidding.rules.objections import NotYourTurn, PartyDecides
from bidding.rules.pauses import ConfirmsOwnProposal, NotAnOfficer, PartyPauses
from core.clock import database_now
from ratings.actions import complaints, exits, inspections
from ratings.actions.complaints import Finding, Target
from ratings.actions.exits import Outcome
from ratings.models import AppealOutcome, ComplaintKind, Measure
from ratings.queries.inspections import digest_of
from ratings.rules.complaints import ConflictOfInterest
from ratings.rules.exit_refusals import NotAnOfficer as NotAnExitOfficer
from ratings.rules.exit_refusals import SameEyes
from ratings.rules.exits import Ruling
from ratings.rules.inspections import SameInspector
from tests import cast
from tests.bidding.live_parts import server_started
from tests.ratings.court import Court
from tests.ratings.inspecting import Inspectorate, inspectors_of, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.clause("I9")]


def joins(user: User, body: Organisation) -> None:
    """From now on this person belongs there as well."""
    Membership.objects.create(user=user, organisation=body)


def database_refuses(named: str, table: str, pk: int, change: str, *values: Any) -> None:
    with pytest.raises(IntegrityError, match=named), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [*values, pk])


@pytest.fixture
def complained(
    auction: Auction, bid: Any, swift_agency: Agency, steady_agency: Agency, waterworks_user: User
) -> Objection:
    """Steady has won; swift has objected, been answered by the buyer, and complained."""
    bid(auction, swift_agency, "99000.00")
    bid(auction, steady_agency, "92000.00")
    cast.set_close(auction, -1)
    number = auction.request.number or ""
    actions.advance(number)
    filed = actions.file_objection(swift_agency.user, swift_agency.organisation, number, "中选价低于成本。")  # type: ignore[attr-defined]
    actions.answer_objection(waterworks_user, auction.request.buyer, filed.pk, "已核实，报价合理。")
    return actions.complain(swift_agency.organisation, filed.pk, "答复未回应理由。")


def test_a_complaint_about_an_award_is_decided_by_nobody_who_objected_answered_bought_or_won(
    complained: Objection, regulator: User, swift_agency: Agency, steady_agency: Agency, waterworks_user: User
) -> None:
    body = regulator.memberships.get().organisation

    def decide(user: User, by: Organisation = body) -> None:
        actions.decide_complaint(user, by, complained.pk, "理由充分。", upheld=True)

    for party in (swift_agency.user, waterworks_user):  # type: ignore[attr-defined]
        with pytest.raises(NotYourTurn):
            decide(party, party.memberships.get().organisation)
        with pytest.raises(PartyDecides):
            decide(party)  # has become an officer since
        refused = "objection_decider_is_not_party"
        database_refuses(refused, "bidding_objection", complained.pk, "decided_by_id = %s", party.pk)
    for side in (swift_agency.organisation, complained.award.request.buyer, steady_agency.organisation):
        officer = cast.person(f"{side.uscc.lower()}@officer.example", body)
        joins(officer, side)
        with pytest.raises(PartyDecides):
            decide(officer)
    decide(regulator)


def test_a_low_price_is_decided_by_nobody_who_belongs_to_its_bidder(
    complained: Objection, waterworks: Organisation, waterworks_user: User, swift_agency: Agency, regulator: User
) -> None:
    auction = complained.award.request.auction
    number, now = auction.request.number or "", database_now()
    enrolment = auction.request.enrolments.get(agency=swift_agency)
    LowReview.objects.create(
        auction=auction, enrolment=enrolment, amount=1, justify_until=now + timedelta(days=1), justified_at=None
    )
    Auction.objects.filter(pk=auction.pk).update(status="review", due_at=now + timedelta(days=1))
    justify_low_price(swift_agency.organisation, number, "设备自有。")
    for by in (swift_agency.organisation, regulator.memberships.get().organisation):
        with pytest.raises(NotTheBuyer):
            decide_low_price(regulator, by, number, "理由充分。", accepted=True)
    both = cast.person("both@waterworks.example", waterworks)
    joins(both, swift_agency.organisation)
    with pytest.raises(DecidesOwnPrice):
        decide_low_price(both, waterworks, number, "理由充分。", accepted=True)
    assert LowReview.objects.get().decided_at is None


def test_a_pause_is_confirmed_by_nobody_who_proposed_it_buys_or_bids(
    auction: Auction, regulator: User, second_regulator: User, swift_agency: Agency, waterworks: Organisation
) -> None:
    server_started(database_now() - timedelta(days=1))
    number = auction.request.number or ""
    for side in (swift_agency.organisation, waterworks):
        officer = cast.person(f"{side.uscc.lower()}@officer.example", regulator.memberships.get().organisation)
        joins(officer, side)
        for verb in (
            lambda one=officer: propose_pause(one, number, "停电"),
            lambda one=officer: end_pause(one, number),
        ):
            with pytest.raises(PartyPauses):
                verb()
    proposal = propose_pause(regulator, number, "竞价大厅停电")
    with pytest.raises(ConfirmsOwnProposal):
        confirm_pause(regulator, number)
    database_refuses(
        "pause_confirmer_is_not_proposer", "bidding_pause", proposal.pk, "confirmed_by_id = %s", regulator.pk
    )
    database_refuses("pause_by_officers_has_two_and_a_reason", "bidding_pause", proposal.pk, "paused_at = now()")
    with pytest.raises(PartyPauses):
        confirm_pause(officer, number)
    with pytest.raises(NotAnOfficer):
        confirm_pause(swift_agency.user, number)  # type: ignore[attr-defined]
    confirm_pause(second_regulator, number)
    assert Pause.objects.get().paused_at is not None


def test_an_exit_case_is_heard_decided_seconded_and_appealed_by_others_than_before(swift_agency: Agency) -> None:
    court = Court(swift_agency)
    first, second, third, fourth, _fifth = court.officers
    case = court.ripe(Measure.REMOVE)
    ruling = Ruling(Measure.REMOVE, "违法事实成立。", months=24)
    with pytest.raises(SameEyes):
        exits.decide(first, court.body, case.number, ruling)
    with pytest.raises(NotAnExitOfficer):
        exits.decide(court.person, court.party, case.number, ruling)
    joins(fourth, court.party)
    with pytest.raises(NotAnExitOfficer):
        exits.decide(fourth, court.body, case.number, ruling)
    exits.decide(second, court.body, case.number, ruling)
    for one, refusal in ((first, SameEyes), (second, SameEyes), (fourth, NotAnExitOfficer)):
        with pytest.raises(refusal):
            exits.second(one, court.body, case.number, agrees=True)
    exits.second(third, court.body, case.number, agrees=True)
    exits.appeal(court.person, court.party, case.number, "事实有误。")
    for one, refusal in ((first, SameEyes), (second, SameEyes), (third, SameEyes), (fourth, NotAnExitOfficer)):
        with pytest.raises(refusal):
            exits.decide_appeal(one, court.body, case.number, Outcome(AppealOutcome.UPHELD, "维持"))
    for one in (first, second, third):
        database_refuses(
            "appeal_goes_to_a_third_person", "ratings_exitcase", case.pk, "appeal_decided_by_id = %s", one.pk
        )


def test_an_interim_suspension_is_reviewed_by_another_and_never_by_a_member(swift_agency: Agency) -> None:
    court = Court(swift_agency)
    case = court.received()
    made = exits.order_interim(court.officers[0], court.body, case.number, "损害仍在继续")
    joins(court.officers[1], court.party)
    for one, refusal in ((court.officers[0], SameEyes), (court.officers[1], NotAnExitOfficer)):
        with pytest.raises(refusal):
            exits.review_interim(one, court.body, case.number, "维持", keep=True)
    change = "reviewed_by_id = ordered_by_id, reviewed_at = now()"
    database_refuses("interim_is_reviewed_by_another", "ratings_interim", made.pk, change)


def test_a_complaint_is_decided_by_nobody_who_filed_it_or_belongs_to_a_side(swift_agency: Agency) -> None:
    body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
    elsewhere = cast.organisation(Kind.REGULATOR, "市市场监督管理局")
    filer = cast.person("filer@desk.example", elsewhere)
    member, handler = (cast.person(f"officer{n}@desk.example", body) for n in range(2))
    joins(member, swift_agency.organisation)
    target = Target(ComplaintKind.AGENCY, agency=swift_agency)
    filed = complaints.file_complaint(filer, target, "报告由别的公司代做。")
    complaints.accept(handler, body, filed.number)
    for one, by in ((filer, elsewhere), (member, body)):
        with pytest.raises(ConflictOfInterest):
            complaints.decide_complaint(one, by, filed.number, Finding(False, "经查，按约定交付。"))
    change = "status = 'dismissed', due_at = NULL, reasons = 'x', decided_at = now(), decided_by_id = filed_by_id"
    database_refuses("complainer_does_not_decide", "ratings_complaint", filed.pk, change)
    complaints.decide_complaint(handler, body, filed.number, Finding(False, "经查，按约定交付。"))


def test_an_inspection_is_confirmed_by_another_than_reported_it(regulator: User, swift_agency: Agency) -> None:
    office = Inspectorate.with_inspectors(regulator.memberships.get().organisation, regulator, 3)
    plan = office.drawn(1)
    one = plan.inspections.get()
    first, _second = inspectors_of(one)
    inspections.report(first, plan.number, one.agency.uscc, sheet())
    one.refresh_from_db()
    with pytest.raises(SameInspector):
        inspections.confirm(first, plan.number, one.agency.uscc, digest_of(one))
    change = "published_at = now(), confirmed_by_id = reported_by_id"
    database_refuses("inspection_is_published_by_two", "ratings_inspection", one.pk, change)
