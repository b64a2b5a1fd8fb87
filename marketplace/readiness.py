"""What else has to be there before a request is published; a package above says so, and is asked (such as for experts)."""

from collections.abc import Callable

from marketplace.models import Request
from marketplace.rulesets import RuleSet

Check = Callable[[Request, RuleSet], None]
_checks: list[Check] = []


def held_up_by(check: Check) -> None:
    """Let a package refuse what could not be carried out; called once, when the package is ready."""
    _checks.append(check)


def judge(request: Request, numbers: RuleSet) -> None:
    """Raise the Refused of the first package that cannot carry out this draft under these rules."""
    for check in _checks:
        check(request, numbers)
