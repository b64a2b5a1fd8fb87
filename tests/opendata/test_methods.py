"""Each selection method, to each of its ends, as OCDS that the schemas, libcoveocds and ocdsmerge accept."""

from typing import Any

import pytest

from agencies.models import Agency, Grade
from bidding import actions
from bidding.actions import advance, ask, cancel, change, confirm, decline, decline_award, pick
from bidding.models import Auction, Award
from core.clock import database_now
from marketplace.models import Method, Request, ServiceItem
from tests import cast
from tests.bidding import lots, sealing, valuing
from tests.bidding.lots import Play, agencies, scored, staged
from tests.draws.ceremony import Team
from tests.opendata.checks import compiled, judged

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1", "P22.2")]


def tags(number: str) -> list[str]:
    return [tag for one in judged(number) for tag in one["tag"]]


def party(agency: Agency) -> str:
    return f"CN-USCI-{agency.uscc}"


def ended(auction: Auction) -> str:
    cast.set_close(auction, -1)
    advance(auction.request.number or "")
    return auction.request.number or ""


@pytest.fixture
def live(auction, bid, swift_agency, steady_agency, third_agency) -> str:
    """Steady won at 92,000; third offered 94,000, swift 99,000. The standstill runs."""
    for agency, amount in ((swift_agency, "99000"), (third_agency, "94000"), (steady_agency, "92000")):
        assert bid(auction, agency, amount).refusal is None
    return ended(auction)


def test_a_live_auction_has_bids_under_labels_and_names_nobody_until_it_ends(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    bid(auction, swift_agency, "97000")
    found = compiled(auction.request.number)
    said = {one["value"]["amount"]: one for one in found["bids"]["details"]}
    assert set(said) == {97000, 98000}
    assert said[97000]["openingValue"]["amount"] == 99000
    assert not any("tenderers" in one for one in found["bids"]["details"])
    assert "tenderers" not in found["tender"]
    assert [one["roles"] for one in found["parties"]] == [["buyer", "procuringEntity", "payer"]]
    assert found["tender"]["status"] == "active"


def test_at_the_end_of_an_auction_names_bids_and_award_are_open(live, steady_agency, swift_agency, third_agency):
    found = compiled(live)
    assert found["tender"]["procurementMethod"] == "open"
    assert found["tender"]["procurementMethodDetails"] == "网上竞价"
    assert (found["tender"]["status"], found["tender"]["numberOfTenderers"]) == ("complete", 3)
    by = {one["tenderers"][0]["id"]: one["value"]["amount"] for one in found["bids"]["details"]}
    assert by == {party(steady_agency): 92000, party(third_agency): 94000, party(swift_agency): 99000}
    [award] = found["awards"]
    assert (award["status"], award["value"], award["suppliers"][0]["id"]) == (
        "pending",
        {"amount": 92000, "currency": "CNY"},
        party(steady_agency),
    )
    winner = next(one for one in found["parties"] if one["id"] == party(steady_agency))
    assert winner["identifier"] == {
        "scheme": "CN-USCI",
        "id": steady_agency.uscc,
        "legalName": steady_agency.organisation.name,
    }
    assert winner["roles"] == ["tenderer", "supplier"]


def test_who_entered_and_never_bid_is_interested_and_no_tenderer(
    auction, bid, swift_agency, steady_agency, third_agency
):
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    found = compiled(ended(auction))
    roles = {one["id"]: one["roles"] for one in found["parties"]}
    assert roles[party(third_agency)] == ["interestedParty"]
    assert found["tender"]["numberOfTenderers"] == 2
    assert party(third_agency) not in {one["id"] for one in found["tender"]["tenderers"]}


def test_the_item_the_place_and_the_money_are_in_the_notice(live, item, waterworks):
    found = compiled(live)
    [what] = found["tender"]["items"]
    assert what["classification"]["id"] == item.code
    assert what["deliveryLocation"]["gazetteer"]["identifiers"] == ["620100"]
    assert what["deliveryAddress"]["region"] == "兰州市"
    assert found["tender"]["value"] == {"amount": 100000, "currency": "CNY"}
    assert found["buyer"]["name"] == waterworks.name
    assert found["ocid"] == f"ocds-000000-{live}"


def test_an_auction_without_bids_is_unsuccessful(auction):
    found = compiled(ended(auction))
    assert (found["tender"]["status"], found["tender"]["statusDetails"]) == ("unsuccessful", "no_bids")
    assert found["tender"]["numberOfTenderers"] == 0
    assert "awards" not in found


def test_a_final_award_is_active(live):
    Award.objects.update(standstill_until=database_now())
    advance(live)
    assert "awardUpdate" in tags(live)
    assert compiled(live)["awards"][0]["status"] == "active"


def test_an_upheld_objection_cancels_the_award_and_the_next_in_rank_has_one_of_its_own(
    live, swift_agency, third_agency, waterworks, waterworks_user, regulator
):
    objection = actions.file_objection(swift_agency.user, swift_agency.organisation, live, "中选价低于成本。")
    actions.answer_objection(waterworks_user, waterworks, objection.pk, "已核实，报价合理。")
    actions.complain(swift_agency.organisation, objection.pk, "答复未回应理由。")
    body = regulator.memberships.get().organisation
    actions.decide_complaint(regulator, body, objection.pk, "理由充分。", upheld=True)
    assert tags(live)[-3:] == ["award", "awardCancellation", "award"]
    fallen, following = compiled(live)["awards"]
    assert (fallen["status"], following["status"]) == ("cancelled", "pending")
    assert following["suppliers"][0]["id"] == party(third_agency)
    assert fallen["id"] != following["id"]
    assert fallen["amendments"][0]["rationale"]


def test_a_winner_that_declines_leaves_a_cancelled_award(live, steady_agency):
    decline_award(steady_agency.organisation, live, "人员不足")
    first = compiled(live)["awards"][0]
    assert (first["status"], first["amendments"][0]["rationale"]) == ("cancelled", "人员不足")


def test_a_cancelled_request_is_a_cancelled_tender(published_request, waterworks):
    cancel(waterworks, published_request.number, "项目停建")
    assert tags(published_request.number)[-1] == "tenderCancellation"
    tender = compiled(published_request.number)["tender"]
    assert (tender["status"], tender["amendments"][0]["rationale"]) == ("cancelled", "项目停建")


def test_a_notice_of_change_amends_the_tender(waterworks, waterworks_user, item):
    play = staged(Method.LIVE, item, [], buyer=waterworks)
    change(waterworks, play.number, {"ceiling": cast.yuan("95000.50"), "term_workdays": 25}, "现场踏勘后工作量增加")
    assert tags(play.number) == ["planning", "tender", "tenderAmendment"]
    tender = compiled(play.number)["tender"]
    assert (tender["value"]["amount"], tender["termWorkdays"]) == (95000.5, 25)
    [amendment] = tender["amendments"]
    assert amendment["rationale"] == "现场踏勘后工作量增加"
    assert amendment["amendsReleaseID"] == judged(play.number)[0]["id"]
    assert amendment["releaseID"] == judged(play.number)[-1]["id"]


def test_questions_and_answers_are_enquiries(published_request, swift_agency, waterworks, waterworks_user):
    asked = ask(swift_agency, published_request.number, "是否提供地形图？")
    actions.answer(waterworks_user, waterworks, published_request.number, asked.n, "提供。")
    [enquiry] = compiled(published_request.number)["tender"]["enquiries"]
    assert (enquiry["description"], enquiry["answer"]) == ("是否提供地形图？", "提供。")


def test_sealed_prices_are_counted_at_the_deadline_and_open_with_their_names_at_the_end(
    waterworks, waterworks_user, item, swift_agency, steady_agency
):
    team = Team.of(3)
    request = sealing.sealed_request(waterworks, item, waterworks_user, team, swift_agency, steady_agency)
    sealing.seal(swift_agency, request, "90000.00")
    sealing.seal(steady_agency, request, "80000.00")
    assert "details" not in compiled(request.number)["bids"]
    sealing.close(request)
    assert [one["status"] for one in compiled(request.number)["bids"]["details"]] == ["pending", "pending"]
    sealing.open_prices(team, request)
    found = compiled(request.number)
    by = {one["tenderers"][0]["id"]: one["value"]["amount"] for one in found["bids"]["details"]}
    assert by == {party(swift_agency): 90000, party(steady_agency): 80000}
    assert found["awards"][0]["suppliers"][0]["id"] == party(steady_agency)


def test_a_selection_by_mean(item):
    play = valuing.averaged(item, lots.agencies(5))
    play.price("80000.00", "81000.00", "82000.00", "83000.00", "20000.00")
    play.contribute()
    play.end_enrolment()
    play.open_prices()
    play.reveal()
    play.make_draw()
    found = compiled(play.number)
    assert found["tender"]["procurementMethod"] == "open"
    assert found["tender"]["numberOfTenderers"] == 5
    assert found["awards"][0]["suppliers"][0]["id"] == party(play.award.winner.agency)


def test_a_selection_by_merit(item):
    valuing.pool(5)
    entrants = lots.agencies(3)
    for one, k in zip(entrants, ("90.0", "80.0", "70.0"), strict=True):
        scored(one, k, Grade.B)
    play = valuing.by_merit(item, entrants)
    play.price("80000.00", "70000.00", "60000.00")
    play.plan()
    for seat in play.seat_experts():
        play.mark(seat)
    play.open_prices()
    found = compiled(play.number)
    assert found["tender"]["awardCriteria"] == "ratedCriteria"
    assert found["awards"][0]["suppliers"][0]["id"] == party(play.award.winner.agency)


def test_a_draw_has_a_bid_of_everybody_who_entered_and_no_price(item):
    play = staged(Method.DRAW, item, agencies(3))
    play.contribute()
    play.end_enrolment()
    play.draw_it()
    found = compiled(play.number)
    assert len(found["bids"]["details"]) == found["tender"]["numberOfTenderers"] == 3
    assert not any("value" in one for one in found["bids"]["details"])
    assert found["awards"][0]["suppliers"][0]["id"] == party(play.award.winner.agency)


def test_a_selection_by_credit_opens_the_short_list_first(item):
    six = [scored(one, *score) for one, score in zip(agencies(6), _GRADES, strict=True)]
    play = staged(Method.CREDIT_DRAW, item, six)
    play.contribute()
    play.end_enrolment()
    order = play.draw_it()
    found = compiled(play.number)
    assert found["tender"]["procurementMethod"] == "selective"
    assert len(found["tender"]["tenderers"]) == 3
    pick(play.buyer, play.number, order[0], "业绩与本项目最相近")
    found = compiled(play.number)
    assert found["tender"]["numberOfTenderers"] == 6
    assert found["awards"][0]["suppliers"][0]["id"] == party(play.award.winner.agency)


_GRADES = (
    ("92.0", Grade.A),
    ("88.0", Grade.A),
    ("84.0", Grade.B),
    ("81.0", Grade.B),
    ("66.0", Grade.C),
    ("50.0", Grade.D),
)


def asked_directly(item: ServiceItem, agency: Agency) -> Play:
    reason = "已完成本项目前期勘察，熟悉场地条件"
    named: dict[str, Any] = {
        "direct_agency": agency,
        "direct_price": cast.yuan("86000.00"),
        "direct_reason": reason,
    }
    play = staged(Method.DIRECT, item, [agency], **named)
    advance(play.number)
    return play


def test_a_direct_selection_says_why(item, swift_agency):
    play = asked_directly(item, swift_agency)
    confirm(swift_agency.user, swift_agency, play.number)
    found = compiled(play.number)
    assert found["tender"]["procurementMethod"] == "direct"
    assert found["tender"]["procurementMethodRationale"] == "已完成本项目前期勘察，熟悉场地条件"
    assert found["awards"][0]["value"]["amount"] == 86000


def test_a_direct_selection_that_is_declined_is_unsuccessful(item, swift_agency):
    play = asked_directly(item, swift_agency)
    decline(swift_agency, play.number, "近期任务饱满，无法承接")
    assert compiled(play.number)["tender"]["status"] == "unsuccessful"


def test_a_request_that_follows_a_failed_one_points_at_it(auction, waterworks, waterworks_user, item):
    failed = ended(auction)
    play = staged(Method.LIVE, item, [], buyer=waterworks, title=Request.objects.get(number=failed).title)
    [before] = compiled(play.number)["relatedProcesses"]
    assert (before["relationship"], before["identifier"]) == (["unsuccessfulProcess"], f"ocds-000000-{failed}")
