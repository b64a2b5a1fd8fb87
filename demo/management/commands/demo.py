"""`manage.py demo`: an invented year in an empty database, and an auction that opens as soon as the clock runs."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.chores import FOLLOWERS
from demo import stage, words
from demo.actions import nobody_here, seed
from flags import clockwork as flags
from journal.clockwork import seal_due
from journal.following import skip
from stats.actions import recompute_all


class Command(BaseCommand):
    help = "Fill an empty database with an invented year: agencies, buyers, requests with their case files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, metavar="N", help="N times as many of everything")
        parser.add_argument(
            "--requests", type=int, default=0, metavar="N", help="at least N, those beyond the year short"
        )
        parser.add_argument("--agencies", type=int, default=0, metavar="N", help="at least N agencies")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is somebody already")

    def handle(self, *, scale: int, requests: int, agencies: int, if_empty: bool, verbosity: int, **_: Any) -> None:
        if scale < 1:
            raise CommandError("--scale is a whole number from 1.")
        if not nobody_here():
            if if_empty:
                return
            raise CommandError("The database holds organisations already; `manage.py reset` makes an empty one.")
        started = monotonic()
        told = seed(scale, crowd=requests, agencies=agencies)
        stage.keep_going(words.source("stage"))
        # The year was told without the log: nobody has followed it, and whoever begins with its start has looked at it already.
        recompute_all()
        seal_due()
        skip(flags.FOLLOWER, *FOLLOWERS)
        if verbosity:
            self.stdout.write(f"{told:,} requests in {monotonic() - started:.1f} s")
