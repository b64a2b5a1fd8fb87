"""Recording why a buyer chose whom (选择理由)."""

import hashlib
from collections.abc import Sequence

from django.db import transaction

from accounts.models import Organisation, User
from journal.actions import Held, lock_case
from marketplace.models import Request
from ratings.actions.evaluations.hold import words
from ratings.entries import ChoiceEntry
from ratings.models import Choice
from ratings.queries.comparing import agencies_named, canonical, choice_in, chosen_of, comparison, own_request
from ratings.rules.comparison import NoFreeChoice, judge_choice, judge_chosen


@transaction.atomic(durable=True)
def record_choice(user: User, by: Organisation, number: str, usccs: Sequence[str], text: str) -> Choice:
    """Freeze the comparison of these agencies for the request as it stands now into its case file, with the reason, once.

    Raises Http404 for a request that is not the buyer's own, NoFreeChoice, ChoiceRecorded, UnknownAgency, TooFewToCompare,
    ChosenNotCompared, WordsMissing or PersonalInPublicText.
    """
    own_request(by, number)
    held = lock_case(number)
    return _freeze(held, own_request(by, number), user, usccs, text)


def freeze_at_publication(held: Held, request: Request, user: User) -> None:
    """What its buyer compared while it wrote a direct request, as all stands when it is published, with the reason it gives.

    Part of publishing. Raises as `record_choice` does.
    """
    if request.compared:
        _freeze(held, request, user, request.compared, request.direct_reason)


def _freeze(held: Held, request: Request, user: User, usccs: Sequence[str], text: str) -> Choice:
    judge_choice(request.method, request.status, recorded=choice_in(request) is not None)
    chosen = chosen_of(request)
    if chosen is None:
        raise NoFreeChoice()
    agencies = agencies_named(usccs)
    document = comparison(agencies, request.item, request.region, held.now)
    judge_chosen(chosen.uscc, chosen.organisation.name, [one.uscc for one in agencies])
    reason, body = words(text), canonical(document)
    sha256 = hashlib.sha256(body).hexdigest()
    entry = held.append(
        ChoiceEntry.RECORDED,
        {
            "chosen": {"uscc": chosen.uscc, "name": chosen.organisation.name},
            "compared": [{"uscc": one.uscc, "name": one.organisation.name} for one in agencies],
            "comparison": sha256,
            "reason": reason,
        },
    )
    return Choice.objects.create(
        request=request, chosen=chosen, body=body, sha256=sha256, reason=reason, by=user, at=held.now, seq=entry.seq
    )
