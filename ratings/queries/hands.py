"""Who did the latest thing to what officers share, so that whoever comes second hears it: 王某已在 14:02 处理 (UX 2.18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import BEIJING, database_now
from ratings.models import Complaint, ExitCase, Interim, Reentry, Repair

Done = tuple[User | None, datetime | None]


@dataclass(frozen=True)
class Hand:
    """An officer, and when he acted."""

    by: User
    at: datetime

    def told(self) -> str:
        """One sentence for a colleague."""
        at = self.at.astimezone(BEIJING)
        today = at.date() == database_now().astimezone(BEIJING).date()
        return _("%(name)s 已在 %(at)s 处理") % {
            "name": self.by,
            "at": f"{at:%H:%M}" if today else f"{at:%Y-%m-%d %H:%M}",
        }


def of_case(case: ExitCase) -> Hand | None:
    """The latest that an officer did to an exit case."""
    paper = case.documents.filter(by__memberships__organisation__kind="regulator").order_by("-at", "-pk").first()
    interim = Interim.objects.filter(case=case).first()
    reentry = Reentry.objects.filter(case=case).first()
    return latest(
        [
            (case.dismissed_by, case.ended_at),
            (case.noticed_by, case.noticed_at),
            (case.heard_by, case.hearing_held_at),
            (case.decided_by, case.decided_at),
            (case.seconded_by, case.published_at),
            (case.appeal_decided_by, case.appeal_decided_at),
            (paper.by, paper.at) if paper else (None, None),
            (interim.ordered_by, interim.ordered_at) if interim else (None, None),
            (interim.reviewed_by, interim.reviewed_at) if interim else (None, None),
            (reentry.decided_by, reentry.decided_at) if reentry else (None, None),
        ]
    )


def of_repair(repair: Repair) -> Hand | None:
    """Who decided it."""
    return latest([(repair.decided_by, repair.decided_at)])


def of_complaint(complaint: Complaint) -> Hand | None:
    """Whoever accepted, put or decided it: its handler of the moment."""
    moved = max(filter(None, [complaint.accepted_at, complaint.put_at]), default=None)
    return latest([(complaint.handler, moved), (complaint.decided_by, complaint.decided_at)])


def latest(done: Iterable[Done]) -> Hand | None:
    """The last of these; None while nobody has acted."""
    hands = [Hand(by, at) for by, at in done if by is not None and at is not None]
    return max(hands, key=lambda hand: hand.at, default=None)
