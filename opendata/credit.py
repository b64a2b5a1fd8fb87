"""What of credit is public now, as it is shared: of one agency, of one buyer."""

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Organisation
from agencies.models import Agency
from core.clock import rfc3339
from opendata.models import CreditKind
from opendata.rules.credit import Item
from ratings.models import Ending, ExitCase
from ratings.queries.buyers import credit_of_buyer
from ratings.queries.credit import act_facts
from ratings.queries.exits import public_cases
from ratings.rules.conduct import ActFact, ActStatus, status_of
from ratings.wording import ACTS


def of_agency(agency: Agency, now: datetime) -> dict[str, Item]:
    """Key → what is shared of an agency: its credit, the acts that count, the measures that were published.

    An act that is objected to, struck, repaired or expired is not shared, nor is a measure that was repaired.
    """
    found = {f"agency:{agency.uscc}": Item(CreditKind.AGENCY, agency.uscc, _credit(agency))}
    for act in act_facts(agency):
        if status_of(act, now) is ActStatus.COUNTS:
            found[f"act:{agency.uscc}:{act.seq}"] = Item(CreditKind.ACT, agency.uscc, _act(agency, act))
    for case in public_cases().filter(agency=agency):
        found[f"measure:{case.number}"] = Item(CreditKind.MEASURE, agency.uscc, _measure(case))
    return found


def of_buyer(buyer: Organisation, now: datetime) -> dict[str, Item]:
    """Key → what is shared of a buyer: its credit, once enough contracts make one."""
    credit = credit_of_buyer(buyer, now)
    content = {
        "name": buyer.name,
        "contracts": credit.contracts,
        "score": None if credit.score is None else str(credit.score),
        "terms": {term.name: None if term.points is None else str(term.points) for term in credit.terms},
        "url": f"{settings.SITE_URL}/b/{buyer.uscc}/credit/",
    }
    return {f"buyer:{buyer.uscc}": Item(CreditKind.BUYER, buyer.uscc, content)}


def _credit(agency: Agency) -> dict[str, Any]:
    point = agency.credit_points.order_by("-at", "-pk").first()
    return {
        "name": agency.organisation.name,
        "region": agency.organisation.region_id,
        "standing": agency.standing,
        "grade": agency.grade,
        "credit": None if agency.credit is None else str(agency.credit),
        "conduct": None if point is None else str(point.conduct),
        "quality": None if point is None or point.quality is None else str(point.quality),
        "computed_at": None if point is None else rfc3339(point.at),
        "url": f"{settings.SITE_URL}/a/{agency.uscc}/credit/",
    }


def _act(agency: Agency, act: ActFact) -> dict[str, Any]:
    return {
        "name": agency.organisation.name,
        "code": act.code,
        "title": str(ACTS[act.code]) if act.code in ACTS else act.code,
        "tier": act.tier,
        "points": str(act.points),
        "evidence": act.evidence,
        "happened_at": rfc3339(act.happened_at),
        "counts_from": rfc3339(act.counts_from),
        "expires_at": rfc3339(act.expires_at),
        "url": f"{settings.SITE_URL}/a/{agency.uscc}/credit/#act-{act.seq}",
    }


def _measure(case: ExitCase) -> dict[str, Any]:
    """A decision that was annulled stays, as a correction as prominent as the notice (R8)."""
    stands = case.ending != Ending.ANNULLED
    return {
        "name": case.agency.organisation.name,
        "number": case.number,
        "measure": case.measure,
        "months": case.months,
        "items": list(case.items),
        "trigger": case.trigger,
        "state": "annulled" if not stands else case.step,
        "published_at": _time(case.published_at),
        "effect_at": _time(case.effect_at) if stands else None,
        "until": _time(case.until) if stands else None,
        "ended_at": _time(case.ended_at),
        "url": f"{settings.SITE_URL}/exits/{case.number}/",
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
