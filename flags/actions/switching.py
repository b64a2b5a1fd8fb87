"""A rule that is wrong nine times out of ten is switched off, on record (R10)."""

from django.db import transaction

from flags.entries import FlagEntry
from flags.models import SwitchedOff
from flags.queries.flags import tallies
from flags.rules.life import should_be_off
from flags.rulesets import flag_rules
from journal.actions import lock_platform


@transaction.atomic(durable=True)
def switch_off_where_wrong() -> int:
    """Switch off each rule whose precision is too low after enough reviews; returns how many."""
    life = flag_rules().life
    due = [one for one in tallies() if one.off is None and should_be_off(one.confirmed, one.judged, life)]
    if not due:
        return 0
    held, count = lock_platform(), 0
    for one in due:
        rule = one.rule
        figures = {"judged": one.judged, "confirmed": one.confirmed, "at": held.now}
        _row, made = SwitchedOff.objects.get_or_create(rule=rule.code, version=rule.version, defaults=figures)
        if made:
            entry = {"rule": rule.code, "version": rule.version, "judged": one.judged, "confirmed": one.confirmed}
            held.append(FlagEntry.RULE_OFF, entry)
            count += 1
    return count
