"""Reading along with the log: each entry is taken once, in order, and comes again if whoever takes it fails."""

import threading

from django.db import connection

import pytest

from journal import following
from journal.following import begin, follow, skip
from journal.models import Case, Entry, Follower
from journal.sealing.actions import seal
from tests.committed import at_once
from tests.journal import log


@pytest.fixture
def signed(settings):
    settings.LOG_KEY = log.signer().secret()


class Reader:
    """Keeps what it is given."""

    def __init__(self):
        self.taken = []

    def take(self, entries):
        self.taken += [(entry.case.name, entry.data.get("n")) for entry in entries if entry.case.name != "P"]


@pytest.mark.django_db
def test_a_new_follower_begins_with_what_is_sealed_from_now_on(signed):
    reader = Reader()
    log.entries("GS-2026-000001", 3)
    seal()
    assert follow("notices", reader.take) == 0
    log.entries("GS-2026-000002", 2)
    assert follow("notices", reader.take) == 0, "not yet sealed"
    seal()
    assert follow("notices", reader.take) == 2
    assert reader.taken == [("GS-2026-000002", 0), ("GS-2026-000002", 1)]
    assert follow("notices", reader.take) == 0


@pytest.mark.django_db
def test_what_was_told_without_them_followers_skip(signed):
    reader = Reader()
    begin("notices")
    log.entries("GS-2026-000001", 3)
    seal()
    skip("notices", "new")
    log.entries("GS-2026-000002", 1)
    seal()
    for name in ("notices", "new"):
        assert follow(name, reader.take) == 1
    assert reader.taken == [("GS-2026-000002", 0)] * 2


@pytest.mark.django_db
def test_from_the_start_it_takes_everything_a_piece_at_a_time(signed):
    reader, other = Reader(), Reader()
    log.entries("GS-2026-000001", 7)
    seal()
    assert [follow("bulk", reader.take, limit=4, from_start=True) for _ in range(4)] == [4, 4, 1, 0]
    assert [n for _case, n in reader.taken] == list(range(7))
    assert follow("other", other.take, from_start=True) == 9, "each follower has a position of its own"


@pytest.mark.race
def test_what_fails_comes_again_and_leaves_nothing_behind(signed, transactional_db):
    log.entries("GS-2026-000001", 2)
    seal()
    follow("notices", print)
    log.entries("GS-2026-000003", 1)
    seal()

    def fails(entries):
        Case.objects.create(name="T-HALF-DONE")
        raise OSError("half done")

    with pytest.raises(OSError, match="half done"):
        follow("notices", fails)
    assert not Case.objects.filter(name="T-HALF-DONE").exists()
    reader = Reader()
    assert follow("notices", reader.take) == 1
    assert reader.taken == [("GS-2026-000003", 0)]


@pytest.mark.race
def test_many_clocks_take_each_entry_once_and_none_waits_for_another(signed, transactional_db):
    follow("notices", print)
    log.entries("GS-2026-000001", 40)
    seal()
    reader, lock = Reader(), threading.Lock()

    def take(entries):
        with lock:
            reader.take(entries)

    def clock():
        while Follower.objects.get(name="notices").position < Entry.objects.count():
            follow("notices", take, limit=3)

    at_once(clock, clock, clock)
    assert reader.taken == [("GS-2026-000001", n) for n in range(40)]


@pytest.mark.race
def test_a_follower_that_is_read_for_elsewhere_is_left_alone(signed, transactional_db):
    log.entries("GS-2026-000001", 1)
    seal()
    entered, leave = threading.Event(), threading.Event()

    def slow(entries):
        entered.set()
        leave.wait(10)

    def elsewhere():
        try:
            follow("notices", slow, from_start=True)
        finally:
            connection.close()

    other = threading.Thread(target=elsewhere)
    other.start()
    assert entered.wait(10)
    reader = Reader()
    assert follow("notices", reader.take) == 0
    leave.set()
    other.join(10)
    assert follow("notices", reader.take) == 0
    assert reader.taken == []


@pytest.mark.django_db
def test_no_follower_waits_for_the_first_clock_to_begin(signed, monkeypatch):
    """What is published between the preparing and the first clock's start would otherwise be told to nobody."""
    from config.chores import FOLLOWERS, all_chores

    begin(*FOLLOWERS)
    log.entries("GS-2026-000001", 2)
    seal()
    late = []

    def held(name, from_start):
        late.extend([] if from_start or Follower.objects.filter(name=name).exists() else [name])
        return

    monkeypatch.setattr(following, "_held", held)
    for chore in all_chores():
        chore.work()
    assert late == []
    begin(*FOLLOWERS)
    assert dict(Follower.objects.values_list("name", "position")).keys() == set(FOLLOWERS)
