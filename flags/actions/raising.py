"""A rule saw something: raise a flag, or add the evidence to the one that is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.clock import BEIJING, database_now, rfc3339
from core.queries import calendar
from flags.entries import FlagEntry
from flags.models import JUDGED, LIVE, Flag, Moved, Status, SwitchedOff
from flags.queries.windows import window
from flags.rows import Window
from flags.rules import About, Found, Rule, Scope, look
from flags.rules.life import is_new
from flags.rulesets import CURRENT, FlagRules, flag_rules
from journal.actions import lock_case
from journal.actions import open_case as open_file

_JOINT = "/"
# These name themselves; a pair, a buyer or a department is flagged once in each market.
_ALONE = (About.REQUEST, About.AUCTION, About.CONTRACT, About.MARKET)


@transaction.atomic(durable=True)
def look_again() -> int:
    """Look at the year of one thing that moved, and raise what the rules see; 0 if nothing is due.

    Any number of clocks may: what one looks at, another passes by.
    """
    due = Moved.objects.filter(due_at__lte=database_now()).order_by("due_at")
    moved = due.select_for_update(skip_locked=True).first()
    if moved is None:
        return 0
    scope, key = Scope(moved.scope), tuple(moved.key.split(_JOINT))
    # Taken away before the look: what moves meanwhile makes a new row.
    moved.delete()
    numbers = flag_rules()
    seen = window(scope, key, database_now())
    raise_all(seen, scope, numbers)
    return 1


def raise_all(seen: Window, scope: Scope, numbers: FlagRules) -> list[Flag]:
    """Raise what the rules of that scope find in the window. Part of a larger verb."""
    off = set(SwitchedOff.objects.values_list("rule", "version"))
    where = seen.key if scope == Scope.MARKET else ()
    found = [(rule, one) for rule, one in look(seen, scope, numbers) if (rule.code, rule.version) not in off]
    # In one order, so that two clocks never wait for each other.
    found.sort(key=lambda pair: (pair[0].code, pair[1].subject))
    return [flag for rule, one in found if (flag := _raise(rule, one, where, numbers)) is not None]


def _raise(rule: Rule, found: Found, where: tuple[str, ...], numbers: FlagRules) -> Flag | None:
    """The flag raised or grown; None if there is nothing new."""
    key = _JOINT.join(found.subject if found.about in _ALONE else (*where, *found.subject))
    known = Flag.objects.filter(rule=rule.code, subject_key=key)
    live = known.filter(status__in=LIVE).first()
    rows = [dict(row) for row in found.evidence]
    if live is not None:
        return _grow(live, found, rows, numbers)
    judged = [row for flag in known.filter(status__in=JUDGED, version=rule.version) for row in flag.evidence]
    if judged and not is_new(rows, judged, numbers.life):
        return None
    number = _next_number()
    held = open_file(number)
    due_at = calendar().add(held.now, int(numbers.life["triage_wd"]))
    flag = Flag.objects.create(
        number=number,
        case_id=held.id,
        rule=rule.code,
        version=rule.version,
        ruleset=CURRENT,
        about=found.about.value,
        subject=list(found.subject),
        subject_key=key,
        item=where[0] if where else "",
        region=where[1] if where else "",
        agencies=list(found.agencies),
        severity=rule.severity,
        numbers=dict(found.numbers),
        evidence=rows,
        raised_at=held.now,
        due_at=due_at,
    )
    held.append(FlagEntry.RAISED, _said(flag, found, numbers, due_at))
    return flag


def _grow(live: Flag, found: Found, rows: list[dict[str, Any]], numbers: FlagRules) -> Flag | None:
    """More evidence for a flag that is still open; one that is watched comes back to be looked at."""
    held = lock_case(live.number)
    flag = Flag.objects.get(pk=live.pk)
    if flag.status not in LIVE or not is_new(rows, flag.evidence, numbers.life):
        return None
    flag.numbers, flag.evidence, flag.agencies = dict(found.numbers), rows, list(found.agencies)
    if flag.status == Status.WATCH:
        flag.status = Status.RAISED
        flag.due_at = calendar().add(held.now, int(numbers.life["triage_wd"]))
    flag.save()
    held.append(FlagEntry.GROWN, {"numbers": flag.numbers, "sha256": found.digest, "rows": len(rows)})
    return flag


def _said(flag: Flag, found: Found, numbers: FlagRules, due_at: datetime) -> dict[str, Any]:
    return {
        "rule": {"code": flag.rule, "version": flag.version, "ruleset": numbers.id, "sha256": numbers.sha256},
        "about": flag.about,
        "subject": flag.subject,
        "numbers": flag.numbers,
        "evidence": {"rows": len(found.evidence), "sha256": found.digest},
        "due_at": rfc3339(due_at),
    }


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('flags_flag_number')")
        (serial,) = cursor.fetchone()
    return f"F-{database_now().astimezone(BEIJING).year}-{serial:06d}"


@transaction.atomic
def note_moved(what: Iterable[tuple[Scope, tuple[str, ...]]], due_at: datetime) -> int:
    """Let these be looked at, once each; what already waits keeps its date. Part of a larger verb."""
    rows = [Moved(scope=scope.value, key=_JOINT.join(key), due_at=due_at) for scope, key in sorted(set(what))]
    Moved.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
