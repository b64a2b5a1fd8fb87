"""What time does to agencies' papers: certificates that will run out."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import News, tell_all
from agencies.models import Qualification, QualificationStatus
from core.clock import BEIJING, database_now

# UX §2.20. A clock that was away finds what it missed within these days.
DAYS_LEFT = (60, 30, 7)
_LATE = 3


def tell_of_certificates(now: datetime | None = None) -> int:
    """Tell agencies of certificates that run out in 60, 30 or 7 days, once each; returns how many those are.

    One that another of its kind outlasts needs nothing, nor does one that was rejected.
    """
    today = (now or database_now()).astimezone(BEIJING).date()
    news = []
    for days in DAYS_LEFT:
        last = today + timedelta(days=days)
        rows = Qualification.objects.exclude(status=QualificationStatus.REJECTED).select_related("agency", "kind")
        for row in rows.filter(valid_until__gt=last - timedelta(days=_LATE), valid_until__lte=last):
            longer = rows.filter(agency=row.agency_id, kind=row.kind_id, valid_until__gt=row.valid_until)
            if not longer.exists():
                news.append(_expiring(row, days))
    tell_all(news)
    return len(news)


def _expiring(row: Qualification, days: int) -> News:
    facts = {"kind": row.kind.name_zh, "number": row.number, "until": row.valid_until.isoformat()}
    return News(
        row.agency.organisation_id,
        gettext_noop("资质“%(kind)s”（%(number)s）将于 %(until)s 到期，到期后不能参加需要它的项目"),
        facts,
        reverse("desk_agency"),
        "qualification.expiring",
        once=f"expiring {row.pk} {row.valid_until} {days}",
    )
