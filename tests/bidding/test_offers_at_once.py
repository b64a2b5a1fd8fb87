"""Two at the same moment: a replacement and the deadline, two clocks that open, a key and a share (R6)."""

import json
import threading
from datetime import timedelta

from django.db import connection

import pytest

from accounts.models import Kind
from bidding.actions import advance, open_due_offers, opener, reveal_key, seal_offer
from bidding.clockwork import move_due_requests
from bidding.models import PriceOpening, SealedOffer
from bidding.rules.offers import OffersClosed
from core.clock import database_now
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.bidding import sealing
from tests.bidding.sealing import close, data_of, kinds, made, seal, share
from tests.committed import at_once
from tests.draws.ceremony import Team

pytestmark = pytest.mark.clause("R6")


@pytest.fixture
def team(transactional_db) -> Team:
    return Team.of(3)


@pytest.fixture
def sealed(team) -> Request:
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@waterworks.example", buyer)
    item = cast.service_item("TST-07")
    agencies = [cast.agency(name) for name in ("迅达咨询有限公司", "稳健环境技术有限公司")]
    cast.offers(item, *agencies)
    request = sealing.sealed_request(buyer, item, by, team, *agencies)
    request.bidders = agencies
    return request


@pytest.mark.parametrize("attempt", range(4))
def test_a_replacement_at_the_deadline_is_either_in_force_everywhere_or_nowhere(sealed, team, attempt):
    first, second = sealed.bidders
    seal(first, sealed, "90000.00")
    seal(second, sealed, "95000.00")
    offer, _k = made(first, sealed, "80000.00")
    sent = json.dumps(offer.as_json())
    Request.objects.filter(pk=sealed.pk).update(enrol_until=database_now() + timedelta(milliseconds=60))
    gate = threading.Event()

    def replace() -> str:
        gate.wait(0.05 + attempt * 0.004)
        try:
            seal_offer(None, first, sealed.number, sent)
        except OffersClosed:
            return "late"
        return "in time"

    def tick() -> int:
        made_moves = 0
        while not made_moves:
            made_moves = advance(sealed.number)
        return made_moves

    told, _moves = at_once(replace, tick)
    sealed.refresh_from_db()
    [closed] = data_of(sealed, "offers.closed")
    commitments = {one["commitment"] for one in closed["offers"]}
    assert told in ("late", "in time")
    assert (offer.commitment.hex() in commitments) is (told == "in time")
    share(team, sealed, 0, 1)
    open_due_offers()
    assert sealed.awards.get().amount == cast.yuan("80000.00" if told == "in time" else "90000.00")


def test_two_clocks_close_and_open_once(sealed, team):
    first, second = sealed.bidders
    seal(first, sealed, "90000.00")
    seal(second, sealed, "80000.00")
    sealing.pass_deadline(sealed)
    assert sorted(at_once(move_due_requests, move_due_requests, move_due_requests))[:2] == [0, 0]
    share(team, sealed, 0, 2)
    opened = at_once(open_due_offers, open_due_offers, open_due_offers)
    assert sum(opened) == 1
    assert [kinds(sealed).count(kind) for kind in ("offers.closed", "offers.opened", "award.published")] == [1, 1, 1]


def test_an_opening_that_breaks_off_leaves_everything_as_it_was(sealed, team, monkeypatch):
    """The crash marker: the prices have been read, and the process ends before it commits."""
    first, second = sealed.bidders
    seal(first, sealed, "90000.00")
    seal(second, sealed, "80000.00")
    close(sealed)
    share(team, sealed, 0, 1)
    before = kinds(sealed)

    monkeypatch.setattr(opener, "course_of", lambda _method: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        open_due_offers()
    connection.close()
    assert kinds(sealed) == before
    assert PriceOpening.objects.get().opened_at is None
    assert not SealedOffer.objects.exclude(amount=None).exists()
    monkeypatch.undo()
    assert open_due_offers() == 1
    sealed.refresh_from_db()
    assert (sealed.status, sealed.awards.get().amount) == (RequestStatus.STANDSTILL, cast.yuan("80000.00"))


def test_the_last_key_and_the_last_share_at_once_open_everything_once(sealed, team):
    first, second = sealed.bidders
    k = seal(first, sealed, "90000.00")
    seal(second, sealed, "80000.00")
    close(sealed)
    share(team, sealed, 0)

    at_once(
        lambda: reveal_key(first, sealed.number, k), lambda: share(team, sealed, 1), open_due_offers, open_due_offers
    )
    open_due_offers()
    assert kinds(sealed).count("offers.opened") == 1
    assert sealed.awards.get().winner.agency == second
