"""Equal lowest prices are drawn, by a draw that opens only once the tie is known (R3, R4)."""

import secrets
from datetime import timedelta

from django.db import transaction

import pytest

from agencies.models import Agency, Standing
from bidding.actions import advance
from bidding.models import Selection, Stage
from core.clock import database_now
from draws.actions import contribute, reveal
from draws.clockwork import do_due_draws
from draws.models import Draw, Trustee
from draws.queries import trustees_of
from journal.actions import lock_case
from journal.contributions import Contribution
from journal.draw import verify_draw
from marketplace.models import Request, RequestStatus
from tests.bidding import sealing
from tests.bidding.sealing import close, kinds, open_prices, seal
from tests.draws.ceremony import Team, let_pass

pytestmark = pytest.mark.clause("R3", "R4")


@pytest.fixture
def team(db) -> Team:
    return Team.of(3)


@pytest.fixture
def tied(waterworks, waterworks_user, item, team, swift_agency, steady_agency, third_agency) -> Request:
    """Two of three have sealed the same lowest price, and it has been opened."""
    agencies = (swift_agency, steady_agency, third_agency)
    request = sealing.sealed_request(waterworks, item, waterworks_user, team, *agencies)
    for agency, amount in zip(agencies, ("80000.00", "80000.00", "90000.00"), strict=True):
        seal(agency, request, amount)
    close(request)
    open_prices(team, request)
    return request


def give_randomness(request: Request, user, *identities: str) -> dict[str, bytes]:
    draw = Draw.objects.get(name=f"{request.number}-T1")
    own = {identity: secrets.token_bytes(32) for identity in identities}
    with transaction.atomic():
        held = lock_case(request.number or "")
        for identity, r in own.items():
            made = Contribution.of(identity, r, trustees_of(draw))
            contribute(held, draw, identity, identity, user, made.committed, made.envelope)
    return own


def pass_close(request: Request) -> None:
    let_pass(timedelta(hours=2))
    Selection.objects.filter(request=request).update(due_at=database_now())
    advance(request.number or "")
    request.refresh_from_db()


def test_the_tied_are_drawn_and_the_first_drawn_wins(tied, waterworks_user, swift_agency, steady_agency, third_agency):
    draw = Draw.objects.get()
    assert (draw.name, draw.compulsory) == (f"{tied.number}-T1", ["buyer", "platform", "regulator"])
    assert tied.selection.stage == Stage.DRAWING
    own = give_randomness(tied, waterworks_user, "buyer", "regulator")
    pass_close(tied)
    with transaction.atomic():
        held = lock_case(tied.number)
        for identity, r in own.items():
            reveal(held, Draw.objects.get(), identity, r)
    assert do_due_draws() == 1
    assert advance(tied.number) == 1
    tied.refresh_from_db()
    draw.refresh_from_db()
    assert tied.status == RequestStatus.STANDSTILL
    assert tied.awards.get().winner.label == draw.result["order"][0]
    assert tied.awards.get().winner.agency in (swift_agency, steady_agency)
    assert len(draw.result["order"]) == 2, "who priced higher is not in the draw"
    verify_draw(draw.result, seal=draw.seal, compulsory=("buyer", "regulator", "platform"))


def test_a_missing_compulsory_contribution_delays_the_draw_and_nothing_is_sealed(tied, waterworks_user):
    give_randomness(tied, waterworks_user, "buyer")
    pass_close(tied)
    assert "draw.extended" in kinds(tied)
    assert Draw.objects.get().sealed_at is None
    give_randomness(tied, waterworks_user, "regulator")
    pass_close(tied)
    assert Draw.objects.get().sealed_at is not None


def test_who_is_barred_before_the_seal_leaves_the_other_without_a_draw(
    tied, waterworks_user, swift_agency, steady_agency
):
    Agency.objects.filter(pk=swift_agency.pk).update(standing=Standing.REMOVED)
    pass_close(tied)
    assert tied.awards.get().winner.agency == steady_agency
    assert "draw.sealed" not in kinds(tied)


def test_without_trustees_the_tie_waits_for_some(waterworks, waterworks_user, item, team, swift_agency, steady_agency):
    request = sealing.sealed_request(waterworks, item, waterworks_user, team, swift_agency, steady_agency)
    for agency in (swift_agency, steady_agency):
        seal(agency, request, "80000.00")
    close(request)
    sealing.share(team, request, 0, 1)
    Trustee.objects.update(retired_at=database_now())
    open_prices(Team(), request)
    assert request.selection.stage == Stage.DRAWING
    assert not Draw.objects.exists()
    Trustee.objects.update(retired_at=None)
    pass_close(request)
    assert Draw.objects.get().name == f"{request.number}-T1"
