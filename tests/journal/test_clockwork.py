"""A clock's moves: one that fails is logged and stops no other, and nothing waits for a case file that somebody holds."""

import logging
import threading

from django.db import OperationalError, connection, transaction

import pytest

from journal.actions import lock_case, open_case
from journal.clockwork import attempt, claim


def test_a_move_that_fails_is_logged_and_counts_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def moves(name: str) -> int:
        if name == "broken":
            raise ValueError(name)
        return 1

    with caplog.at_level(logging.ERROR):
        assert [attempt(moves, name) for name in ("a", "broken", "b")] == [1, 0, 1]
    assert "('broken',) failed" in caplog.text


def test_without_the_database_nothing_else_is_tried() -> None:
    def away() -> int:
        raise OperationalError

    with pytest.raises(OperationalError):
        attempt(away)


def test_a_case_file_that_is_held_is_left_to_its_holder(transactional_db: None) -> None:
    with transaction.atomic():
        open_case("T-CLOCK")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_case("T-CLOCK")
            held.set()
            release.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    assert claim(lambda case: 1, "T-CLOCK") == 0
    release.set()
    holder.join(10)
    assert claim(lambda case: len(case.name), "T-CLOCK") == 7
