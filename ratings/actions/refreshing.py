"""Compute an agency's credit anew and cache it, in the transaction that changed what it is computed from."""

from datetime import datetime, time, timedelta

from django.db import transaction

from agencies.models import Agency, Standing
from core.clock import BEIJING
from journal.actions import Held, lock_case
from ratings.models import CreditDue, CreditPoint
from ratings.queries.credit import credit_facts, figures_in_force
from ratings.rules.conduct import next_change
from ratings.rules.score import Credit, CreditFacts, compute
from ratings.rulesets import credit_rules

# Beijing time: when the market sleeps, what decays is computed anew.
_NIGHT = time(2, 0)


def refresh(held: Held, agency: Agency) -> Credit:
    """Compute C, Q, K and the grade as of `held.now`, cache them on the agency, keep them where they changed, and plan
    when time changes them next. Part of a larger verb, under the agency's case.
    """
    assert held.name == f"A-{agency.uscc}", f"{held.name} is not the case of {agency.uscc}"
    # What the caller read before the lock may be old.
    agency.refresh_from_db(fields=["standing", "standing_until", "grade", "credit"])
    facts = credit_facts(agency, held.now)
    credit = compute(facts, held.now, credit_rules())
    if (agency.grade, agency.credit) != (credit.grade, credit.k):
        agency.grade, agency.credit = credit.grade, credit.k
        agency.save(update_fields=["grade", "credit"])
    _keep(agency, credit)
    _plan(agency, facts, held.now)
    return credit


@transaction.atomic(durable=True)
def refresh_if_due(uscc: str) -> bool:
    """Compute the agency's credit anew if its time has come; whoever is second finds nothing left to do."""
    held = lock_case(f"A-{uscc}")
    agency = Agency.objects.select_related("organisation").get(organisation__uscc=uscc)
    if not CreditDue.objects.filter(agency=agency, due_at__lte=held.now).exists():
        return False
    refresh(held, agency)
    return True


def _keep(agency: Agency, credit: Credit) -> None:
    """One more point of the history, if anything differs from the newest as published."""
    newest = agency.credit_points.order_by("-at", "-pk").first()
    if newest is not None:
        kept = (newest.conduct, newest.quality, newest.credit, newest.grade)
        if kept == (credit.c, credit.q, credit.k, credit.grade):
            return
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


def _plan(agency: Agency, facts: CreditFacts, now: datetime) -> None:
    due_at = _next(agency, facts, now)
    if due_at is None:
        CreditDue.objects.filter(agency=agency).delete()
    else:
        CreditDue.objects.update_or_create(agency=agency, defaults={"due_at": due_at})


def _next(agency: Agency, facts: CreditFacts, now: datetime) -> datetime | None:
    """Acts begin to count and expire, a year of membership ends, a probation ends; and ratings decay every day."""
    coming = [next_change(facts.acts, now)]
    if facts.acts:
        year = timedelta(days=credit_rules().conduct.repeat_window_days)
        coming.append(facts.registered_at + ((now - facts.registered_at) // year + 1) * year)
    if facts.ratings:
        coming.append(_next_night(now))
    if agency.standing == Standing.PROBATION and agency.standing_until:
        # The standing ends by a move of its own; the credit looks again the night after.
        coming.append(max(_next_night(now), agency.standing_until))
    return min((moment for moment in coming if moment is not None), default=None)


def _next_night(now: datetime) -> datetime:
    local = now.astimezone(BEIJING)
    tonight = datetime.combine(local.date(), _NIGHT, BEIJING)
    return tonight if tonight > local else tonight + timedelta(days=1)
