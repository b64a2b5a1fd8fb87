"""Files are taken in by two presses: what was previewed, by whom it was shown to."""

from datetime import timedelta

from django.utils.timezone import localdate

import pytest

from accounts.models import User
from agencies.models import Agency
from marketplace.models import Request
from ratings.models import ListImport
from tests.api.calls import program_of
from tests.opendata.test_importing import TENDER, as_bytes, release
from tests.ratings.test_lists import HEADER, line

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]
LISTING = {
    "name": "严重失信主体名单",
    "authority": "国家税务总局",
    "published_on": "2026-09-01",
    "source": "https://tax.example.cn/list/2026-09",
}


def test_tenders_become_drafts_after_they_were_looked_at(waterworks_user: User, item: object) -> None:
    program = program_of(waterworks_user)
    whole = {**TENDER, "items": [{"id": "1", "description": "无此事项", "deliveryAddress": {"region": "兰州市"}}]}
    shown = program.send("me/tenders/preview/", ("tenders.json", as_bytes(release(tender=whole))))
    [tender] = shown["tenders"]
    assert (tender["takeable"], tender["asks_for_an_item"], tender["known_id"]) == (True, True, None)
    assert not Request.objects.exists()
    said = {"sealed": shown["sealed"], "take": [0]}
    assert program.post("me/tenders/", said)["code"] == "E_IMPORT_NONE"
    made = program.post("me/tenders/", {**said, "items": [{"n": 0, "item": "TST-01"}]})
    assert made.status == 201, made.json
    [draft] = made["drafts"]
    assert (draft["title"], draft["item"]) == (TENDER["title"], "TST-01")
    assert program.get(f"me/drafts/{draft['id']}/").status == 200
    again = program.send("me/tenders/preview/", ("tenders.json", as_bytes(release(tender=whole))))
    assert again["tenders"][0]["known_id"] == draft["id"]


def test_what_was_shown_to_another_buyer_is_not_taken(waterworks_user: User, river_officer: User, item: object) -> None:
    shown = program_of(waterworks_user).send("me/tenders/preview/", ("tenders.json", as_bytes(release())))
    refused = program_of(river_officer).post("me/tenders/", {"sealed": shown["sealed"], "take": [0]})
    assert (refused.status, refused["code"]) == (409, "E_IMPORT_EXPIRED")
    assert not Request.objects.exists()


def test_what_is_no_file_of_tenders_is_refused(waterworks_user: User, swift_agency: Agency) -> None:
    program = program_of(waterworks_user)
    assert program.send("me/tenders/preview/", ("a.json", b"{"))["code"] == "E_IMPORT_JSON"
    assert program.send("me/tenders/preview/", ("a.json", b"{}"))["code"] == "E_IMPORT_OCDS"
    assert list(program.post("me/tenders/preview/", {})["errors"]) == ["file"]
    stranger = program_of(swift_agency.user)  # type: ignore[attr-defined]
    assert stranger.send("me/tenders/preview/", ("a.json", as_bytes(release()))).status == 404


def test_a_list_is_previewed_and_taken_in_by_the_same_officer(
    regulator: User, second_regulator: User, swift_agency: Agency
) -> None:
    first, second = program_of(regulator), program_of(second_regulator)
    content = HEADER + line(swift_agency.organisation.name, swift_agency.uscc) + line("坏", "123")
    shown = first.send("regulator/lists/preview/", ("名单.csv", content.encode()), **LISTING)
    assert [row["agency"]["uscc"] for row in shown["matched"]] == [swift_agency.uscc]
    assert [(row["row"], row["why"]) for row in shown["bad"]] == [(3, "bad_code")]
    assert not ListImport.objects.exists()
    key = {"key": shown["key"]}
    assert second.post("regulator/lists/", key)["code"] == "E_LIST_EXPIRED"
    taken = first.post("regulator/lists/", key)
    assert (taken["new"], taken["edition"]["rows"]) == (True, 1)
    assert first.post("regulator/lists/", key)["code"] == "E_LIST_EXPIRED"
    assert first.get("regulator/lists/")["results"][0]["sha256"] == taken["edition"]["sha256"]
    assert first.get("regulator/list-flags/")["results"][0]["agency"]["uscc"] == swift_agency.uscc


def test_a_list_is_refused_as_on_the_page(regulator: User, waterworks_user: User) -> None:
    program = program_of(regulator)
    tomorrow = f"{localdate() + timedelta(days=1)}"
    wrong = program.send(
        "regulator/lists/preview/", ("a.csv", HEADER.encode()), **{**LISTING, "published_on": tomorrow}
    )
    assert list(wrong["errors"]) == ["published_on"]
    assert program.send("regulator/lists/preview/", ("a.csv", HEADER.encode()), **LISTING)["code"] == "E_LIST_EMPTY"
    stranger = program_of(waterworks_user)
    assert stranger.send("regulator/lists/preview/", ("a.csv", HEADER.encode()), **LISTING).status == 404
