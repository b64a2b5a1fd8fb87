"""Which entries an address is told of: those of public case files that its organisation asked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from agencies.models import Agency
from api.models import HookDelivery, Scope, Webhook
from bidding.models import Enrolment
from contracts.models import Contract
from core.clock import database_now
from journal.models import Entry
from marketplace.models import Request
from ratings.queries.exits import public_cases

# Requests, agencies and inspections are public from their first entry; exit cases only once a measure is published.
_PUBLIC = ("GS-", "A-", "I-")
_EXIT = "X-"


def take(entries: Sequence[Entry]) -> int:
    """Make a message of each entry for each address that wants it; how many. Part of the follower's transaction."""
    shown = list(_public(entries))
    hooks = list(Webhook.objects.filter(disabled_at__isnull=True).select_related("organisation"))
    if not hooks or not shown:
        return 0
    owners, now = _owners({entry.case.name for entry in shown}), database_now()
    made = [
        HookDelivery(webhook=hook, entry=entry, made_at=now, next_try_at=now)
        for entry in shown
        for hook in hooks
        if _wants(hook, entry, owners)
    ]
    HookDelivery.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _wants(hook: Webhook, entry: Entry, owners: dict[str, set[int]]) -> bool:
    if hook.kinds and not entry.kind.startswith(tuple(hook.kinds)):
        return False
    return hook.scope == Scope.ALL or hook.organisation_id in owners[entry.case.name]


def _public(entries: Sequence[Entry]) -> Iterable[Entry]:
    exits = {entry.case.name for entry in entries if entry.case.name.startswith(_EXIT)}
    shown = set(public_cases().filter(number__in=exits).values_list("number", flat=True)) if exits else set()
    return (entry for entry in entries if entry.case.name.startswith(_PUBLIC) or entry.case.name in shown)


def _owners(cases: set[str]) -> dict[str, set[int]]:
    """Case file → whose it is: the buyer, who enrolled (told to itself alone), the parties, the agency itself."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = [
        Request.objects.filter(number__in=cases).values_list("number", "buyer"),
        Enrolment.objects.filter(request__number__in=cases).values_list("request__number", "agency__organisation"),
        Contract.objects.filter(award__request__number__in=cases).values_list("award__request__number", "agency"),
    ]
    for number, organisation in (row for some in rows for row in some):
        found[str(number)].add(organisation)
    codes = [name.removeprefix("A-") for name in cases if name.startswith("A-")]
    for uscc, organisation in Agency.objects.filter(organisation__uscc__in=codes).values_list(
        "organisation__uscc", "organisation"
    ):
        found[f"A-{uscc}"].add(organisation)
    for number, organisation in public_cases().filter(number__in=cases).values_list("number", "agency__organisation"):
        found[number].add(organisation)
    return found
