"""Credit for other platforms (P22.2): numbers without a gap, and what was corrected or repaired is gone everywhere."""

import base64
import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.test import Client

import pytest

from agencies.models import Agency
from core.clock import database_now
from journal.notes import Note
from journal.sealing.actions import seal
from opendata import clockwork
from opendata.actions import credit as actions
from opendata.models import BulkFile, BulkKind, BulkStatus, CreditChange
from opendata.rules.credit import Change, Item, changes, shared
from ratings.actions import exits
from ratings.models import Act, AppealOutcome, Measure
from tests.journal import log
from tests.ratings.acting import note
from tests.ratings.court import Court, let_pass
from tests.ratings.test_repairs import earlier

pytestmark = pytest.mark.clause("P22.2")


@pytest.fixture(autouse=True)
def signed(settings: Any, tmp_path: Any) -> None:
    settings.LOG_KEY = log.signer().secret()
    settings.DATA_DIR = tmp_path


@pytest.fixture
def court(swift_agency: Agency) -> Court:
    return Court(swift_agency)


@pytest.fixture
def act(swift_agency: Agency) -> Act:
    made = note(swift_agency, "subcontracted", "case:1")
    assert made is not None
    return made


def read_along() -> None:
    """The clock seals, and reads what was sealed."""
    while seal():
        pass
    while clockwork.share_credit():
        pass


def make_file() -> BulkFile:
    while clockwork.make_bulk_files():
        pass
    return BulkFile.objects.get(kind=BulkKind.CREDIT, status=BulkStatus.READY)


def lines(file: BulkFile) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(file.path.read_bytes()).splitlines()]


def asked(client: Client, since: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/data/credit/?since={since}").json()
    return answer


def received(client: Client, since: int = 0, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a receiver has who does as docs/credit-sharing.md says."""
    held = dict(known or {})
    for one in asked(client, since)["changes"]:
        if one["op"] == "set":
            held[one["key"]] = one["content"]
        elif one["op"] == "removed":
            held.pop(one["key"], None)
    return held


def repair(court: Court, act: Act) -> None:
    earlier(act, 100)
    ask = exits.ask_to_repair_act(court.person, court.party, act.pk, "已终止转包并自行完成。")
    exits.decide_repair(court.officers[1], court.body, ask.pk, "整改属实。", granted=True)


def test_what_went_comes_before_what_is_new_and_what_stayed_is_not_said_again() -> None:
    old = {"a": Item("act", "U", {"points": "5"}), "b": Item("act", "U", {}), "c": Item("act", "U", {})}
    new = {"a": Item("act", "U", {"points": "3"}), "c": Item("act", "U", {}), "d": Item("act", "U", {})}
    assert changes(old, new) == [
        Change("b", "act", "U", None),
        Change("a", "act", "U", {"points": "3"}),
        Change("d", "act", "U", {}),
    ]
    assert changes(new, new) == []


def test_a_removal_says_the_key_and_nothing_else() -> None:
    said = shared(7, "act:U:3", "act", "U", datetime(2026, 11, 27, tzinfo=UTC), None, newest=True)
    assert set(said) == {"seq", "op", "key", "at"}
    assert said["op"] == "removed"


@pytest.mark.django_db
def test_an_act_that_counts_is_shared_with_its_agencys_credit(client, swift_agency, act):
    read_along()
    held = received(client)
    assert held[f"agency:{swift_agency.uscc}"]["conduct"] == "85.0"
    shared_act = held[f"act:{swift_agency.uscc}:{act.seq}"]
    assert (shared_act["code"], shared_act["evidence"]) == ("subcontracted", act.evidence)
    assert Decimal(shared_act["points"]) == act.points


@pytest.mark.django_db
def test_an_act_that_may_still_be_objected_to_is_not_shared(client, swift_agency):
    made = note(swift_agency, "filed_late", "contract:1", decided=False)
    read_along()
    assert f"act:{swift_agency.uscc}:{made.seq}" not in received(client)


@pytest.mark.django_db
def test_a_repaired_act_reaches_the_receiver_as_a_removal_and_is_gone_for_whoever_begins_anew(client, court, act):
    read_along()
    key = f"act:{court.agency.uscc}:{act.seq}"
    before = received(client)
    assert key in before
    newest = asked(client)["newest"]
    repair(court, act)
    read_along()
    assert key not in received(client, newest, before)
    assert key not in received(client)
    assert act.evidence not in client.get("/data/credit/?since=0").content.decode()
    assert act.evidence not in client.get("/data/credit.csv?since=0").content.decode()
    numbers = [one["seq"] for one in asked(client)["changes"]]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db
def test_a_repaired_act_takes_the_nightly_file_along_and_the_next_has_only_its_key(
    django_capture_on_commit_callbacks, client, court, act
):
    read_along()
    file = make_file()
    assert act.evidence in {one["content"].get("evidence") for one in lines(file) if one["op"] == "set"}
    repair(court, act)
    with django_capture_on_commit_callbacks(execute=True):
        read_along()
    assert not file.path.exists()
    assert client.get(f"/data/files/{file.name}").status_code == 404
    again = make_file()
    [gone] = [one for one in lines(again) if one["key"].startswith("act:")]
    assert (gone["op"], "content" in gone) == ("removed", False)
    assert again.sha256 != file.sha256
    assert not any(
        act.evidence.encode() in gzip.decompress(found.read_bytes())
        for found in (again.path.parent.parent).rglob("*")
        if found.is_file() and found.read_bytes()[:2] == b"\x1f\x8b"
    )


@pytest.mark.django_db
def test_what_time_alone_ends_is_found_by_looking_again(client, court, act):
    read_along()
    key = f"act:{court.agency.uscc}:{act.seq}"
    earlier(act, 1500)
    actions.sweep(database_now())
    assert key not in received(client)
    assert actions.sweep(database_now()) == 0
    assert actions.sweep(database_now() + timedelta(days=1)) > 0


@pytest.mark.django_db
def test_looking_twice_changes_nothing(client, act):
    read_along()
    newest = asked(client)["newest"]
    actions.sweep(database_now())
    actions.sweep(database_now() + timedelta(days=1))
    after = asked(client, newest)["changes"]
    assert [one["key"] for one in after if not one["key"].startswith(("agency:", "buyer:"))] == []


@pytest.mark.django_db
def test_only_the_newest_change_of_a_key_has_content(act):
    read_along()
    change = CreditChange.objects.filter(content__isnull=False).first()
    with pytest.raises(IntegrityError, match="superseded_credit_says_nothing"), transaction.atomic():
        CreditChange.objects.filter(pk=change.pk).update(newest=False)


@pytest.mark.django_db
def test_pages_lead_on_until_there_is_nothing_more(client, monkeypatch, act):
    from opendata import queries

    monkeypatch.setattr(queries, "CREDIT_PAGE", 1)
    read_along()
    first = asked(client)
    assert len(first["changes"]) == 1
    assert first["next"].endswith("?since=1")
    assert asked(client, first["newest"])["next"] is None


@pytest.mark.django_db
@pytest.mark.parametrize("since", ["-1", "abc", "1.5", "²", "9" * 30])
@pytest.mark.parametrize("path", ["/data/credit/", "/data/credit.csv"])
def test_a_number_that_is_none_is_refused(client, path, since):
    answer = client.get(path, {"since": since})
    assert (answer.status_code, answer.json()["code"]) == (400, "E_SINCE")


@pytest.mark.django_db
def test_the_table_says_the_same(client, act):
    read_along()
    answer = client.get("/data/credit.csv?since=0")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    said = asked(client)["changes"]
    assert [(int(one["seq"]), one["op"], one["key"]) for one in table] == [
        (one["seq"], one["op"], one["key"]) for one in said
    ]
    assert answer.headers["X-Next-Since"] == str(said[-1]["seq"])
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_buyers_credit_is_shared_once_it_has_published(client, waterworks, published_request):
    actions.sweep(database_now())
    assert received(client)[f"buyer:{waterworks.uscc}"]["name"] == waterworks.name


@pytest.mark.django_db
def test_a_published_measure_is_shared_and_a_repaired_one_removed(client, court):
    case = court.in_force(Measure.WARN)
    read_along()
    held = received(client)[f"measure:{case.number}"]
    assert (held["measure"], held["state"]) == ("warn", "in_force")
    case = let_pass(case, 200)
    ask = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    exits.decide_repair(court.officers[3], court.body, ask.pk, "整改属实。", granted=True)
    read_along()
    assert f"measure:{case.number}" not in received(client)


@pytest.mark.django_db
def test_a_decision_that_was_annulled_is_corrected_and_not_hidden(client, court):
    case = court.appealed(Measure.SUSPEND)
    exits.decide_appeal(court.officers[4], court.body, case.number, exits.Outcome(AppealOutcome.ANNULLED, "事实不清。"))
    read_along()
    held = received(client)[f"measure:{case.number}"]
    assert (held["state"], held["effect_at"], held["until"]) == ("annulled", None, None)


@pytest.mark.django_db
def test_what_arrives_can_be_checked_by_its_hash_and_by_the_log(client, act, settings):
    signer = log.signer()
    settings.LOG_KEY = signer.secret()
    read_along()
    for path in ("/data/credit/", "/data/credit.csv"):
        answer = client.get(path)
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer["Repr-Digest"] == f"sha-256=:{digest}:"
    told = client.get("/data/credit/").json()
    assert Note.read(told["checkpoint"]).signed_by([signer.verifier])
    assert told["checkpoint"] == client.get("/data/files.json").json()["checkpoint"]
    [key] = [one["key"] for one in told["changes"] if one["key"].startswith("act:")]
    _act, uscc, seq = key.split(":")
    assert client.get("/log/inclusion", {"case": f"A-{uscc}", "seq": seq}).status_code == 200
