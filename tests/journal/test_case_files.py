"""Case files: append-only, chained, and kept as the very bytes that were hashed (DESIGN §3)."""

import hashlib
import json
import unicodedata
from contextlib import closing

from django.db import DatabaseError, connection, transaction

import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean
from journal import canon, queries
from journal.actions import lock_case, lock_platform, open_case
from journal.models import Case, Entry
from tests.journal.checks import assert_chain_holds

in_the_database = pytest.mark.django_db


def parsed(name):
    return json.loads(b"".join(queries.record(name)))["entries"]


@in_the_database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET kind = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry CASCADE",
        "TRUNCATE journal_case CASCADE",
    ],
)
def test_the_owner_of_the_table_cannot_rewrite_the_journal(statement):
    open_case("GS-2026-000001").append("test.noted", {"n": 1})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert Entry.objects.get(case__name="GS-2026-000001").data == {"n": 1}


@in_the_database
def test_a_case_with_entries_cannot_be_deleted():
    open_case("GS-2026-000001").append("test.noted", {})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="foreign key"), transaction.atomic():
            cursor.execute("DELETE FROM journal_case")


@pytest.mark.slow
def test_the_serving_role_may_read_and_append_and_no_more(live_database):
    database = live_database()
    if database.url == database.owner_url:
        pytest.skip("DATABASE_URL gives one role for everything")
    with closing(psycopg2.connect(database.url)) as link, link.cursor() as cursor:
        link.autocommit = True
        cursor.execute("INSERT INTO journal_case (name, seq, head) VALUES ('GS-2026-000001', 0, %s)", (bytes(32),))
        cursor.execute(
            "INSERT INTO journal_entry (case_id, seq, at, kind, body, prev, hash)"
            " SELECT id, 1, now(), 'test.noted', '', '', '' FROM journal_case WHERE name = 'GS-2026-000001'"
        )
        for statement in (
            "UPDATE journal_entry SET kind = 'x'",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
            "ALTER TABLE journal_entry DISABLE TRIGGER USER",
            "DROP TABLE journal_entry",
            "DROP FUNCTION journal_entry_is_append_only()",
            "UPDATE journal_leaf SET index = 9",
            "DELETE FROM journal_checkpoint",
            "INSERT INTO journal_unsealed VALUES (9)",
            "UPDATE journal_unsealed SET entry_id = 9",
            "TRUNCATE journal_unsealed",
            "ALTER TABLE journal_entry DISABLE TRIGGER queue_entries",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(psycopg2.Error, match=r"permission denied|must be owner"):
                cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM journal_entry WHERE kind = 'test.noted'")
        assert cursor.fetchall() == [(1,)]
        cursor.execute(
            "SELECT count(*) FROM journal_unsealed JOIN journal_entry e ON e.id = entry_id WHERE kind = 'test.noted'"
        )
        assert cursor.fetchall() == [(1,)]
        with pytest.raises(psycopg2.Error, match="only_sealed_entries_leave_the_queue"):
            cursor.execute("DELETE FROM journal_unsealed")


@in_the_database
def test_what_is_stored_is_what_was_hashed():
    held = open_case("GS-2026-000001")
    first = held.append("test.noted", {"title": "灌区节水", "b": 1, "a": [True, None, 1.5]})
    second = held.append("test.noted", {})
    stored = list(Entry.objects.order_by("seq"))
    assert [bytes(e.body) for e in stored] == [first.body, second.body]
    assert bytes(stored[0].prev) == bytes(32)
    assert bytes(stored[0].hash) == hashlib.sha256(bytes(32) + first.body).digest()
    assert bytes(stored[1].prev) == bytes(stored[0].hash)
    assert json.loads(first.body)["data"]["title"] == "灌区节水"
    assert_chain_holds(parsed("GS-2026-000001"))


@in_the_database
def test_one_transaction_that_appends_in_several_strokes_leaves_one_chain():
    with transaction.atomic():
        held = open_case("GS-2026-000001")
        held.append("test.noted", {"n": 1})
        held.append_all([("test.noted", {"n": 2}), ("test.noted", {"n": 3})])
        assert held.append_all([]) == []
    with transaction.atomic():
        lock_case("GS-2026-000001").append("test.noted", {"n": 4})
    entries = parsed("GS-2026-000001")
    assert [e["data"]["n"] for e in entries] == [1, 2, 3, 4]
    assert_chain_holds(entries)


@in_the_database
def test_what_is_rolled_back_was_never_there():
    open_case("GS-2026-000001").append("test.noted", {"n": 1})
    with transaction.atomic():
        lock_case("GS-2026-000001").append("test.noted", {"n": 2})
        transaction.set_rollback(True)
    lock_case("GS-2026-000001").append("test.noted", {"n": 3})
    entries = parsed("GS-2026-000001")
    assert [e["data"]["n"] for e in entries] == [1, 3]
    assert_chain_holds(entries)


@in_the_database
def test_a_stale_hold_cannot_write_a_number_twice():
    open_case("GS-2026-000001").append("test.noted", {})
    one, other = lock_case("GS-2026-000001"), lock_case("GS-2026-000001")
    one.append("test.noted", {})
    with pytest.raises(DatabaseError, match="entry_seq_once_per_case"), transaction.atomic():
        other.append("test.noted", {})


@in_the_database
def test_a_case_that_does_not_exist_cannot_be_held():
    with pytest.raises(Case.DoesNotExist):
        lock_case("GS-2026-999999")


@in_the_database
def test_the_platforms_case_is_opened_the_first_time_it_is_needed():
    before = queries.head_of("P")
    lock_platform().append("item.published", {})
    lock_platform().append("item.published", {})
    assert [e["seq"] for e in parsed("P")][before:] == [before + 1, before + 2]


@in_the_database
def test_lines_on_the_wire_are_the_entries_of_the_record_without_their_case():
    held = open_case("A-91620100MA0000001X")
    held.append_all([("test.noted", {"text": '竞价 "x" \\ \n', "n": n}) for n in range(5)])
    first, lines = queries.lines_after("A-91620100MA0000001X", 2, 2)
    assert first == 3
    expected = [{k: v for k, v in e.items() if k != "case"} for e in parsed("A-91620100MA0000001X")[2:4]]
    assert [json.loads(line) for line in lines] == expected


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(allow_nan=False, width=32),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), _JSON, max_size=5), st.integers(1, 2**53 - 1))
def test_a_line_on_the_wire_says_what_the_body_says(data, seq):
    try:
        body = canon.body("GS-2026-000001", seq, "2026-11-23T06:05:00.123Z", "test.noted", data)
    except (ValueError, UnicodeError):
        return  # lone surrogates and infinities have no canonical form
    whole = json.loads(body)
    line = json.loads(canon.on_wire("GS-2026-000001", body, b"\x01" * 32))
    assert line.pop("hash") == "01" * 32
    assert {**line, "case": whole["case"]} == whole
    assert list(whole) == sorted(whole)


@given(st.text())
def test_a_canonical_body_is_a_fixed_point(text):
    try:
        body = canon.body("P", 1, "2026-11-23T06:05:00.123Z", "test.noted", {"text": text})
    except (ValueError, UnicodeError):
        return
    again = json.loads(body)
    assert canon.body("P", again["seq"], again["at"], again["kind"], again["data"]) == body


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 2, {1: "x"}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        canon.body("P", 1, "2026-11-23T06:05:00.123Z", "test.noted", {"value": value})


@given(st.text())
def test_text_that_came_through_the_door_is_nfc_and_has_a_canonical_form(text):
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    body = canon.body("P", 1, "2026-11-23T06:05:00.123Z", "test.noted", {"text": cleaned})
    assert json.loads(body)["data"]["text"] == cleaned


def test_a_commitment_binds_tag_salt_and_value():
    made = canon.commitment("enrolment", b"s" * 32, "91620100MA0000001X")
    assert made == hashlib.sha256(b"enrolment" + b"s" * 32 + b'"91620100MA0000001X"').hexdigest()
    others = {
        canon.commitment("enrolment", b"t" * 32, "91620100MA0000001X"),
        canon.commitment("enrolment", b"s" * 32, "91620100MA0000002X"),
        canon.commitment("price", b"s" * 32, "91620100MA0000001X"),
    }
    assert made not in others
    assert len(others) == 3
