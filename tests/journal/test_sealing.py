"""Sealing: entries become leaves of one tree, and signed checkpoints of it are published (DESIGN §3)."""

import re
from datetime import timedelta

from django.db import DatabaseError, connection, transaction

import pytest

from core.clock import database_now
from journal import clockwork, notes
from journal.actions import open_case
from journal.models import Case, Checkpoint, Entry, Leaf, LogKey, Unsealed
from journal.sealing import keys, published
from journal.sealing.actions import Rewound, drain, seal, sign
from tests.journal import log

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(settings):
    made = log.signer()
    settings.LOG_KEY = made.secret()
    return made


def test_whatever_is_appended_waits_and_is_sealed(signer):
    log.entries("GS-2026-000001", 3)
    assert Unsealed.objects.count() == 3
    assert seal() == 3 + 2  # and two about the key
    log.everything_is_sealed_once()
    log.entries("GS-2026-000002", 2)
    log.entries("GS-2026-000001", 2)
    assert seal() == 4
    log.everything_is_sealed_once()
    log.seals_are_in_the_order_of_each_case()


def test_a_checkpoint_is_signed_by_the_logs_key_and_names_the_moment(signer):
    log.entries("GS-2026-000001", 1)
    before = database_now()
    seal()
    note = notes.Note.read(log.newest().note)
    assert note.signed_by([signer.verifier]) == [signer.verifier]
    (until,) = notes.Checkpoint.read(note.text).extensions
    assert until.startswith("until 20")
    assert before <= log.newest().at <= database_now()


def test_without_anything_new_there_is_no_new_checkpoint(signer):
    log.entries("GS-2026-000001", 1)
    seal()
    assert seal() == 0
    assert Checkpoint.objects.count() == 1


def test_without_a_key_nothing_is_sealed(settings):
    settings.LOG_KEY = ""
    settings.DEMO_MODE = False
    settings.DATA_DIR = settings.LOG_CHECKPOINT
    log.entries("GS-2026-000001", 1)
    assert seal() == 0
    assert Unsealed.objects.count() == 1
    assert not Leaf.objects.exists()


def test_the_demo_makes_a_key_of_its_own_and_keeps_it(settings, tmp_path):
    settings.LOG_KEY, settings.DATA_DIR = "", tmp_path
    log.entries("GS-2026-000001", 1)
    seal()
    assert keys.signers() == keys.signers()
    assert (tmp_path / "log" / "key").stat().st_mode & 0o777 == 0o600
    log.everything_is_sealed_once()


def test_many_entries_are_sealed_in_batches_and_signed_once(signer):
    log.entries("GS-2026-000001", 1)
    with transaction.atomic():
        held = open_case("GS-2026-000002")
        held.append_all([("test.noted", {"n": n}) for n in range(20)])
    assert drain(8).count == 8
    assert drain(8).count == 8
    last = drain(8)
    assert (last.count, last.is_all) == (5, True)
    assert not Checkpoint.objects.exists()
    sign([signer], last.until)
    log.everything_is_sealed_once()


def test_a_case_rolled_back_leaves_nothing_in_the_queue(signer):
    log.entries("GS-2026-000001", 1)
    with transaction.atomic():
        log.entries("GS-2026-000001", 1)
        transaction.set_rollback(True)
    assert Unsealed.objects.count() == 1


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE journal_leaf SET index = index + 1", "append-only"),
        ("DELETE FROM journal_leaf", "append-only"),
        ("TRUNCATE journal_leaf", "append-only"),
        ("UPDATE journal_checkpoint SET note = ''", "append-only"),
        ("DELETE FROM journal_checkpoint", "append-only"),
        ("TRUNCATE journal_checkpoint", "append-only"),
        ("UPDATE journal_unsealed SET entry_id = 1", "append-only"),
        ("TRUNCATE journal_unsealed", "append-only"),
        ("DELETE FROM journal_unsealed", "only_sealed_entries_leave_the_queue"),
        (
            "INSERT INTO journal_leaf (index, entry_id, hashes) SELECT 1 + max(l.index), max(e.id), '\\x00' FROM journal_leaf l, journal_entry e",
            "leaf_is_the_hash_of_its_entry",
        ),
        (
            "INSERT INTO journal_leaf (index, entry_id, hashes) SELECT 100, id, sha256('\\x00'::bytea || hash)"
            " FROM journal_entry ORDER BY id DESC LIMIT 1",
            "leaves_leave_no_gap",
        ),
        (
            "INSERT INTO journal_leaf (index, entry_id, hashes) SELECT 3, entry_id, hashes FROM journal_leaf WHERE index = 0",
            "journal_leaf_entry_id_key",
        ),
        (
            "INSERT INTO journal_checkpoint (origin, size, root, at, note)"
            " SELECT origin, size, '', at, '' FROM journal_checkpoint",
            "one_checkpoint_per_size",
        ),
    ],
)
def test_the_database_refuses_what_would_break_the_log(signer, statement, refusal):
    log.entries("GS-2026-000001", 1)
    seal()
    log.entries("GS-2026-000001", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            cursor.execute(statement)


def test_an_old_backup_is_refused_by_the_file_outside(signer, published_checkpoint):
    log.entries("GS-2026-000001", 2)
    seal()
    log.entries("GS-2026-000001", 2)
    backup = transaction.savepoint()
    seal()
    transaction.savepoint_rollback(backup)  # the database forgets; the file does not
    with pytest.raises(Rewound, match=r"6 leaves were published, and the database has 4"):
        seal()
    assert Unsealed.objects.count() == 2
    assert Leaf.objects.count() == 4
    published_checkpoint.unlink()  # the operator begins anew, knowing it
    seal()
    log.everything_is_sealed_once()


def test_a_database_with_another_past_is_refused(signer):
    log.entries("GS-2026-000001", 1)
    seal()
    said = notes.Checkpoint(log.newest().origin, 2, bytes(32))
    published.keep(notes.sign(said.text, [signer]))
    log.entries("GS-2026-000001", 1)
    with pytest.raises(Rewound, match="with another root"):
        seal()


def test_leaves_rewritten_inside_the_database_are_refused_without_any_file(signer, published_checkpoint):
    log.entries("GS-2026-000001", 5)
    seal()
    published_checkpoint.unlink()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_leaf DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_leaf SET hashes = sha256('another') WHERE index = 6")
        cursor.execute("ALTER TABLE journal_leaf ENABLE TRIGGER USER")
    log.entries("GS-2026-000001", 1)
    with pytest.raises(Rewound, match="with another root"):
        seal()


@pytest.mark.parametrize("text", ["", "no note", "a\nb\n\n— c d\n"])
def test_a_file_that_is_no_checkpoint_is_refused_and_not_overwritten(signer, published_checkpoint, text):
    published_checkpoint.parent.mkdir(parents=True, exist_ok=True)
    published_checkpoint.write_text(text)
    log.entries("GS-2026-000001", 1)
    with pytest.raises(Rewound, match="holds no checkpoint"):
        seal()
    assert published_checkpoint.read_text() == text


def test_the_checkpoint_of_another_log_is_refused(signer, settings):
    log.entries("GS-2026-000001", 1)
    seal()
    settings.LOG_ORIGIN = "another.example/log"
    settings.LOG_KEY = log.signer().secret()
    with pytest.raises(Rewound, match=r"another\.example"):
        seal()


def test_a_lost_file_is_written_anew(signer, published_checkpoint):
    log.entries("GS-2026-000001", 1)
    seal()
    note = published_checkpoint.read_text()
    published_checkpoint.unlink()
    seal()
    assert published_checkpoint.read_text() == note == log.newest().note


def test_a_refusal_to_sign_is_told_once_and_the_clock_goes_on(signer, settings, caplog):
    log.entries("GS-2026-000001", 1)
    settings.LOG_KEY = "nonsense"
    assert clockwork.seal_due() == clockwork.seal_due() == 0
    told = [line for line in caplog.records if "Nothing is sealed" in line.getMessage()]
    assert len(told) == 1
    assert told[0].levelname == "ERROR"


def test_readiness_and_the_checks_tell_how_long_entries_wait(signer, settings, client):
    from config.checks import journal_is_sealed

    log.entries("GS-2026-000001", 1)
    assert re.search(rb"the oldest entry not yet sealed is \d s old", client.get("/readyz").content)
    assert journal_is_sealed(["default"]) == []
    seal()
    assert client.get("/readyz").content == b"ready\nevery entry is sealed\n"
    case = Case.objects.get(name="GS-2026-000001")
    Entry.objects.create(
        case=case, seq=9, at=database_now() - timedelta(hours=1), kind="x", body=b"", prev=b"", hash=b""
    )
    assert [found.id for found in journal_is_sealed(["default"])] == ["config.W004"]
    published.keep(notes.sign(notes.Checkpoint(settings.LOG_ORIGIN, 99, bytes(32)).text, [signer]))
    assert [found.id for found in journal_is_sealed(["default"])] == ["config.W003", "config.W004"]


def test_keys_rotate_with_an_announced_successor(signer, settings):
    log.entries("GS-2026-000001", 1)
    seal()
    new = log.signer()
    settings.LOG_KEY = f"{signer.secret()}\n{new.secret()}"
    seal()
    assert log.signers_of(log.newest().note) == [log.short(signer), log.short(new)]
    settings.LOG_KEY = f"{new.secret()} {signer.secret()}"
    seal()
    assert log.signers_of(log.newest().note) == [log.short(new), log.short(signer)]
    settings.LOG_KEY = new.secret()
    log.entries("GS-2026-000001", 1)
    seal()
    assert log.signers_of(log.newest().note) == [log.short(new)]
    states = {key.verifier: keys.state_of(key) for key in LogKey.objects.all()}
    assert states == {str(signer.verifier): "retired", str(new.verifier): "current"}
    said = [(e.kind, e.data) for e in Entry.objects.filter(case__name="P", kind__startswith="log.").order_by("seq")]
    assert said == [
        ("log.key_announced", {"key": str(signer.verifier)}),
        ("log.key_rotated", {"from": None, "to": str(signer.verifier)}),
        ("log.key_announced", {"key": str(new.verifier)}),
        ("log.key_rotated", {"from": str(signer.verifier), "to": str(new.verifier)}),
    ]
    log.everything_is_sealed_once()


def test_a_key_that_was_not_announced_is_refused(signer, settings):
    log.entries("GS-2026-000001", 1)
    seal()
    settings.LOG_KEY = log.signer().secret()
    with pytest.raises(keys.KeyRefused, match="was not announced"):
        seal()


def test_a_key_whose_announcement_is_not_sealed_is_refused(signer, settings):
    seal()
    new = log.signer()
    keys.publish([signer, new])
    settings.LOG_KEY = new.secret()
    with pytest.raises(keys.KeyRefused, match="not sealed yet"):
        seal()
    settings.LOG_KEY = f"{signer.secret()} {new.secret()}"
    seal()
    settings.LOG_KEY = new.secret()
    seal()
    assert log.signers_of(log.newest().note) == [log.short(new)]


def test_a_retired_key_does_not_come_back(signer, settings):
    new = log.signer()
    settings.LOG_KEY = f"{signer.secret()} {new.secret()}"
    seal()
    settings.LOG_KEY = new.secret()
    seal()
    settings.LOG_KEY = signer.secret()
    with pytest.raises(keys.KeyRefused, match="was retired"):
        seal()


@pytest.mark.parametrize(("text", "said"), [("x", "begins with"), ("PRIVATE+KEY+a+b+c", "base64")])
def test_a_key_that_cannot_be_read_is_refused_without_being_shown(settings, text, said):
    settings.LOG_KEY = text
    with pytest.raises(keys.KeyRefused, match=said) as refused:
        keys.signers()
    assert text not in str(refused.value)


def test_a_key_of_another_log_is_refused(settings):
    settings.LOG_KEY = notes.Signer.new("another.example/log").secret()
    with pytest.raises(keys.KeyRefused, match="LOG_ORIGIN"):
        keys.signers()


def test_the_database_knows_one_current_key():
    log.entries("P", 1)
    entry = Entry.objects.get()
    LogKey.objects.create(verifier="a", announced=entry, current_since=entry.at)
    with pytest.raises(DatabaseError, match="one_current_log_key"), transaction.atomic():
        LogKey.objects.create(verifier="b", announced=entry, current_since=entry.at)
    with pytest.raises(DatabaseError, match="only_a_log_key_that_was_current"), transaction.atomic():
        LogKey.objects.create(verifier="c", announced=entry, retired_at=entry.at)
