"""`manage.py bots`: keep the demo alive until told to stop. Survives restarts and a database that goes away."""

import logging
import signal
import threading
from random import Random
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import connection

from demo.bots import Bots

log = logging.getLogger(__name__)

_TICK, _AFTER_TROUBLE = 0.4, 1.5


class Command(BaseCommand):
    help = "Publish demo requests and bid in them, for ever."

    def handle(self, **_: Any) -> None:
        stop = threading.Event()

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)
        bots = Bots(Random())  # noqa: S311 (invented bids need no secrecy)
        while not stop.is_set():
            stop.wait(self._tick(bots))

    def _tick(self, bots: Bots) -> float:
        try:
            bots.step()
        except DatabaseError as trouble:
            self.stderr.write(f"the database does not answer, trying again: {trouble}")
            connection.close()
            return _AFTER_TROUBLE
        except Exception:
            # One auction that cannot be played must not end the show.
            log.exception("the bots stumbled and go on")
            return _AFTER_TROUBLE
        return _TICK
