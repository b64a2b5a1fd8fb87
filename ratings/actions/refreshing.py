"""Compute an agency's credit anew and cache it, in the transaction that changed what it is computed from."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.notices import tell
from accounts.telling import HISTORY
from agencies.models import Agency, Grade, Standing
from core.clock import BEIJING, database_now, to_milliseconds
from journal.actions import Held, lock_case
from ratings.actions.sums import bring_up_to_date
from ratings.models import CreditDue, CreditPoint, GroupSums, QualitySums
from ratings.queries.credit import act_facts, completed_by_year, figures_in_force, floor_of
from ratings.rules.conduct import ActFact, conduct_of_years, next_change
from ratings.rules.score import ItemMean, Scored, mean_before, scored
from ratings.rules.sums import groups_capped_at_most, quality_of_sums
from ratings.rulesets import credit_rules

# Beijing time: when the market sleeps, what decays is computed anew.
_NIGHT = time(2, 0)


def refresh(held: Held, agency: Agency) -> Scored:
    """Compute C, Q, K and the grade as of `held.now`, cache them on the agency, keep them where they changed, and plan
    when time changes them next. Part of a larger verb, under the agency's case.

    Only what changed is looked at again: the same numbers come from all ratings, by `ratings.queries.credit.computed`.
    """
    assert held.name == f"A-{agency.uscc}", f"{held.name} is not the case of {agency.uscc}"
    # What the caller read before the lock may be old.
    agency.refresh_from_db(fields=["standing", "standing_until", "grade", "credit"])
    rules, now = credit_rules(), held.now
    acts, registered_at = act_facts(agency), to_milliseconds(agency.registered_at)
    behaved = conduct_of_years(acts, completed_by_year(agency, now), registered_at, now, rules.conduct)
    sums, q, weight = _quality(agency, now)
    credit = scored(now, behaved.value, floor_of(agency), q, weight, rules)
    if (agency.grade, agency.credit) != (credit.grade, credit.k):
        agency.grade, agency.credit = credit.grade, credit.k
        agency.save(update_fields=["grade", "credit"])
    _keep(agency, credit)
    _plan(agency, _next(agency, acts, now, rated=sums.ratings > 0))
    return credit


def _quality(agency: Agency, now: datetime) -> tuple[QualitySums, Decimal | None, Decimal]:
    """Q and Σw from the sums; no Q without any rating."""
    rules = credit_rules()
    sums, figures = bring_up_to_date(agency, now)
    most = groups_capped_at_most(rules.quality)
    largest = [one.sums for one in GroupSums.objects.filter(agency=agency).order_by("-raw")[:most]]
    means = [ItemMean(item, figures.of(item).mean, times) for item, times in sums.items.items()]
    q, weight = quality_of_sums(sums.sums, largest, now, mean_before(means, rules), rules.quality)
    return sums, q if sums.ratings else None, weight


@transaction.atomic(durable=True)
def refresh_if_due(uscc: str) -> bool:
    """Compute the agency's credit anew if its time has come; whoever is second finds nothing left to do."""
    held = lock_case(f"A-{uscc}")
    agency = Agency.objects.select_related("organisation").get(organisation__uscc=uscc)
    if not CreditDue.objects.filter(agency=agency, due_at__lte=held.now).exists():
        return False
    refresh(held, agency)
    return True


def _keep(agency: Agency, credit: Scored) -> None:
    """One more point of the history, if anything differs from the newest as published."""
    newest = agency.credit_points.order_by("-at", "-pk").first()
    if newest is not None:
        kept = (newest.conduct, newest.quality, newest.credit, newest.grade)
        if kept == (credit.c, credit.q, credit.k, credit.grade):
            return
        _tell(agency, newest, credit)
    CreditPoint.objects.create(
        agency=agency,
        at=credit.at,
        figures=figures_in_force(credit.at)[0],
        conduct=credit.c,
        quality=credit.q,
        weight=credit.weight,
        credit=credit.k,
        grade=credit.grade,
    )


def _tell(agency: Agency, before: CreditPoint, now: Scored) -> None:
    """Another grade at once, more than a point of K in the week's summary; nobody of what was brought in afterwards."""
    if database_now() - now.at > HISTORY:
        return
    facts = {"before": str(before.credit or "–"), "now": str(now.k or "–")}
    page = f"/a/{agency.uscc}/credit/"
    if before.grade != now.grade:
        subject = gettext_noop("信用等级由 %(from)s 变为 %(to)s，信用评分 %(now)s")
        if before.grade == Grade.N:
            subject = gettext_noop("首次评定信用等级：%(to)s，信用评分 %(now)s")
        grades = {**facts, "from": before.grade, "to": now.grade}
        tell(agency.organisation_id, subject, grades, page, event="credit.grade")
    elif before.credit is not None and now.k is not None and abs(before.credit - now.k) > 1:
        subject = gettext_noop("信用评分由 %(before)s 变为 %(now)s")
        tell(agency.organisation_id, subject, facts, page, event="credit.score")


def _plan(agency: Agency, due_at: datetime | None) -> None:
    if due_at is None:
        CreditDue.objects.filter(agency=agency).delete()
    else:
        CreditDue.objects.update_or_create(agency=agency, defaults={"due_at": due_at})


def _next(agency: Agency, acts: Sequence[ActFact], now: datetime, *, rated: bool) -> datetime | None:
    """Acts begin to count and expire, a year of membership ends, a probation ends; and ratings decay every day."""
    coming = [next_change(acts, now)]
    if acts:
        year = timedelta(days=credit_rules().conduct.repeat_window_days)
        registered_at = to_milliseconds(agency.registered_at)
        coming.append(registered_at + ((now - registered_at) // year + 1) * year)
    if rated:
        coming.append(_next_night(now))
    if agency.standing == Standing.PROBATION and agency.standing_until:
        # The standing ends by a move of its own; the credit looks again the night after.
        coming.append(max(_next_night(now), agency.standing_until))
    return min((moment for moment in coming if moment is not None), default=None)


def _next_night(now: datetime) -> datetime:
    local = now.astimezone(BEIJING)
    tonight = datetime.combine(local.date(), _NIGHT, BEIJING)
    return tonight if tonight > local else tonight + timedelta(days=1)
