"""What the clock does beside the auctions: chores that may wait a moment, or for somebody else's server.

They run in two threads with a connection each, the prompt ones and the long ones, so that an auction never waits for them.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.db import connection

from accounts import clockwork as accounts
from accounts import telling
from agencies import clockwork as agencies
from agencies.certificates import clockwork as certificates
from api import clockwork as api
from bidding import clockwork as bidding
from bidding.telling import tell_starts
from contracts import clockwork as contracts
from core import documents
from core.clock import database_now
from draws import clockwork as draws
from flags import clockwork as flags
from journal import clockwork as journal
from marketplace import alerts
from marketplace import clockwork as marketplace
from opendata import clockwork as opendata
from ratings.clockwork import complaints, credit, evaluation, exits, facts, inspections, lists
from stats import clockwork as stats

log = logging.getLogger(__name__)

# Who tells of what is entered from now on. They begin when a database is prepared: left to the first clock, they would tell
# nobody of what came before it.
FOLLOWERS = (telling.FOLLOWER, alerts.FOLLOWER, stats.FOLLOWER, api.FOLLOWER)
_ROUND = 0.25
AFTER_TROUBLE = 1.0


@dataclass
class Chore:
    """Some work, and how many seconds to leave between two times."""

    every: float
    work: Callable[[], object]
    due: float = 0.0


def prompt_chores() -> list[Chore]:
    """What somebody waits for: seals, notices, openings, payments, the steps of cases; each is done in a moment."""
    return [
        Chore(1, journal.seal_due),
        Chore(0.5, marketplace.tell_of_requests),
        Chore(0.5, contracts.do_due_duties),
        Chore(0.5, contracts.handle_events),
        Chore(1, bidding.bar_where_standing_forbids),
        Chore(1, bidding.open_due_offers),
        Chore(1, bidding.watch_auctions),
        Chore(1, contracts.check_due_payments),
        Chore(5, credit.do_due_credit),
        Chore(1, exits.do_due_cases),
        Chore(30, exits.open_due_cases),
        Chore(1, evaluation.do_due_evaluations),
        Chore(30, complaints.do_due_complaints),
        Chore(30, lists.do_due_lists),
        Chore(1, flags.note_what_moved),
        Chore(1, draws.do_due_draws),
        Chore(1, inspections.do_due_plans),
        Chore(2, stats.follow_log),
        Chore(1, telling.tell_of_entries),
        Chore(5, tell_starts),
        Chore(1, accounts.plan_notices),
        Chore(1, accounts.gather),
        Chore(1, api.follow_the_log),
        Chore(0.5, api.send_in_threads),
    ]


def long_chores() -> list[Chore]:
    """What may take its time, and must not keep the prompt ones waiting: sums, screens, bulk files, other people's registers."""
    return [
        Chore(30, facts.note_facts),
        Chore(2, flags.look_at_what_moved),
        Chore(30, flags.go_on_with_flags),
        Chore(600, inspections.plan_newcomers),
        Chore(5, stats.keep_up),
        Chore(600, agencies.tell_of_certificates),
        Chore(30, certificates.look_up_due),
        Chore(5, opendata.make_bulk_files),
        Chore(5, opendata.share_credit),
        Chore(30, opendata.look_through_credit),
        Chore(600, api.forget),
        Chore(600, lambda: bidding.forget_traces(database_now())),
        Chore(10, lambda: documents.sweep(database_now())),
    ]


def all_chores() -> list[Chore]:
    """Everything there is to do, each package's own."""
    return [*prompt_chores(), *long_chores()]


def run(chores: Sequence[Chore], stop: threading.Event) -> None:
    """Do them in turn until told to stop; one that fails is logged and comes again, and stops no other."""
    while not stop.is_set():
        for chore in chores:
            if time.monotonic() >= chore.due and not stop.is_set():
                _do(chore, stop)
        stop.wait(_ROUND)
    connection.close()


def _do(chore: Chore, stop: threading.Event) -> None:
    try:
        chore.work()
    except DatabaseError as trouble:
        log.warning("the database does not answer, trying again: %s", trouble)
        connection.close()
        stop.wait(AFTER_TROUBLE)
    except Exception:
        log.exception("a chore failed")
    chore.due = time.monotonic() + chore.every
