"""What time does to flags: look at what moved, wake what was watched, follow cases, switch off what is wrong too often."""

from collections.abc import Sequence
from datetime import timedelta

from core.clock import database_now
from flags.actions import follow_case, look_again, switch_off_where_wrong, wake
from flags.actions.raising import note_moved
from flags.models import Flag, Status
from flags.rules import Scope
from flags.rulesets import flag_rules
from journal.following import follow
from journal.models import Entry
from marketplace.models import Request

FOLLOWER = "flags"
_AT_ONCE = 20
# After these something is new in a year: an award or its end, a contract that moves, marks revealed.
_MOVING = ("award.", "contract.signed", "contract.changed", "delivery.made", "evaluation.revealed")


def note_what_moved() -> int:
    """Read along with the log and note which markets, buyers and agencies have to be looked at again."""
    return follow(FOLLOWER, _take, from_start=True)


def look_at_what_moved() -> int:
    """Look at some of it; returns at how many. A fixed amount of work, whatever there is."""
    return sum(1 for _ in range(_AT_ONCE) if look_again())


def go_on_with_flags() -> int:
    """Wake watched flags, follow exit cases, switch off rules; returns how many changed."""
    now = database_now()
    watched = Flag.objects.filter(status=Status.WATCH, due_at__lte=now).order_by("due_at")
    cases = Flag.objects.filter(status=Status.CASE, exit_case__isnull=False).order_by("pk")
    woken = sum(wake(number) for number in list(watched.values_list("number", flat=True)[:_AT_ONCE]))
    settled = cases.filter(exit_case__step__in=("in_force", "ended", "closed", "lapsed"))
    ended = sum(follow_case(number) for number in list(settled.values_list("number", flat=True)[:_AT_ONCE]))
    return woken + ended + switch_off_where_wrong()


def _take(entries: Sequence[Entry]) -> None:
    numbers = {entry.case.name for entry in entries if entry.kind.startswith(_MOVING)}
    due_at = database_now() + timedelta(seconds=flag_rules().life["settle_seconds"])
    moved: set[tuple[Scope, tuple[str, ...]]] = set()
    requests = Request.objects.filter(number__in=numbers)
    fields = ("item", "region", "buyer__uscc", "awards__winner__agency__organisation__uscc")
    for item, region, buyer, agency in requests.values_list(*fields):
        moved |= {(Scope.MARKET, (item, region)), (Scope.BUYER, (buyer,))}
        if agency:
            moved.add((Scope.AGENCY, (agency,)))
    note_moved(moved, due_at)
