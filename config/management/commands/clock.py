"""`manage.py clock`: move everything whose time has come, until told to stop. Any number may run at once."""

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import connection

from bidding.clockwork import move_due_requests, next_due
from bidding.pulse import Pulse
from config.chores import all_chores, long_chores, prompt_chores, run
from core.clock import database_now

LONGEST_SLEEP = 0.25
# Something is due, but another holds it, or it cannot be moved.
LEFT_TO_OTHERS = 0.05
AFTER_TROUBLE = 1.0


class Command(BaseCommand):
    help = "Moves requests and auctions on when their time has come. Correctness does not depend on it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="make what is due now, then stop")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        stop = threading.Event()

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        self.pulse = Pulse()
        if once:
            self.stdout.write(str(move_due_requests()))
            for chore in all_chores():
                chore.work()
            return
        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)
        beside = [
            threading.Thread(target=run, args=[chores, stop], name=name, daemon=True)
            for name, chores in (("prompt chores", prompt_chores()), ("long chores", long_chores()))
        ]
        for thread in beside:
            thread.start()
        while not stop.is_set():
            stop.wait(self._tick())
        for thread in beside:
            thread.join(3)

    def _tick(self) -> float:
        """Make what is due; returns how long to sleep, in seconds."""
        try:
            self.pulse.beat()
            made = move_due_requests()
            upcoming = next_due()
            if upcoming is None:
                return LONGEST_SLEEP
            wait = (upcoming - database_now()).total_seconds()
            if wait <= 0 and not made:
                return LEFT_TO_OTHERS
            return min(LONGEST_SLEEP, max(0.0, wait))
        except DatabaseError as trouble:
            self.stderr.write(f"the database does not answer, trying again: {trouble}")
            connection.close()
            return AFTER_TROUBLE
