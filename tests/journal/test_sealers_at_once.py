"""Any number of sealers at once, appends that commit out of order, and a sealer killed between any two steps."""

import os
import subprocess
import sys
import threading
from functools import partial

from django.db import connection, connections, transaction

import psycopg2
import pytest

from config.environment import ROOT
from config.roles import QUEUES
from journal.actions import lock_case, open_case
from journal.models import Entry, Leaf, Unsealed
from journal.notes import Note, Signer
from journal.sealing.actions import drain, seal
from tests.committed import at_once, for_real
from tests.journal import log

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def transactional_db(django_db_setup, django_db_blocker, settings):
    """This test commits, and nothing of it stays; in place of pytest-django's own, which the journal refuses."""
    settings.LOG_KEY = log.signer().secret()
    with for_real(django_db_blocker):
        yield


_EACH = 12


def test_two_sealers_at_once_seal_everything_once_while_four_write(transactional_db):
    writing = threading.Semaphore(0)

    def write(name):
        try:
            log.entries(name, _EACH)
        finally:
            writing.release()

    def work():
        sealed, done = 0, 0
        while done < 2:  # two of the four for each of the sealers
            done += writing.acquire(blocking=False)
            sealed += seal()
        return sealed

    writers = [partial(write, f"GS-2026-00000{n}") for n in range(4)]
    *_written, first, second = at_once(*writers, work, work)
    assert first + second + seal() == Entry.objects.count() == 4 * _EACH + 2
    log.everything_is_sealed_once()
    log.seals_are_in_the_order_of_each_case()


def test_an_entry_that_commits_late_is_not_skipped(transactional_db):
    log.entries("GS-2026-000001", 1)
    log.entries("GS-2026-000002", 1)
    written, go = threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            lock_case("GS-2026-000001").append("test.noted", {"late": True})
            written.set()
            go.wait(10)
        connections.close_all()

    slow = threading.Thread(target=late)
    slow.start()
    written.wait(10)
    log.entries("GS-2026-000002", 1)  # a higher id, committed first
    assert seal() == 3 + 2
    assert Leaf.objects.count() < Entry.objects.order_by("-id").values_list("id", flat=True)[0]
    go.set()
    slow.join(10)
    assert seal() == 1
    log.everything_is_sealed_once()
    late_id = Entry.objects.get(case__name="GS-2026-000001", seq=2).pk
    newest = Leaf.objects.order_by("-index").first()
    assert newest.entry_id == late_id < Entry.objects.order_by("-id").first().pk


def test_who_finds_another_at_work_leaves_it_to_that_one(transactional_db):
    log.entries("GS-2026-000001", 1)
    with psycopg2.connect(**_address()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x6C6F67])
        assert drain() is None
        assert seal() == 0
    other.close()
    seal()
    log.everything_is_sealed_once()


def test_entries_that_were_there_before_the_log_are_queued_by_the_migration(transactional_db):
    log.entries("GS-2026-000001", 3)
    migration = __import__("journal.migrations.0004_queue_every_entry_and_keep_the_log", fromlist=["x"])
    assert "INSERT INTO journal_unsealed SELECT id FROM journal_entry" in migration.QUEUE
    with transaction.atomic(), connection.cursor() as cursor:
        for table in QUEUES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM journal_unsealed")
        cursor.execute(migration.UNQUEUE)
        cursor.execute(migration.QUEUE)
        for table in QUEUES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert Unsealed.objects.count() == 3
    seal()
    log.everything_is_sealed_once()


# Each place in the sealer's work where a kill can come, in order: what is called there.
STEPS = [
    "journal.sealing.keys.publish",
    "journal.sealing.actions._is_ours",
    "journal.sealing.actions.tree.frontier",
    "journal.sealing.actions._store",
    "journal.sealing.actions.sign",
    "journal.sealing.actions.notes.sign",
    "journal.sealing.published.keep",
    "journal.sealing.published.os.fsync",
    "journal.sealing.actions.Checkpoint.objects.create",
]
_VICTIM = """
import importlib, os, signal, sys
import django
django.setup()
module, _, name = sys.argv[1].partition(":")
holder = importlib.import_module(module)
*way, last = name.split(".")
for part in way:
    holder = getattr(holder, part)
real = getattr(holder, last)
def killed(*given, **named):
    if sys.argv[2] == "after":
        real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(holder, last, killed)
from journal.sealing.actions import seal
seal()
"""


def _victim(settings, step, moment):
    module = "journal.sealing." + step.split(".")[2]
    place = f"{module}:{step.removeprefix(module + '.')}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**_address()),
        "LOG_KEY": settings.LOG_KEY,
        "LOG_ORIGIN": settings.LOG_ORIGIN,
        "LOG_CHECKPOINT": str(settings.LOG_CHECKPOINT),
    }
    done = subprocess.run(
        [sys.executable, "-c", _VICTIM, place, moment],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, f"{step} was not reached: {done.stdout}{done.stderr}"


@pytest.mark.crash
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_kill_9_of_a_sealer_at_any_step_leaves_a_log_that_goes_on(transactional_db, settings, step, moment):
    log.entries("GS-2026-000001", 3)
    seal()
    old = log.newest()
    log.entries("GS-2026-000001", 2)
    if step.endswith("publish"):
        settings.LOG_KEY += " " + log.signer().secret()
    _victim(settings, step, moment)
    log.entries("GS-2026-000002", 1)
    seal()
    log.everything_is_sealed_once()
    log.seals_are_in_the_order_of_each_case()
    assert settings.LOG_CHECKPOINT.read_text() == log.newest().note
    assert log.newest().size > old.size
    assert Note.read(log.newest().note).signed_by([Signer.read(settings.LOG_KEY.split()[0]).verifier])


def _address():
    told = connection.settings_dict
    return {
        "dbname": told["NAME"],
        "user": told["USER"],
        "password": told["PASSWORD"],
        "host": told["HOST"],
        "port": told["PORT"],
    }


def test_a_transaction_that_opens_a_case_and_appends_much_is_one_stroke(transactional_db):
    with transaction.atomic():
        open_case("GS-2026-000009").append_all([("test.noted", {"n": n}) for n in range(50)])
        assert Unsealed.objects.count() == 50
    seal()
    log.everything_is_sealed_once()
