"""Flags as officers see them, and what everybody may: rules, their precision, and confirmed flags."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from flags.models import JUDGED, LIVE, Flag, Status, SwitchedOff
from flags.rules import RULES, Rule
from flags.rules.life import precision


@dataclass(frozen=True)
class Tally:
    """One rule, and how its flags have fared in its present version."""

    rule: Rule
    raised: int
    live: int
    judged: int
    confirmed: int
    off: SwitchedOff | None

    @property
    def precision(self) -> float | None:
        """The share of judged flags that were right; None while nothing was judged."""
        return precision(self.confirmed, self.judged)

    @property
    def percent(self) -> str:
        """The precision as a page shows it; empty while nothing was judged."""
        return "" if self.precision is None else f"{self.precision:.0%}"


def tallies() -> list[Tally]:
    """Every rule, in the order of R10."""
    counts: Counter[tuple[str, int, str]] = Counter()
    found = Flag.objects.values_list("rule", "version", "status").annotate(count=Count("pk")).order_by()
    for rule, version, status, count in found:
        counts[rule, version, status] = count
    off = {(one.rule, one.version): one for one in SwitchedOff.objects.all()}
    return [_tally(rule, counts, off.get((rule.code, rule.version))) for rule in RULES.values()]


def _tally(rule: Rule, counts: Counter[tuple[str, int, str]], off: SwitchedOff | None) -> Tally:
    by_status = {status: counts[rule.code, rule.version, status] for status in Status.values}
    return Tally(
        rule=rule,
        raised=sum(by_status.values()),
        live=sum(by_status[status] for status in LIVE),
        judged=sum(by_status[status] for status in JUDGED),
        confirmed=by_status[Status.CONFIRMED],
        off=off,
    )


def is_public(number: str) -> bool:
    """Only a confirmed flag is anybody's to know."""
    return Flag.objects.filter(number=number, status=Status.CONFIRMED).exists()


def confirmed() -> QuerySet[Flag]:
    """The flags that turned out right, the newest first."""
    return Flag.objects.filter(status=Status.CONFIRMED).select_related("exit_case").order_by("-concluded_at", "-pk")


def flags(status: str = "", rule: str = "") -> QuerySet[Flag]:
    """For officers: the graver and the sooner due first."""
    found = Flag.objects.select_related("exit_case", "triaged_by", "opened_by", "concluded_by")
    found = found.filter(status=status) if status in Status.values else found.filter(status__in=LIVE)
    if rule in RULES:
        found = found.filter(rule=rule)
    return found.order_by("-severity", "due_at", "-pk")


def waiting() -> QuerySet[Flag]:
    """What asks something of an officer now: to be looked at, or what came of what was referred."""
    asks = Flag.objects.filter(status=Status.RAISED) | Flag.objects.filter(
        status=Status.CASE, exit_case__isnull=True, due_at__isnull=False
    )
    # What a rule said that has since been switched off is in the list of flags, and in nobody's way.
    wrong = Q()
    for rule, version in SwitchedOff.objects.values_list("rule", "version"):
        wrong |= Q(rule=rule, version=version, status=Status.RAISED)
    return (asks.exclude(wrong) if wrong else asks).order_by("-severity", "due_at", "pk")
