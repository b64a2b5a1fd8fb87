"""Sealed prices from the browser's post to the award (R6), and every refusal on the way."""

import json
import secrets

from django.db import IntegrityError, connection, transaction
from django.http import Http404

import pytest

from agencies.models import Agency, Standing
from bidding import offers, queries
from bidding.actions import give_shares, leave, open_due_offers, reveal_key, seal_offer, withdraw_offer
from bidding.models import AuctionStatus, OfferShare, PriceOpening, SealedOffer, Stage
from bidding.rules.enrolment import NotEnrolled
from bidding.rules.offers import (
    KeyGiven,
    KeyUnfit,
    NoOffer,
    NotATrusteeHere,
    OfferMalformed,
    OffersClosed,
    OffersOpened,
    OffersStillShut,
    TakesNoOffers,
)
from journal.awards.prices import check
from journal.envelopes import public_key
from journal.offers import SealedPrice
from marketplace.models import Method, Request, RequestStatus
from tests import cast
from tests.bidding import sealing
from tests.bidding.sealing import close, data_of, in_force, kinds, made, open_prices, seal, share
from tests.draws.ceremony import Team

pytestmark = pytest.mark.clause("R6")


@pytest.fixture
def team(db) -> Team:
    return Team.of(3)


@pytest.fixture
def sealed(waterworks, waterworks_user, item, team, swift_agency, steady_agency) -> Request:
    """Ceiling 100,000.00 yuan, two agencies enrolled, prices open for an hour."""
    return sealing.sealed_request(waterworks, item, waterworks_user, team, swift_agency, steady_agency)


def bring_to_award(request: Request, team: Team) -> None:
    close(request)
    open_prices(team, request)


def test_prices_are_sealed_closed_opened_together_and_the_lowest_wins(sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "90000.00")
    seal(steady_agency, sealed, "80000.00")
    close(sealed)
    assert sealed.status == RequestStatus.SELECTING
    assert sealed.selection.stage == Stage.OPENING
    open_prices(team, sealed)
    award = sealed.awards.get()
    assert (award.winner.agency, award.amount) == (steady_agency, cast.yuan("80000.00"))
    assert sealed.status == RequestStatus.STANDSTILL
    entries = queries.case_entries(sealed.number)
    reveals = next(e for e in entries if e.kind == "selection.closed").data["reveals"]
    check(entries, {one["label"]: one["uscc"] for one in reveals})
    assert queries.result_of(sealed)["competitors"][0]["organisation"] == steady_agency.organisation


def test_a_price_is_replaced_and_only_the_last_one_is_opened(sealed, team, swift_agency, steady_agency):
    first = seal(swift_agency, sealed, "95000.00")
    seal(swift_agency, sealed, "85000.00")
    seal(steady_agency, sealed, "90000.00")
    assert [one["replaces"] for one in data_of(sealed, "offer.sealed")] == [False, True, False]
    bring_to_award(sealed, team)
    assert sealed.awards.get().amount == cast.yuan("85000.00")
    replaced = SealedOffer.objects.get(ended_at__isnull=False)
    assert (replaced.k, replaced.amount) == (None, None)
    assert first.hex() not in json.dumps(data_of(sealed, "offers.opened"))


def test_a_price_is_withdrawn_and_another_may_be_sealed(sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "50000.00")
    withdraw_offer(swift_agency, sealed.number)
    assert in_force(swift_agency) is None
    with pytest.raises(NoOffer):
        withdraw_offer(swift_agency, sealed.number)
    seal(steady_agency, sealed, "90000.00")
    bring_to_award(sealed, team)
    assert sealed.awards.get().winner.agency == steady_agency


def test_who_leaves_takes_the_price_along(sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "50000.00")
    leave(swift_agency, sealed.number)
    assert kinds(sealed)[-2:] == ["offer.withdrawn", "request.left"]
    assert in_force(swift_agency) is None


def test_at_the_deadline_everything_is_refused_by_the_databases_clock(sealed, swift_agency):
    seal(swift_agency, sealed, "90000.00")
    offer, _k = made(swift_agency, sealed, "80000.00")
    sealing.pass_deadline(sealed)
    with pytest.raises(OffersClosed):
        seal_offer(None, swift_agency, sealed.number, json.dumps(offer.as_json()))
    with pytest.raises(OffersClosed):
        withdraw_offer(swift_agency, sealed.number)
    assert kinds(sealed).count("offer.sealed") == 1


def test_only_who_enrolled_seals_and_only_where_prices_are_sealed(sealed, third_agency, published_request):
    offer, _k = made(third_agency, sealed, "80000.00")
    sent = json.dumps(offer.as_json())
    with pytest.raises(NotEnrolled):
        seal_offer(None, third_agency, sealed.number, sent)
    with pytest.raises(TakesNoOffers):
        seal_offer(None, third_agency, published_request.number, sent)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sent: sent.pop("ciphertext"),
        lambda sent: sent.update(price="1.00"),
        lambda sent: sent.update(commitment="00"),
        lambda sent: sent.update(ciphertext=sent["ciphertext"] + "00"),
        lambda sent: sent.update(ciphertext=sent["ciphertext"].upper()),
        lambda sent: sent["envelope"]["shares"].pop(),
        lambda sent: sent["envelope"].update(shares="ab"),
        lambda sent: sent.update(envelope=None),
    ],
)
def test_what_is_no_sealed_price_is_refused(sealed, swift_agency, spoil):
    offer, _k = made(swift_agency, sealed, "80000.00")
    sent = offer.as_json()
    spoil(sent)
    with pytest.raises(OfferMalformed):
        seal_offer(None, swift_agency, sealed.number, json.dumps(sent))
    with pytest.raises(OfferMalformed):
        seal_offer(None, swift_agency, sealed.number, "80000.00")


def test_nothing_is_opened_before_the_deadline(sealed, team, swift_agency):
    k = seal(swift_agency, sealed, "80000.00")
    with pytest.raises(OffersStillShut):
        reveal_key(swift_agency, sealed.number, k)
    with pytest.raises(OffersStillShut):
        give_shares(public_key(team.keys[0]), sealed.number, {})
    row = in_force(swift_agency)
    with pytest.raises(IntegrityError, match="share_between_close_and_opening"), transaction.atomic():
        OfferShare.objects.create(offer=row, number=1, readable=True, share=bytes(32), at=row.at)
    with pytest.raises(IntegrityError, match="offer_stands"), transaction.atomic():
        SealedOffer.objects.filter(pk=row.pk).update(opened_at=row.at, amount=1)


def test_bidders_open_their_own_prices_and_no_trustee_is_needed(sealed, team, swift_agency, steady_agency):
    mine = seal(swift_agency, sealed, "80000.00")
    theirs = seal(steady_agency, sealed, "90000.00")
    close(sealed)
    with pytest.raises(KeyUnfit):
        reveal_key(swift_agency, sealed.number, theirs)
    reveal_key(swift_agency, sealed.number, mine)
    with pytest.raises(KeyGiven):
        reveal_key(swift_agency, sealed.number, mine)
    assert open_due_offers() == 0, "one price is still shut, so none is opened"
    assert "offers.opened" not in kinds(sealed)
    reveal_key(steady_agency, sealed.number, theirs)
    assert open_due_offers() == 1
    assert {one["by"] for one in data_of(sealed, "offers.opened")[0]["offers"]} == {"bidder"}
    with pytest.raises(OffersOpened):
        reveal_key(swift_agency, sealed.number, mine)
    assert sealed.awards.get().winner.agency == swift_agency


def test_two_of_three_trustees_open_what_bidders_keep_back(sealed, team, swift_agency, steady_agency):
    k = seal(swift_agency, sealed, "80000.00")
    seal(steady_agency, sealed, "90000.00")
    close(sealed)
    reveal_key(swift_agency, sealed.number, k)
    share(team, sealed, 0)
    assert open_due_offers() == 0
    share(team, sealed, 2)
    assert open_due_offers() == 1
    [opened] = data_of(sealed, "offers.opened")
    assert sorted(one["by"] for one in opened["offers"]) == ["bidder", "trustees"]
    assert kinds(sealed).count("offers.opened") == 1
    shared = data_of(sealed, "offers.shared")
    assert [one["trustee"] for one in shared] == [1, 3]
    assert all(len(one["readable"]) == 1 for one in shared), "nothing is asked of what its bidder opens"


def test_a_share_counts_once_and_from_trustees_alone(sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "80000.00")
    close(sealed)
    with pytest.raises(NotATrusteeHere):
        give_shares(secrets.token_bytes(32), sealed.number, {})
    with pytest.raises(Http404):
        give_shares(public_key(team.keys[0]), "GS-2026-999999", {})
    label = in_force(swift_agency).enrolment.label
    assert give_shares(public_key(team.keys[0]), sealed.number, {label: bytes(32), "nobody": bytes(32)}) == 1
    assert give_shares(public_key(team.keys[0]), sealed.number, {label: bytes(32)}) == 0
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        OfferShare.objects.update(share=bytes(32))


def test_a_false_share_delays_and_spoils_nothing(sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "80000.00")
    close(sealed)
    label = in_force(swift_agency).enrolment.label
    give_shares(public_key(team.keys[0]), sealed.number, {label: bytes(32)})
    share(team, sealed, 1)
    assert open_due_offers() == 0
    assert not offers.to_try().exists(), "nothing new to look at"
    share(team, sealed, 2)
    assert open_due_offers() == 1
    assert sealed.awards.get().amount == cast.yuan("80000.00")


def test_an_offer_that_nobody_can_open_is_void_only_when_all_trustees_have_answered(
    sealed, team, swift_agency, steady_agency
):
    honest, k = made(swift_agency, sealed, "80000.00")
    other, _other_k = made(swift_agency, sealed, "80000.00")
    false = SealedPrice(honest.commitment, honest.ciphertext, other.envelope)
    seal_offer(None, swift_agency, sealed.number, json.dumps(false.as_json()))
    seal(steady_agency, sealed, "90000.00")
    close(sealed)
    with pytest.raises(KeyUnfit):
        reveal_key(swift_agency, sealed.number, k)
    share(team, sealed, 0, 1)
    assert open_due_offers() == 0, "the third trustee has not answered"
    share(team, sealed, 2)
    assert open_due_offers() == 1
    [void] = [one for one in data_of(sealed, "offers.opened")[0]["offers"] if one["void"]]
    assert void == {
        "label": in_force(swift_agency).enrolment.label,
        "amount": None,
        "nonce": None,
        "by": None,
        "void": "unopened",
        "shares": {"1": None, "2": None, "3": None},
    }
    assert sealed.awards.get().winner.agency == steady_agency


@pytest.mark.parametrize(
    ("amount", "void"), [("100000.01", "above_ceiling"), ("0.00", "not_positive"), ("9e3", "malformed")]
)
def test_a_misfit_is_void_on_record_and_the_others_count(sealed, team, swift_agency, steady_agency, amount, void):
    seal(swift_agency, sealed, amount)
    seal(steady_agency, sealed, "90000.00")
    bring_to_award(sealed, team)
    told = {one["label"]: one["void"] for one in data_of(sealed, "offers.opened")[0]["offers"]}
    assert told[in_force(swift_agency).enrolment.label] == void
    assert sealed.awards.get().winner.agency == steady_agency
    assert queries.result_of(sealed)["void"][0]["organisation"] == swift_agency.organisation


def test_a_price_copied_from_another_is_void(sealed, team, swift_agency, steady_agency):
    offer, _k = made(swift_agency, sealed, "80000.00")
    for agency in (swift_agency, steady_agency):
        seal_offer(None, agency, sealed.number, json.dumps(offer.as_json()))
    bring_to_award(sealed, team)
    assert sorted(str(one["void"]) for one in data_of(sealed, "offers.opened")[0]["offers"]) == ["None", "unfit"]
    assert sealed.awards.get().winner.agency == swift_agency


def test_with_nobody_who_priced_the_selection_fails_at_once(sealed):
    close(sealed)
    assert sealed.status == RequestStatus.FAILED
    assert kinds(sealed)[-3:] == ["offers.closed", "offers.opened", "selection.failed"]
    assert data_of(sealed, "selection.failed")[0]["reason"] == "no_bids"


def test_with_void_prices_alone_it_fails_after_the_opening(sealed, team, swift_agency):
    seal(swift_agency, sealed, "100000.01")
    bring_to_award(sealed, team)
    assert sealed.status == RequestStatus.FAILED


def test_who_is_barred_between_close_and_opening_does_not_win(sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "70000.00")
    seal(steady_agency, sealed, "90000.00")
    close(sealed)
    Agency.objects.filter(pk=swift_agency.pk).update(standing=Standing.SUSPENDED)
    open_prices(team, sealed)
    assert sealed.awards.get().winner.agency == steady_agency
    assert "bidder.barred" in kinds(sealed)


def test_an_opening_overdue_is_late_and_still_waits(sealed, team, swift_agency):
    seal(swift_agency, sealed, "70000.00")
    close(sealed)
    opening = PriceOpening.objects.get()
    assert (opening.late_at - opening.closed_at).total_seconds() == 7200
    PriceOpening.objects.update(late_at=opening.closed_at)
    open_prices(team, sealed)
    assert sealed.awards.get().winner.agency == swift_agency


def test_the_database_keeps_what_was_closed(sealed, team, swift_agency):
    seal(swift_agency, sealed, "70000.00")
    close(sealed)
    row = in_force(swift_agency)
    with pytest.raises(IntegrityError, match="offer_stands"), transaction.atomic():
        SealedOffer.objects.filter(pk=row.pk).update(ended_at=row.at)
    with pytest.raises(IntegrityError, match="offer_before_the_deadline"), transaction.atomic():
        SealedOffer.objects.create(
            request=sealed,
            enrolment=row.enrolment,
            commitment=bytes(32),
            ciphertext=b"",
            envelope={},
            at=row.at,
            ended_at=row.at,
        )
    with pytest.raises(IntegrityError, match="prices_are_closed_and_opened_once"), transaction.atomic():
        PriceOpening.objects.update(root="00" * 32)
    with (
        pytest.raises(IntegrityError, match="none is ever dropped"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM bidding_sealedoffer")


def test_opening_prices_of_a_live_auction_are_closed_and_opened_before_it_begins(
    waterworks, waterworks_user, item, team, swift_agency, steady_agency
):
    request = sealing.sealed_request(
        waterworks, item, waterworks_user, team, swift_agency, steady_agency, method=Method.LIVE
    )
    seal(swift_agency, request, "90000.00")
    close(request)
    assert kinds(request)[-2:] == ["offers.closed", "auction.ready"]
    open_prices(team, request)
    assert request.auction.status == AuctionStatus.READY
    auction = cast.go_live(request)
    assert auction.status == AuctionStatus.LIVE
    assert kinds(request).index("offers.opened") < kinds(request).index("auction.opened")
    assert [one["amount"] for one in data_of(request, "offers.opened")[0]["offers"]] == ["90000.00"]


def test_a_live_auction_does_not_wait_for_opening_prices_that_stay_shut(
    waterworks, waterworks_user, item, team, swift_agency, steady_agency
):
    request = sealing.sealed_request(
        waterworks, item, waterworks_user, team, swift_agency, steady_agency, method=Method.LIVE
    )
    seal(swift_agency, request, "90000.00")
    auction = cast.go_live(request)
    open_prices(team, request)
    auction.refresh_from_db()
    assert auction.status == AuctionStatus.LIVE
    assert "offers.opened" in kinds(request)
