"""Write down what changed of what is shared of credit, in numbers without a gap."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import override

from accounts.models import Kind, Organisation
from agencies.models import Agency
from core.clock import database_now
from journal.models import Entry
from marketplace.models import Request
from opendata import credit
from opendata.actions.bulk import withdraw_now
from opendata.models import BulkFile, BulkKind, CreditChange, CreditKind, CreditLook
from opendata.rules.credit import Item, changes
from ratings.models import ExitCase

# Of a request's case file, what a buyer's credit is made of.
_OF_BUYERS = ("payment.", "acceptance.", "delivery.", "evaluation.", "contract.", "complaint.")
_LOOK_AGAIN = timedelta(hours=12)
_AT_ONCE = 50


def take(entries: Sequence[Entry]) -> None:
    """Of everybody whom these entries are about, write down what changed. Part of the follower's transaction."""
    now = database_now()
    names = {one.case.name for one in entries}
    cases = ExitCase.objects.filter(number__in=names).values_list("agency__organisation__uscc", flat=True)
    codes = {name.removeprefix("A-") for name in names if name.startswith("A-")} | set(cases)
    _write(Agency.objects.filter(organisation__uscc__in=codes), (), now)
    numbers = {one.case.name for one in entries if one.kind.startswith(_OF_BUYERS)}
    _write((), Organisation.objects.filter(requests__number__in=numbers).distinct(), now)


@transaction.atomic(durable=True)
def sweep(now: datetime) -> int:
    """Look again at some of those who were not looked at for half a day, the longest ago first; how many."""
    _alone()
    before = now - _LOOK_AGAIN
    looked = Q(credit_look__isnull=True) | Q(credit_look__at__lt=before)
    buys = Exists(Request.objects.filter(buyer=OuterRef("pk"), number__isnull=False))
    some = list(Organisation.objects.filter(looked, Q(kind=Kind.AGENCY) | buys).order_by("pk")[:_AT_ONCE])
    agencies = [one.pk for one in some if one.kind == Kind.AGENCY]
    _write(Agency.objects.filter(organisation__in=agencies), [one for one in some if one.kind != Kind.AGENCY], now)
    for one in some:
        CreditLook.objects.update_or_create(organisation=one, defaults={"at": now})
    return len(some)


def _write(agencies: Iterable[Agency], buyers: Iterable[Organisation], now: datetime) -> None:
    """Under the lock that gives numbers out. What must leave the file of the night takes the file along."""
    _alone()
    removed = False
    with override("zh-hans"):
        for agency in agencies:
            kinds = (CreditKind.AGENCY, CreditKind.ACT, CreditKind.MEASURE)
            removed |= _note(_known(agency.uscc, *kinds), credit.of_agency(agency, now), now)
        for buyer in buyers:
            removed |= _note(_known(buyer.uscc, CreditKind.BUYER), credit.of_buyer(buyer, now), now)
    if removed:
        withdraw_now(list(BulkFile.objects.filter(kind=BulkKind.CREDIT)))


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('opendata credit', 0))")


def _known(uscc: str, *kinds: CreditKind) -> dict[str, Item]:
    rows = CreditChange.objects.filter(uscc=uscc, kind__in=kinds, newest=True, content__isnull=False)
    return {one.key: Item(one.kind, one.uscc, one.content or {}) for one in rows}


def _note(known: Mapping[str, Item], holds: Mapping[str, Item], now: datetime) -> bool:
    """Append the changes; was something corrected or removed that was shared before?"""
    found = changes(known, holds)
    if not found:
        return False
    keys = [one.key for one in found]
    CreditChange.objects.filter(key__in=keys, newest=True).update(newest=False, content=None)
    last = CreditChange.objects.aggregate(last=Max("seq"))["last"] or 0
    CreditChange.objects.bulk_create(
        CreditChange(seq=last + n, key=one.key, kind=one.kind, uscc=one.uscc, at=now, content=one.content)
        for n, one in enumerate(found, 1)
    )
    return any(one.content is None for one in found)
