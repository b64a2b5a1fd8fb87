"""What officers see of exit cases: all of it, with who may do what next, and why somebody may not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.tasks import Task, tasks_of
from core.clock import database_now
from core.errors import Refused
from journal.queries import entries_of
from marketplace.models import ServiceItem
from ratings import basis
from ratings.actions.exits.grip import officers_of
from ratings.entries import ExitEntry
from ratings.models import (
    DocumentKind,
    ExitCase,
    Interim,
    Look,
    Reentry,
    Repair,
    RepairStatus,
    Step,
)
from ratings.queries.dates import Date, dates_for_officers
from ratings.rules.exits import judge_defence_over, judge_eyes, judge_reviewer

_PATH = (Step.OPENED, Step.NOTICED, Step.HEARING, Step.DECIDING, Step.PROPOSED, Step.DECIDED, Step.IN_FORCE)


@dataclass
class Verb:
    """Something that can be done with a case now; `blocked` says why not by this reader (conflict of interest)."""

    name: str
    label: str
    blocked: str = ""
    form: Any = None
    primary: bool = False


@dataclass(frozen=True)
class Stop:
    """One step of R8 on the line that shows where a case is."""

    label: str
    state: str


@dataclass
class CasePage:
    """One case as an officer sees it."""

    case: ExitCase
    verbs: list[Verb]
    arguments: list[str] = field(default_factory=list)
    interim: Interim | None = None
    reentry: Reentry | None = None
    repairs: Sequence[Repair] = ()
    looks: Sequence[Look] = ()
    dates: Sequence[Date] = ()

    @property
    def rule(self) -> str:
        """What the case rests on, in words."""
        return basis.rule_of(self.case)

    @property
    def discretion(self) -> list[str]:
        """What may be decided."""
        return basis.discretion_of(self.case)

    @property
    def answered(self) -> list[tuple[str, str]]:
        """Each argument of the defence with the answer that was decided on, if any."""
        answers = [*self.case.answers, *[""] * len(self.arguments)]
        return list(zip(self.arguments, answers, strict=False))

    @property
    def sent_back(self) -> str:
        """Why the second officer sent the newest proposal back, while it has not been decided anew."""
        if self.case.step != Step.DECIDING:
            return ""
        moved = entries_of(self.case.number).filter(kind=ExitEntry.STEPPED).order_by("-seq").first()
        return moved.data.get("sent_back", "") if moved else ""

    @property
    def stops(self) -> list[Stop]:
        """The steps of R8, with those behind it, the one it is at, and those ahead."""
        at = Step(self.case.step)
        place = _PATH.index(at) if at in _PATH else len(_PATH)
        line = [
            Stop(str(step.label), "done" if n < place else "now" if n == place else "ahead")
            for n, step in enumerate(_PATH)
            if step not in (Step.HEARING, Step.PROPOSED) or n == place
        ]
        return line if at in _PATH else [*line, Stop(str(at.label), "now")]

    @property
    def items(self) -> list[ServiceItem]:
        """What the agency offers, that a suspension can be limited to."""
        return list(ServiceItem.objects.filter(offerings__agency=self.case.agency).order_by("code"))


def inbox(organisation: Organisation, now: datetime) -> list[Task]:
    """Everything that waits for a regulator: the graver first, then the nearest date."""
    return sorted(tasks_of(organisation, now), key=lambda task: -task.severity)


def following(organisation: Organisation, here: str, now: datetime) -> Task | None:
    """The first thing in the inbox that is not on the page at `here`, its path."""
    return next((task for task in inbox(organisation, now) if task.href.partition("#")[0] != here), None)


def case_for_officer(number: str) -> ExitCase:
    """The case of that number with everything beside it; raises Http404."""
    officers = (
        "opened_by",
        "confirmed_by",
        "dismissed_by",
        "noticed_by",
        "decided_by",
        "seconded_by",
        "heard_by",
        "appeal_decided_by",
    )
    related = ("agency__organisation", "case", *officers)
    return get_object_or_404(ExitCase.objects.select_related(*related), number=number)


def cases(step: str = "") -> QuerySet[ExitCase]:
    """All cases, or those at a step, the nearest date first; raises Http404 for an unknown step."""
    found = ExitCase.objects.select_related("agency__organisation")
    if step:
        if step not in Step.values:
            raise Http404(step)
        found = found.filter(step=step)
    return found.order_by("due_at", "-opened_at")


def page_for(case: ExitCase, user: User) -> CasePage:
    """What this officer may do with the case, and what not because of what he did before."""
    interim = Interim.objects.filter(case=case).select_related("ordered_by").first()
    reentry = Reentry.objects.filter(case=case).first()
    repairs = list(case.repairs.select_related("asked_by"))
    defences = case.documents.filter(kind=DocumentKind.DEFENCE).order_by("pk")
    arguments = [text for one in defences for part in one.body["sections"] for text in part["paragraphs"]]
    verbs = [*_verbs(case, user), *_side_verbs(case, user, interim, reentry)]
    looks = list(Look.objects.filter(subject__startswith=case.number).select_related("by")[:20])
    dates = dates_for_officers(case, interim, reentry, repairs)
    return CasePage(case, verbs, arguments, interim, reentry, repairs, looks, dates)


def _verbs(case: ExitCase, user: User) -> list[Verb]:
    now = database_now()
    match Step(case.step):
        case Step.OPENED:
            return [Verb("notice", _("发出告知书"), primary=True), Verb("dismiss", _("不予立案"))]
        case Step.HEARING:
            blocked = _conflict("hear", case, user)
            if case.hearing_at is None:
                return [Verb("set_hearing", _("确定听证时间"), blocked, primary=True)]
            return [
                Verb("minutes", _("归档听证笔录"), blocked, primary=True),
                Verb("set_hearing", _("更改听证时间"), blocked),
            ]
        case Step.DECIDING:
            blocked = _conflict("decide", case, user) or _refusal(lambda: judge_defence_over(case.defence_until, now))
            return [Verb("decide", _("作出决定"), blocked, primary=True)]
        case Step.PROPOSED:
            return [Verb("second", _("第二人审议"), _conflict("second", case, user), primary=True)]
        case Step.APPEALED:
            return [Verb("decide_appeal", _("作出申诉决定"), _conflict("appeal", case, user), primary=True)]
        case _:
            return []


def _side_verbs(case: ExitCase, user: User, interim: Interim | None, reentry: Reentry | None) -> list[Verb]:
    found = []
    if interim is None and case.step in (Step.OPENED, Step.NOTICED, Step.HEARING, Step.DECIDING, Step.PROPOSED):
        found.append(Verb("interim", _("暂时停止")))
    elif interim is not None and interim.ended_at is None and interim.reviewed_at is None:
        blocked = _refusal(lambda: judge_reviewer(user.pk, interim.ordered_by_id))
        found.append(Verb("review_interim", _("复核暂时停止"), blocked, primary=True))
    if reentry is not None and reentry.status == RepairStatus.ASKED:
        found.append(Verb("decide_reentry", _("审核重新入驻"), _conflict("appeal", case, user), primary=True))
    return found


def _conflict(act: str, case: ExitCase, user: User) -> str:
    return _refusal(lambda: judge_eyes(act, user.pk, officers_of(case)))


def _refusal(judge: Any) -> str:
    try:
        judge()
    except Refused as refused:
        return refused.text
    return ""
