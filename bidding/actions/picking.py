"""The buyer picks from the short list (信用择优, R3)."""

from django.db import transaction

from accounts.models import Organisation
from bidding import queries
from bidding.actions.award import hold_agencies
from bidding.actions.barring import bar_under
from bidding.actions.courses.ending import close, decided
from bidding.entries.lots import picked
from bidding.rules import picking as rules
from core.text import clean
from journal.actions import lock_case
from journal.awards.outcome import barred
from marketplace.models import Request


@transaction.atomic(durable=True)
def pick(by: Organisation, number: str, label: str, reason: str) -> Request:
    """Select `label` of the short list, for a reason that is public.

    Raises NotYourPick, NotTheBuyersTurn, PickLate, NotShortListed or PickUnexplained.
    """
    held = lock_case(number)
    request = queries.request_of(number)
    if request.buyer_id != by.pk:
        raise rules.NotYourPick()
    selection = getattr(request, "selection", None)
    stage, due_at = (selection.stage, selection.due_at) if selection else (None, None)
    hold_agencies(request)
    bar_under(held, request)
    void = barred(queries.case_entries(number))
    choice = [one for one in queries.short_list(number) if one not in void]
    rules.judge_pick(stage, due_at, held.now, label=label, choice=choice, reason=clean(reason))
    held.append(*picked(label, clean(reason)))
    close(held, request, decided(held, request))
    return request
