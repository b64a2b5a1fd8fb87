"""The entries of selections by draw, by credit and direct ones. Labels stand for agencies, but for a short list's names."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bidding.entries import Draft, Kind
from core.clock import rfc3339
from core.money import wire


def credit_noted(scores: Iterable[Mapping[str, str]]) -> Draft:
    """Each entrant's credit when enrolment closed: `{"label", "k", "grade"}`, K with one decimal, in the order of labels."""
    return Kind.CREDIT_NOTED, {"scores": sorted((dict(one) for one in scores), key=lambda one: one["label"])}


def short_listed(labels: list[str], due_at: datetime, reveals: Iterable[dict[str, str]]) -> Draft:
    """The first drawn, from whom the buyer picks until `due_at`; their names open here."""
    return Kind.SHORTLISTED, {"labels": labels, "pick_until": rfc3339(due_at), "reveals": list(reveals)}


def picked(label: str, reason: str) -> Draft:
    """The buyer's choice, with the reason it gives to the public."""
    return Kind.PICKED, {"label": label, "reason": reason}


def pick_lapsed() -> Draft:
    """The buyer chose nobody in time: the first drawn of the short list follows."""
    return Kind.PICK_LAPSED, {}


def direct_asked(due_at: datetime) -> Draft:
    """The agency named in the notice is asked to confirm until `due_at`."""
    return Kind.DIRECT_ASKED, {"confirm_until": rfc3339(due_at)}


def direct_confirmed(label: str, amount: int) -> Draft:
    return Kind.DIRECT_CONFIRMED, {"label": label, "amount": wire(amount)}


def direct_declined(reason: str) -> Draft:
    """The reason is public."""
    return Kind.DIRECT_DECLINED, {"reason": reason}
