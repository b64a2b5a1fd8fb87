"""直接选取 (R3): the agency named in the notice is asked, and confirms within its time or there is no award."""

from django.utils.translation import gettext_noop

from accounts.notices import tell
from bidding.actions.courses.ending import fail
from bidding.entries.lots import direct_asked
from bidding.models import Selection, Stage
from core.queries import calendar
from journal.actions import Held
from marketplace.models import Request
from marketplace.rulesets import Direct, ruleset


class DirectCourse:
    """Nobody enrols: whoever is named may confirm (`bidding.actions.direct`)."""

    def begin(self, held: Held, request: Request) -> None:
        assert request.direct_agency is not None
        due_at = calendar().add(held.now, ruleset(request.ruleset).of(Direct).confirm_wd)
        held.append(*direct_asked(due_at))
        Selection.objects.create(request=request, stage=Stage.CONFIRMING, due_at=due_at)
        subject = gettext_noop("采购人在 %(number)s 中选定贵机构，请在期限内确认或说明原因")
        facts = {"number": request.number}
        tell(request.direct_agency.organisation_id, subject, facts, f"/r/{request.number}/", event="request.progress")

    def go_on(self, held: Held, request: Request) -> None:
        """The time to confirm is over."""
        fail(held, request, "unconfirmed")
