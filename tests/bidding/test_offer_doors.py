"""The doors of sealed prices: what a page shows to whom, and what a post does."""

import json

import pytest

from accounts.tasks import tasks_of
from bidding.models import PriceOpening
from core.clock import database_now
from marketplace.models import Method, Request
from tests import cast
from tests.bidding import sealing
from tests.bidding.sealing import close, made, open_prices, seal, share
from tests.draws.ceremony import Team

pytestmark = pytest.mark.clause("R6")


@pytest.fixture
def team(db) -> Team:
    return Team.of(3)


@pytest.fixture
def sealed(waterworks, waterworks_user, item, team, swift_agency, steady_agency) -> Request:
    return sealing.sealed_request(waterworks, item, waterworks_user, team, swift_agency, steady_agency)


def page(client, request: Request, user=None) -> str:
    client.logout()
    if user is not None:
        client.force_login(user)
    return client.get(f"/r/{request.number}/").content.decode()


def test_a_bidder_seals_by_post_and_sees_its_state_and_nobody_else_does(
    client, sealed, swift_agency, waterworks_user, regulator, operator
):
    shown = page(client, sealed, swift_agency.user)
    assert "data-seal" in shown
    assert "JavaScript" in shown
    offer, _k = made(swift_agency, sealed, "81234.56")
    answer = client.post(f"/r/{sealed.number}/offer/", {"offer": json.dumps(offer.as_json())}, follow=True)
    assert "报价已密封" in answer.content.decode()
    assert "可替换至" in page(client, sealed, swift_agency.user)
    for user in (None, waterworks_user, regulator, operator):
        shown = page(client, sealed, user)
        assert "可替换至" not in shown
        assert 'data-kind="offer.sealed"' not in shown, "a page counts no offers before the deadline"
        assert 'data-kind="offers.arranged"' in shown


def test_refusals_are_said_on_the_page(client, sealed, swift_agency, third_agency, waterworks_user):
    offer, k = made(swift_agency, sealed, "81234.56")
    sent = {"offer": json.dumps(offer.as_json())}
    for user, post, path, said in (
        (third_agency.user, sent, "offer/", "没有报名"),
        (waterworks_user, sent, "offer/", "机构"),
        (swift_agency.user, {"offer": "81234.56"}, "offer/", "格式不正确"),
        (swift_agency.user, {"offer": "x" * 9000}, "offer/", "格式不正确"),
        (swift_agency.user, {}, "offer/withdraw/", "没有有效的密封报价"),
        (swift_agency.user, {"key": k.hex()}, "offer/key/", "尚未截止"),
        (swift_agency.user, {"key": "secret"}, "offer/key/", "密钥不能打开"),
    ):
        client.force_login(user)
        answer = client.post(f"/r/{sealed.number}/{path}", post, follow=True)
        assert said in answer.content.decode(), (path, said)
    client.logout()
    assert client.post(f"/r/{sealed.number}/offer/", sent).status_code == 302
    client.force_login(swift_agency.user)
    assert client.get(f"/r/{sealed.number}/offer/").status_code == 405
    assert client.post("/r/GS-2026-000000/offer/", sent).status_code == 404


def test_after_the_deadline_the_stage_is_public_and_the_evidence_after_the_opening(
    client, sealed, team, swift_agency, steady_agency, waterworks_user
):
    k = seal(swift_agency, sealed, "81234.56")
    seal(steady_agency, sealed, "100000.01")
    close(sealed)
    shown = page(client, sealed)
    assert 'data-testid="offers-stage"' in shown
    assert 'data-testid="offers-late"' not in shown
    assert client.get(f"/r/{sealed.number}/offers.json").status_code == 404
    PriceOpening.objects.update(late_at=PriceOpening.objects.get().closed_at)
    assert 'data-testid="offers-late"' in page(client, sealed, waterworks_user)
    client.force_login(swift_agency.user)
    answer = client.post(f"/r/{sealed.number}/offer/key/", {"key": k.hex()}, follow=True)
    assert 'data-testid="key-given"' in answer.content.decode()
    open_prices(team, sealed)
    shown = page(client, sealed)
    assert "¥81,234.56" in shown
    assert "报价高于最高限价" in shown
    evidence = client.get(f"/r/{sealed.number}/offers.json").json()
    assert len(evidence["offers"]) == 2
    assert evidence["trustees"]["threshold"] == 2
    award = client.get(f"/awards/{sealed.number}/").content.decode()
    assert "¥81,234.56" in award
    assert 'data-testid="void-offer"' in award
    assert "竞价大厅" not in award


def test_desks_say_what_is_to_do(client, sealed, team, swift_agency, steady_agency):
    def asked(organisation) -> list[str]:
        return [task.what for task in tasks_of(organisation, database_now())]

    assert "密封报价" in asked(swift_agency.organisation)
    seal(swift_agency, sealed, "81234.56")
    assert "报价已密封，截止前可替换" in asked(swift_agency.organisation)
    client.force_login(swift_agency.user)
    assert client.get("/desk/").status_code == 200
    trustee = team.users[0].trusteeships.get().organisation
    assert "保管人开启报价" not in asked(trustee)
    close(sealed)
    assert "开启报价" in asked(swift_agency.organisation)
    assert "开启报价" not in asked(steady_agency.organisation), "who sealed nothing opens nothing"
    assert "保管人开启报价" in asked(trustee)
    assert "badge-soon" in client.get("/desk/").content.decode(), "the stage of what goes on"
    share(team, sealed, 0)
    assert "保管人开启报价" not in asked(trustee)


def test_a_trustee_opens_everything_with_one_post(client, sealed, team, swift_agency, steady_agency):
    seal(swift_agency, sealed, "81234.56")
    seal(steady_agency, sealed, "91234.56")
    close(sealed)
    client.force_login(team.users[0])
    shown = client.get("/trustee/").content.decode()
    assert f"offers:{sealed.number}" in shown
    labels = [one["label"] for one in sealing.data_of(sealed, "offers.closed")[0]["offers"]]
    for wrong in ("no json", json.dumps({f"offers:{sealed.number}": {labels[0]: "00"}}), json.dumps([1])):
        assert client.post("/trustee/open/", {"shares": wrong}).status_code == 400
    assert client.post("/trustee/open/", {"shares": json.dumps({"nothing:x": {}})}).status_code == 404
    answers = {f"offers:{sealed.number}": {labels[0]: "ab" * 32, labels[1]: None}}
    answer = client.post("/trustee/open/", {"shares": json.dumps(answers)}, follow=True)
    assert "已提交您的 2 个份额" in answer.content.decode()
    [told] = sealing.data_of(sealed, "offers.shared")
    assert (told["readable"], told["unreadable"]) == ([labels[0]], [labels[1]])


def test_a_bidder_finds_its_opening_price_in_the_live_room_too_and_is_led_back_there(
    client, waterworks, waterworks_user, item, team, swift_agency, steady_agency
):
    request = sealing.sealed_request(
        waterworks, item, waterworks_user, team, swift_agency, steady_agency, method=Method.LIVE
    )
    room = f"/r/{request.number}/room/"
    client.force_login(swift_agency.user)
    assert "data-seal" in client.get(room).content.decode()
    offer, k = made(swift_agency, request, "81234.56")
    sent = {"offer": json.dumps(offer.as_json()), "from": "room"}
    answer = client.post(f"/r/{request.number}/offer/", sent)
    assert answer.url == room
    assert "可替换至" in client.get(room).content.decode()
    assert (
        client.post(f"/r/{request.number}/offer/", {**sent, "from": "//elsewhere.example"}).url != "//elsewhere.example"
    )
    close(request)
    shown = client.get(room).content.decode()
    assert "data-reveal-key" in shown
    assert client.post(f"/r/{request.number}/offer/key/", {"key": k.hex(), "from": "room"}).url == room
    assert 'data-testid="key-given"' in client.get(room).content.decode()
    for user in (waterworks_user, None):
        client.logout()
        if user:
            client.force_login(user)
        assert 'class="room-offers"' not in client.get(room).content.decode()
    open_prices(team, request)
    cast.go_live(request)
    client.force_login(swift_agency.user)
    assert 'class="room-offers"' not in client.get(room).content.decode()
