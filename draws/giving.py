"""Contribute to draws and open what was contributed: one verb each, whatever is drawn for (R4).

One press may serve many draws. Those of one case file are taken in one transaction: all of them or none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from django.db import transaction

from accounts.models import Organisation, User
from core.errors import Refused
from draws import actions, rules
from draws.models import Draw
from draws.parties import Party, party_in
from draws.queries import course_of
from journal.actions import lock_case
from journal.stages import NoContribution, Stage, stage


def contribute(user: User, by: Organisation, offers: str) -> int:
    """An organisation's contributions to the draws named; returns how many were taken.

    `offers` is what the browser made (`draws.rules.read_offers`). Where nothing at all could be taken it raises the first
    reason: MayNotContribute, ContributionMalformed, ContributionsClosed or ContributedBefore.
    """
    read = rules.read_offers(offers)
    return _case_by_case(read, lambda case, names: _contribute(user, by, case, {name: read[name] for name in names}))


def reveal(by: Organisation, nonces: Mapping[str, bytes]) -> int:
    """Open an organisation's contributions, `nonces` by draw; returns how many.

    Where nothing at all could be opened it raises the first reason: NoContribution, NotYetSealed, OpenedBefore or NonceUnfit.
    """
    return _case_by_case(nonces, lambda case, names: _reveal(by, case, {name: nonces[name] for name in names}))


def _case_by_case(names: Iterable[str], act: Callable[[str, list[str]], int]) -> int:
    wanted = set(names)
    by_case: dict[str, list[str]] = defaultdict(list)
    for name, case in Draw.objects.filter(name__in=wanted).order_by("name").values_list("name", "case__name"):
        by_case[case].append(name)
    if not wanted or sum(map(len, by_case.values())) != len(wanted):
        raise rules.ContributionMalformed()
    taken, refusals = 0, list[Refused]()
    for press in [partial(act, case, found) for case, found in sorted(by_case.items())]:
        try:
            taken += press()
        except Refused as refused:
            refusals.append(refused)
    if refusals and not taken:
        raise refusals[0]
    return taken


@transaction.atomic(durable=True)
def _contribute(user: User, by: Organisation, case: str, offers: Mapping[str, rules.Offer]) -> int:
    held = lock_case(case)
    for draw in Draw.objects.filter(name__in=offers).order_by("name"):
        party, offer = _party(draw, by), offers[draw.name]
        if len(offer.envelope.sealed) != len(draw.trustees["keys"]):
            raise rules.ContributionMalformed()
        actions.contribute(held, draw, party.identity, party.label, user, offer.commitment, offer.envelope)
    for other in Draw.objects.filter(case__name=case, sealed_at__isnull=True).exclude(name__in=offers):
        # Draws of one case that are open together are contributed to together.
        party_there, course = party_in(other, by), course_of(other)
        if (
            party_there
            and stage(course, held.now) == Stage.CONTRIBUTING
            and party_there.identity not in course.contributed
        ):
            raise rules.ContributionMalformed()
    return len(offers)


@transaction.atomic(durable=True)
def _reveal(by: Organisation, case: str, nonces: Mapping[str, bytes]) -> int:
    held = lock_case(case)
    for draw in Draw.objects.filter(name__in=nonces).order_by("name"):
        party = party_in(draw, by)
        if party is None:
            raise NoContribution()
        actions.reveal(held, draw, party.identity, nonces[draw.name])
    return len(nonces)


def _party(draw: Draw, by: Organisation) -> Party:
    found = party_in(draw, by)
    if found is None:
        raise rules.MayNotContribute()
    return found
