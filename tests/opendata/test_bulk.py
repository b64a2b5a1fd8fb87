"""Bulk files: which are due, what is in them, and that neither two clocks nor a killed one can spoil them."""

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

import pytest

from accounts.models import Kind
from core.clock import BEIJING, database_now
from marketplace.models import Request
from opendata import bulk, clockwork, queries
from opendata.actions.bulk import begin, go_on, withdraw
from opendata.models import BulkFile, BulkKind, BulkStatus
from opendata.rules.merging import compiled
from opendata.rules.periods import Period, due, periods
from tests import cast
from tests.committed import at_once
from tests.opendata import checks

NOW = datetime(2026, 11, 27, 0, 30, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def around(name: str = "2026-11-27") -> Period:
    now = database_now()
    return Period(name, now - timedelta(hours=1), now + timedelta(hours=1))


def make(kind: BulkKind, period: Period) -> BulkFile:
    file = begin(kind, period)
    while go_on(file.pk, database_now()):
        pass
    return BulkFile.objects.get(kind=kind, period=period.name, status=BulkStatus.READY)


def rows(file: BulkFile) -> list[dict[str, Any]]:
    content = file.path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert len(content) == file.size
    return [json.loads(line) for line in gzip.decompress(content).splitlines()]


def test_there_are_the_last_days_all_months_and_everything_up_to_midnight() -> None:
    names = {one.name: one for one in periods(datetime(2026, 9, 30, 8, tzinfo=UTC), NOW)}
    assert len([name for name in names if len(name) == 10]) == 31
    assert [name for name in names if len(name) == 7] == ["2026-11", "2026-10", "2026-09"]
    assert names["2026-11"].until == names["all"].until == datetime(2026, 11, 27, tzinfo=BEIJING)
    assert names["2026-10"].until == datetime(2026, 11, 1, tzinfo=BEIJING)
    assert "2026-11-26" in names
    assert "2026-11-27" not in names


def test_on_its_first_day_there_is_nothing_yet() -> None:
    assert list(periods(datetime(2026, 11, 27, 0, 10, tzinfo=BEIJING), NOW)) == []


def test_on_the_first_of_a_month_the_month_before_is_whole() -> None:
    names = {
        one.name: one for one in periods(datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=BEIJING))
    }
    assert "2026-12" not in names
    assert names["2026-11"].until == datetime(2026, 12, 1, tzinfo=BEIJING)


def test_a_file_is_due_ten_minutes_after_midnight_and_not_again_before_the_next() -> None:
    wanted = list(periods(datetime(2026, 11, 26, tzinfo=BEIJING), NOW))
    assert list(due(wanted, {}, datetime(2026, 11, 27, 0, 9, tzinfo=BEIJING))) == []
    assert [one.name for one in due(wanted, {}, NOW)] == ["2026-11-26", "2026-11", "all"]
    there = {one.name: one.until for one in wanted}
    assert list(due(wanted, there, NOW)) == []
    assert [one.name for one in due(wanted, {**there, "all": wanted[0].begins}, NOW)] == ["all"]


@pytest.mark.django_db
def test_releases_and_records_of_a_period_are_what_the_requests_own_packages_say(auction, bid, swift_agency):
    bid(auction, swift_agency, "99000")
    number = auction.request.number
    releases, records = (make(kind, around()) for kind in (BulkKind.RELEASES, BulkKind.RECORDS))
    own = list(queries.releases_of(number))
    assert rows(releases) == own
    [record] = rows(records)
    assert record["compiledRelease"] == compiled(own)
    assert [one["url"].rpartition("#")[2] for one in record["releases"]] == [one["id"] for one in own]
    package = {**queries.record_of_request(auction.request), "records": [record]}
    assert checks.problems("record-package", package) == []
    assert (releases.rows, records.rows) == (len(own), 1)


@pytest.mark.django_db
def test_a_period_holds_what_happened_in_it_and_records_as_they_were_at_its_end(auction, bid, swift_agency):
    before = database_now()
    bid(auction, swift_agency, "99000")
    early = Period("2026-11-25", before - timedelta(hours=1), before)
    late = Period("2026-11-26", before, before + timedelta(hours=1))
    number = auction.request.number
    told = [one for period in (early, late) for one in rows(make(BulkKind.RELEASES, period))]
    assert told == list(queries.releases_of(number))
    [was] = rows(make(BulkKind.RECORDS, early))
    [now] = rows(make(BulkKind.RECORDS, late))
    assert "details" not in was["compiledRelease"].get("bids", {})
    assert now["compiledRelease"]["bids"]["details"][0]["value"]["amount"] == 99000


@pytest.mark.django_db
def test_slices_follow_one_another_and_lose_nothing(monkeypatch, waterworks, waterworks_user, item):
    monkeypatch.setattr(bulk, "SLICE", 2)
    made = [cast.published(waterworks, item, waterworks_user) for _ in range(5)]
    file = make(BulkKind.RECORDS, around())
    assert {one["ocid"] for one in rows(file)} == {f"ocds-000000-{one.number}" for one in made}
    assert file.rows == 5


@pytest.mark.django_db
def test_a_clock_that_is_killed_while_it_writes_leaves_nothing_twice(monkeypatch, waterworks, waterworks_user, item):
    monkeypatch.setattr(bulk, "SLICE", 2)
    for _ in range(5):
        cast.published(waterworks, item, waterworks_user)
    file = begin(BulkKind.RELEASES, around())
    assert go_on(file.pk, database_now())
    with file.part.open("ab") as half:
        half.write(gzip.compress(b'{"written by": "who was killed before it could say so"}\n'))
    made = make(BulkKind.RELEASES, around())
    found = [one["id"] for one in rows(made)]
    assert len(found) == len(set(found)) == made.rows == 5


@pytest.mark.django_db
def test_a_part_that_got_lost_is_begun_anew(monkeypatch, waterworks, waterworks_user, item):
    monkeypatch.setattr(bulk, "SLICE", 2)
    for _ in range(3):
        cast.published(waterworks, item, waterworks_user)
    file = begin(BulkKind.RELEASES, around())
    assert go_on(file.pk, database_now())
    file.part.unlink()
    assert len(rows(make(BulkKind.RELEASES, around()))) == 3


@pytest.mark.django_db
def test_a_newer_file_takes_the_place_of_the_older_and_its_bytes_go(
    django_capture_on_commit_callbacks, waterworks, waterworks_user, item
):
    cast.published(waterworks, item, waterworks_user)
    older = make(BulkKind.RELEASES, around("all"))
    cast.published(waterworks, item, waterworks_user)
    with django_capture_on_commit_callbacks(execute=True):
        newer = make(BulkKind.RELEASES, around("all"))
    assert (older.path.exists(), newer.path.exists()) == (False, True)
    assert BulkFile.objects.filter(period="all").count() == 1
    assert len(rows(newer)) == 2


@pytest.mark.django_db
def test_the_clock_makes_all_that_is_due_and_then_rests(waterworks, waterworks_user, item):
    request = cast.published(waterworks, item, waterworks_user)
    long_ago = database_now() - timedelta(days=3)
    Request.objects.filter(pk=request.pk).update(published_at=long_ago)
    while clockwork.make_bulk_files():
        pass
    assert not BulkFile.objects.filter(status=BulkStatus.MAKING).exists()
    assert BulkFile.objects.filter(kind=BulkKind.RELEASES, period__regex=r"^\d{4}-\d\d-\d\d$").count() == 3
    assert BulkFile.objects.filter(kind=BulkKind.RECORDS, period="all").count() == 1
    assert BulkFile.objects.filter(kind=BulkKind.CREDIT).count() == 1
    assert clockwork.make_bulk_files() == 0


@pytest.mark.django_db
def test_what_is_no_longer_kept_is_withdrawn(django_capture_on_commit_callbacks, client: Client):
    file = make(BulkKind.RELEASES, around())
    assert client.get(f"/data/files/{file.name}").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        withdraw([file])
    assert not file.path.exists()
    assert client.get(f"/data/files/{file.name}").status_code == 404


@pytest.mark.django_db
def test_a_file_comes_with_its_hash_and_the_page_lists_it(client: Client, waterworks, waterworks_user, item):
    cast.published(waterworks, item, waterworks_user)
    file = make(BulkKind.RELEASES, around())
    answer = client.get(f"/data/files/{file.name}")
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert answer.headers["ETag"] == f'"{file.sha256}"'
    assert answer.headers["Content-Length"] == str(len(content))
    assert client.head(f"/data/files/{file.name}").status_code == 200
    page = client.get("/data/").content.decode()
    assert file.sha256 in page
    assert file.name in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["releases-2020-01-01.jsonl.gz", "x", "releases-..%2F..%2Fetc.jsonl.gz"])
def test_what_is_not_there_is_a_404(client: Client, name: str):
    assert client.get(f"/data/files/{name}").status_code == 404


@pytest.mark.race
def test_several_clocks_make_each_file_once(transactional_db, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 1)
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    user, item = cast.person("buyer@waterworks.example", buyer), cast.service_item()
    for _ in range(6):
        cast.published(buyer, item, user)
    period = around()

    def work() -> None:
        file = begin(BulkKind.RELEASES, period)
        while BulkFile.objects.get(pk=file.pk).status != BulkStatus.READY:
            go_on(file.pk, database_now())

    assert [one for one in at_once(*[work] * 4) if isinstance(one, BaseException)] == []
    ready = BulkFile.objects.filter(status=BulkStatus.READY)
    assert [len(rows(one)) for one in ready] == [6]


@pytest.mark.django_db
def test_the_index_lists_every_file_with_its_hash(auction: Any, client: Client) -> None:
    file = make(BulkKind.RELEASES, around())
    told = client.get("/data/files.json").json()
    assert (told["format"], told["checkpoint"]) == ("data-index/1", None)
    [one] = told["files"]
    assert (one["name"], one["rows"], one["size"], one["sha256"]) == (file.name, file.rows, file.size, file.sha256)
    assert hashlib.sha256(client.get(urlsplit(one["url"]).path).getvalue()).hexdigest() == one["sha256"]


@pytest.mark.django_db
def test_who_has_a_file_already_is_not_sent_it_again(auction: Any, client: Client) -> None:
    file = make(BulkKind.RELEASES, around())
    path = f"/data/files/{file.name}"
    assert client.get(path, headers={"If-None-Match": f'"{file.sha256}"'}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.page
@pytest.mark.django_db
def test_the_page_folds_the_many_files_of_single_days(auction: Any, client: Client) -> None:
    month, day = make(BulkKind.RELEASES, around("2026-11")), make(BulkKind.RELEASES, around("2026-11-27"))
    shown, _summary, folded = client.get("/data/").content.decode().partition("按日的文件（1 个）")
    assert (month.name in shown, day.name in shown) == (True, False)
    assert day.name in folded
