"""The draws of a request: put off while a compulsory contribution is missing, sealed with their list (R4).

Parts of larger verbs: the case is held by the caller.
"""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_noop

from accounts.notices import tell
from bidding.actions.courses.ending import wait
from bidding.models import Stage
from core.queries import calendar
from draws import actions as draws
from draws.models import Draw
from draws.queries import course_of
from journal.actions import Held
from journal.lots import DrawList, Entry
from marketplace.models import Request
from marketplace.rulesets import Contributions, ruleset

# What the sealed list says of those left out, by the codes of `bidding.rules.barring`.
BARRED = {
    "suspended": "被暂停",
    "removed": "被清退",
    "withdrawn": "已自行退出平台",
    "item_locked": "被限制参与该事项",
    "probation_limit": "已达观察期限额",
}


def draw_of(request: Request, which: str = "D") -> Draw:
    """A draw of the request; raises Draw.DoesNotExist."""
    return Draw.objects.get(name=f"{request.number}-{which}")


def closed(held: Held, request: Request, draw: Draw) -> bool:
    """Is the draw ready to be sealed? If not, the selection waits for its close, put off where somebody is missing.

    Whoever is missing decides nothing by it: before the seal nothing is open, and everybody else's bytes are committed to.
    """
    if held.now >= draw.closes_at:
        course = course_of(draw)
        missing = course.compulsory - course.contributed
        if not missing:
            return True
        days = ruleset(request.ruleset).of(Contributions).put_off_wd
        draws.extend(held, draw, calendar().add(held.now, days))
        if "buyer" in missing:
            subject = gettext_noop("%(number)s 的抽取仍缺贵单位的随机数，已顺延")
            tell(
                request.buyer_id, subject, {"number": request.number}, f"/r/{request.number}/", event="request.progress"
            )
    wait(request.selection, Stage.DRAWING, due_at=draw.closes_at)
    return False


def seal(held: Held, request: Request, draw: Draw, listed: Iterable[Entry], excluded: Mapping[str, str]) -> None:
    """Seal the list under the request's rule set, and wait for the draw."""
    draws.seal(held, draw, DrawList.of(listed, excluded, f"{request.ruleset}; {draw.name}"))
    wait(request.selection, Stage.DRAWING, for_draw=draw)
    ask_to_reveal(request)


def ask_to_reveal(request: Request) -> None:
    """Tell the buyer that a list is sealed, and that its random bytes may be opened."""
    subject = gettext_noop("%(number)s 的抽取名单已封存，请公开贵单位的随机数")
    tell(request.buyer_id, subject, {"number": request.number}, f"/r/{request.number}/", event="request.progress")
