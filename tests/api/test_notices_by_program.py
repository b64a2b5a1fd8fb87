"""What a member is told of, and where, by a program: saved searches, the grid, bots of groups, the bell."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Membership, Role, User
from accounts.notices import tell
from agencies.models import Agency
from marketplace.models import SavedSearch
from tests.accounts.chat import chatting
from tests.api.calls import program_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-key-1234"


def test_a_search_is_kept_renamed_stopped_and_forgotten(waterworks_user: User, item: object) -> None:
    program, asked = program_of(waterworks_user), {"list": "request_list", "query": "item=TST-01&sort=ceiling"}
    kept = program.post("me/searches/", asked)
    assert (kept.status, kept["query"]) == (201, "item=TST-01")
    path = f"me/searches/{kept['id']}/"
    assert program.put(path, {"name": "水保"})["name"] == "水保"
    assert program.post(path + "stop/")["stopped_at"]
    assert program.post(path + "resume/")["stopped_at"] is None
    assert [one["name"] for one in program.get("me/searches/")["results"]] == ["水保"]
    assert program.delete(path).status == 200
    assert not SavedSearch.objects.exists()


def test_a_search_is_refused_as_on_the_page(waterworks_user: User, swift_agency: Agency) -> None:
    program, asked = program_of(waterworks_user), {"list": "request_list", "query": "item=TST-01"}
    kept = program.post("me/searches/", asked)
    assert program.post("me/searches/", asked)["code"] == "E_SEARCH_KNOWN"
    assert program.post("me/searches/", {**asked, "list": "home"})["code"] == "E_SEARCH_UNKNOWN"
    assert program.post("me/searches/", {**asked, "query": ""})["code"] == "E_SEARCH_EMPTY"
    path = f"me/searches/{kept['id']}/"
    assert program.put(path, {"name": " "})["code"] == "E_SEARCH_UNNAMED"
    stranger = program_of(swift_agency.user)  # type: ignore[attr-defined]
    assert (stranger.put(path, {"name": "我的"}).status, stranger.delete(path).status) == (404, 404)
    assert SavedSearch.objects.count() == 1


def test_the_grid_is_read_changed_and_written_back(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    before = program.get("me/notifications/").json
    without = [box for box in before["on"] if not box.endswith(" mail")]
    assert without != before["on"]
    said = {"on": without, "quiet_from": "22:00", "quiet_until": "07:30"}
    after = program.put("me/notifications/", said).json
    assert (after["on"], after["quiet_from"], after["quiet_until"]) == (without, "22:00", "07:30")
    assert program.get("me/notifications/").json == after


def test_a_wrong_box_and_half_a_night_are_refused(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    before = program.get("me/notifications/").json
    assert list(program.put("me/notifications/", {"on": ["nonsense bell"]})["errors"]) == ["on"]
    half = program.put("me/notifications/", {"on": [], "quiet_from": "22:00"})
    assert (half.status, half["code"]) == (409, "E_QUIET_HOURS")
    assert program.get("me/notifications/").json == before


def test_a_bot_is_set_tried_kept_quiet_and_removed_and_its_address_never_shown(
    waterworks_user: User, settings: Settings
) -> None:
    program = program_of(waterworks_user)
    assert program.post("me/bots/wecom/try/").status == 404
    with chatting() as chat:
        settings.NOTIFY_SINK = chat.url
        made = program.put("me/bots/wecom/", {"address": f"{chat.url}?key=secret-key-1234"})
        assert (made["there"], made["hint"]) == (True, "1234")
        assert program.post("me/bots/wecom/try/").json == {"arrived": True, "said": None}
        chat.answers.append((200, {"errcode": 93000, "errmsg": "invalid webhook url"}))
        assert not program.post("me/bots/wecom/try/")["arrived"]
        assert len(chat.heard) == 2
    quiet = program.put("me/bots/wecom/quiet/", {"quiet_from": "20:00", "quiet_until": "08:00"})
    assert quiet["quiet_until"] == "08:00"
    bots = program.get("me/bots/")
    assert [one["kind"] for one in bots["results"] if one["there"]] == ["wecom"]
    assert "secret-key" not in str(bots.json)
    assert program.delete("me/bots/wecom/").status == 200
    assert not program.get("me/bots/wecom/")["there"]


def test_a_bot_speaks_to_known_hosts_and_is_the_owners(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    assert program.put("me/bots/wecom/", {"address": "https://evil.example/"}).status == 409
    assert program.put("me/bots/irc/", {"address": WECOM}).status == 404
    Membership.objects.update(role=Role.MEMBER)
    for refused in (program.put("me/bots/wecom/", {"address": WECOM}), program.delete("me/bots/wecom/")):
        assert (refused.status, refused["code"]) == (409, "E_BOT_OWNER")


def test_the_bell_counts_what_is_new(waterworks_user: User) -> None:
    program = program_of(waterworks_user)
    assert program.get("me/notices/unread/").json == {"unread": 0}
    tell(waterworks_user.memberships.get().organisation_id, "合同已签订", {}, "/")
    assert program.get("me/notices/unread/").json == {"unread": 1}
    program.post("me/notices/read/")
    assert program.get("me/notices/unread/").json == {"unread": 0}
