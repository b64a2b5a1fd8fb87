"""What was sealed for one notice binds nobody under another, and draws close when enrolment does (R3, R4, R6)."""

from django.db import transaction

import pytest

from bidding.actions import change
from bidding.models import SealedOffer
from core.clock import from_rfc3339
from draws.actions import open_draw
from draws.models import Draw
from journal.actions import lock_case
from journal.awards.outcome import CaseEntry
from journal.awards.prices import valid_prices
from marketplace.models import Method
from tests import cast
from tests.bidding import sealing
from tests.bidding.sealing import close, kinds, open_prices, seal
from tests.draws.ceremony import Team


@pytest.fixture
def team(db) -> Team:
    return Team.of(3)


@pytest.fixture
def sealed(waterworks, waterworks_user, item, team, swift_agency, steady_agency):
    return sealing.sealed_request(waterworks, item, waterworks_user, team, swift_agency, steady_agency)


def test_a_price_sealed_before_a_change_is_withdrawn_on_record_and_given_anew(
    waterworks, sealed, team, swift_agency, steady_agency
):
    seal(swift_agency, sealed, "70000.00")
    seal(steady_agency, sealed, "80000.00")
    change(waterworks, sealed.number, {"term_workdays": 45}, "现场条件变化")
    assert not SealedOffer.objects.filter(enrolment__request=sealed, ended_at__isnull=True).exists()
    assert kinds(sealed)[-3:] == ["request.changed", "offer.withdrawn", "offer.withdrawn"]
    seal(steady_agency, sealed, "85000.00")
    sealed.refresh_from_db()
    close(sealed)
    open_prices(team, sealed)
    sealed.refresh_from_db()
    assert sealed.awards.get().amount == cast.yuan("85000.00")
    entries = [CaseEntry(e.seq, "", e.kind, e.data) for e in sealing.entries_of(sealed.number)]
    assert list(valid_prices(entries).values()) == [cast.yuan("85000.00")]


def test_the_draw_of_entrants_closes_with_the_new_deadline(waterworks, waterworks_user, item, team):
    request = cast.published(waterworks, item, waterworks_user, method=Method.DRAW)
    with transaction.atomic():
        held = lock_case(request.number)
        open_draw(held, f"{request.number}-D", "抽取", request.enrol_until, {"buyer", "regulator"})
    change(waterworks, request.number, {"term_workdays": 45}, "现场条件变化")
    request.refresh_from_db()
    assert Draw.objects.get().closes_at == request.enrol_until
    [moved] = [e.data for e in sealing.entries_of(request.number) if e.kind == "draw.extended"]
    assert from_rfc3339(moved["closes_at"]) == request.enrol_until
