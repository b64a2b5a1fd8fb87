"""Every public list in its six kinds from one query string: the same rows, the right types, one date per open deadline."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from django.test import Client
from django.urls import reverse

import pytest
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from accounts.models import Organisation, User
from agencies.models import Agency, QualificationKind
from core.clock import database_now
from core.exports import listing
from marketplace.models import ItemStatus, Request, RequestStatus, ServiceItem
from ratings.models import Measure
from tests import cast
from tests.ratings.court import Court

pytestmark = [pytest.mark.django_db, pytest.mark.page]

ATOM = "{http://www.w3.org/2005/Atom}"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
LISTS = [
    "request_list",
    "live_list",
    "award_list",
    "agency_list",
    "item_list",
    "cancelled_items",
    "exit_list",
    "inspection_list",
]


def asked(page: str, kind: str, query: dict[str, str] | None = None, **headers: str) -> Any:
    return Client(headers=headers).get(reverse(f"{page}_{kind}"), query or {})


def body(page: str, kind: str, query: dict[str, str] | None = None) -> bytes:
    answer = asked(page, kind, query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[kind])
    return bytes(answer.getvalue() if answer.streaming else answer.content)


@dataclass(frozen=True)
class Counts:
    csv: int
    xlsx: int
    json: int
    atom: int


def counts(page: str, query: dict[str, str] | None = None) -> Counts:
    table = list(csv.reader(io.StringIO(body(page, "csv", query).decode().removeprefix("\ufeff"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(page, "xlsx", query))).get_sheet_by_index(0).to_python()
    feed = ElementTree.fromstring(body(page, "atom", query))
    return Counts(
        len(table) - 1,
        len(book) - 1,
        len(json.loads(body(page, "json", query))["rows"]),
        len(feed.findall(f"{ATOM}entry")),
    )


def events(page: str, query: dict[str, str] | None = None) -> list[Any]:
    return list(Calendar.from_ical(body(page, "ics", query).decode()).walk("VEVENT"))


@pytest.fixture
def requests(
    waterworks: Organisation, waterworks_user: User, river_bureau: Organisation, river_officer: User, item: ServiceItem
) -> list[Request]:
    """Two that take enrolments, a department's among them, and one that is over."""
    first = cast.published(waterworks, item, waterworks_user, title="一号坝方案")
    second = cast.published(river_bureau, item, river_officer, title="二号坝方案")
    over = cast.published(waterworks, item, waterworks_user, title="三号坝方案")
    Request.objects.filter(pk=over.pk).update(status=RequestStatus.FAILED, enrol_until=database_now())
    return [first, second, over]


@pytest.mark.parametrize("page", LISTS)
def test_an_empty_list_is_whole_in_every_kind(page: str) -> None:
    assert counts(page) == Counts(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("query", "rows", "open_ones"),
    [
        ({}, 3, 2),
        ({"q": "坝", "item": "TST-01", "region": "620000"}, 3, 2),
        ({"q": "二号"}, 1, 1),
        ({"status": "failed"}, 1, 0),
        ({"q": "坝", "buyer": "department", "status": "published"}, 1, 1),
    ],
)
def test_each_kind_has_the_rows_of_the_page(
    requests: list[Request], query: dict[str, str], rows: int, open_ones: int
) -> None:
    assert f"{rows} 个需求" in Client().get(reverse("request_list"), query).content.decode()
    assert counts("request_list", query) == Counts(rows, rows, rows, rows)
    assert len(events("request_list", query)) == open_ones


def test_a_deadline_is_an_event_in_utc_whose_name_stays(requests: list[Request]) -> None:
    [event] = events("request_list", {"q": "一号"})
    first = requests[0]
    assert first.enrol_until is not None
    assert event.decoded("dtstart") == first.enrol_until.replace(microsecond=0)
    assert event["dtstart"].to_ical().endswith(b"Z")
    Request.objects.filter(pk=first.pk).update(enrol_until=first.enrol_until + timedelta(days=1))
    [moved] = events("request_list", {"q": "一号"})
    assert (moved["uid"], moved.decoded("dtstart") - event.decoded("dtstart")) == (event["uid"], timedelta(days=1))


def test_where_the_buyer_named_an_agency_nobody_enrols_and_no_deadline_is_said(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency
) -> None:
    named = {"direct_agency": swift_agency, "direct_price": cast.yuan("86000.00"), "direct_reason": "熟悉场地"}
    cast.published(waterworks, item, waterworks_user, method="direct", **named)
    assert json.loads(body("request_list", "json"))["rows"][0]["enrol_until"] is None
    assert events("request_list") == []


def test_the_calendar_of_items_has_what_is_open_for_them(requests: list[Request]) -> None:
    assert {str(event["summary"]) for event in events("item_list")} == {"报名截止：一号坝方案", "报名截止：二号坝方案"}


def test_auctions_that_run_and_awards_are_taken_away_without_a_bidders_name_too_early(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency, steady_agency: Agency
) -> None:
    auction = cast.live_auction(waterworks, item, waterworks_user, swift_agency, steady_agency)
    assert counts("live_list") == Counts(1, 1, 1, 1)
    [closing] = events("live_list")
    assert closing.decoded("dtstart") == auction.closes_at.replace(microsecond=0)
    said = b"".join(body("live_list", kind) for kind in ("csv", "json", "atom", "ics")).decode()
    assert swift_agency.organisation.name not in said
    assert swift_agency.uscc not in said


def test_cancelled_items_say_by_what(item: ServiceItem) -> None:
    ServiceItem.objects.filter(pk=item.pk).update(status=ItemStatus.CANCELLED, cancelled_by_zh="国发〔2026〕1 号")
    assert counts("cancelled_items") == Counts(1, 1, 1, 1)
    assert json.loads(body("cancelled_items", "json"))["rows"][0]["cancelled_by"] == "国发〔2026〕1 号"
    with pytest.raises(Exception, match="cancelled_items_ics"):
        reverse("cancelled_items_ics")


def test_agencies_come_with_the_ends_of_their_certificates(
    swift_agency: Agency, steady_agency: Agency, survey_kind: QualificationKind
) -> None:
    today = database_now().date()
    for number, ends in (("甲1", today + timedelta(days=9)), ("甲2", today - timedelta(days=9))):
        swift_agency.qualifications.create(
            kind=survey_kind, number=number, issued_by="省厅", valid_from=today - timedelta(days=99), valid_until=ends
        )
    assert counts("agency_list", {"sort": "name"}) == Counts(2, 2, 2, 2)
    assert len(events("agency_list")) == 1


def test_decisions_come_with_the_day_they_end(swift_agency: Agency) -> None:
    case = Court(swift_agency).in_force(Measure.SUSPEND)
    assert counts("exit_list") == Counts(1, 1, 1, 1)
    [event] = events("exit_list")
    assert case.until is not None
    assert event.decoded("dtstart") == case.until.replace(microsecond=0)


@pytest.mark.parametrize("kind", list(TYPES))
def test_a_query_that_the_page_calls_wrong_gives_no_file(kind: str) -> None:
    query = {"status": "sold", "q": "坝"}
    answer = asked("request_list", kind, query)
    assert answer.status_code == 400
    told = answer.json()["message"] if kind == "json" else answer.content.decode()
    assert "sold" in told
    assert "sold" in Client().get(reverse("request_list"), query).content.decode()


def test_who_holds_the_feed_already_hears_that_nothing_changed(requests: list[Request]) -> None:
    held = asked("request_list", "atom").headers["ETag"]
    assert asked("request_list", "atom", None, if_none_match=held).status_code == 304
    Request.objects.filter(pk=requests[0].pk).update(title="一号坝方案（更正）")
    assert asked("request_list", "atom", None, if_none_match=held).status_code == 200


def test_the_head_alone_comes_without_the_rows(requests: list[Request]) -> None:
    answer = Client().head(reverse("request_list_csv"))
    assert (answer.status_code, answer.headers["Content-Type"], answer.streaming) == (200, TYPES["csv"], False)
    assert answer.headers["Content-Disposition"].endswith('.csv"')


def test_a_client_that_never_stops_is_told_to_wait(requests: list[Request], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "RATE", "3/d")  # of a minute, a slow run could see two
    statuses = [asked("request_list", kind).status_code for kind in ("json", "csv", "atom", "json")]
    assert statuses == [200, 200, 200, 429]
    assert asked("award_list", "json").status_code == 200


@pytest.mark.parametrize("page", LISTS)
def test_the_page_names_its_other_kinds_with_its_query(page: str) -> None:
    text = Client().get(reverse(page), {"q": "坝", "page": "1"}).content.decode()
    for kind in TYPES:
        if (page, kind) != ("cancelled_items", "ics"):
            assert f'href="{reverse(f"{page}_{kind}")}?q=%E5%9D%9D"' in text
