"""What a package above has to say when a request is published: what must be there first, and what belongs into its file."""

from collections.abc import Callable

from accounts.models import User
from journal.actions import Held
from marketplace.models import Request
from marketplace.rulesets import RuleSet

Check = Callable[[Request, RuleSet], None]
Writer = Callable[[Held, Request, User], None]
_checks: list[Check] = []
_writers: list[Writer] = []


def held_up_by(check: Check) -> None:
    """Let a package refuse what could not be carried out; called once, when the package is ready."""
    _checks.append(check)


def judge(request: Request, numbers: RuleSet) -> None:
    """Raise the Refused of the first package that cannot carry out this draft under these rules."""
    for check in _checks:
        check(request, numbers)


def completed_by(write: Writer) -> None:
    """Let a package add entries to a publication in its transaction, or refuse it; called once, when the package is ready."""
    _writers.append(write)


def complete(held: Held, request: Request, user: User) -> None:
    """Add to the file of a request just published what the packages have to; raises the first Refused."""
    for write in _writers:
        write(held, request, user)
