"""Look whether credit and history of an agency open a case (R8). A trigger opens, it never sanctions."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.models import Agency
from journal.actions import lock_case
from ratings.actions.exits.opening import open_case
from ratings.models import Act, Ending, ExitCase, Measure, Trigger
from ratings.queries.credit import computed
from ratings.queries.exits import bound
from ratings.rules.conduct import ActStatus
from ratings.rules.score import Credit
from ratings.rules.standing import Found, Record, triggers
from ratings.rulesets import credit_rules

_UPHELD = "complaint_upheld"
_SERIOUS = "serious"


@transaction.atomic(durable=True)
def check_triggers(uscc: str) -> ExitCase | None:
    """Open the hardest case that the agency's record calls for; None if it calls for none, or one is undecided."""
    held = lock_case(f"A-{uscc}")
    agency = Agency.objects.select_related("organisation").get(organisation__uscc=uscc)
    credit = computed(agency, held.now)
    for found in triggers(record_of(agency, credit), held.now, credit_rules().triggers):
        case = open_case(held, agency, found.trigger, found.source, _facts(found, agency, credit), found.proposed)
        if case is not None:
            return case
    return None


def record_of(agency: Agency, credit: Credit) -> Record:
    """What triggers look at, at the moment the credit was computed for."""
    lasting = [term for term in credit.conduct.terms if term.status in (ActStatus.COUNTS, ActStatus.EXPIRED)]
    measures = ExitCase.objects.filter(agency=agency, in_force_at__isnull=False, in_force_at__lte=credit.at)
    stood = measures.exclude(ending__in=[Ending.ANNULLED, Ending.REPAIRED])
    serious = [term for term in lasting if term.fact.tier == _SERIOUS and term.status is ActStatus.COUNTS]
    hard = ExitCase.objects.filter(agency=agency, proposed__in=(Measure.SUSPEND, Measure.REMOVE))
    looked = hard.aggregate(at=Max("opened_at"))["at"]
    complained = set(complaint_acts(agency).values_list("seq", flat=True))
    return Record(
        conduct=credit.c,
        quality=credit.q,
        weight=credit.weight,
        newest_act=max((term.fact.seq for term in lasting), default=0),
        serious=[term.fact.seq for term in serious],
        answered=[term.fact.seq for term in serious if looked and term.fact.noted_at <= looked],
        newest_rating=max((term.fact.seq for term in credit.quality.terms), default=0),
        complaints_upheld=[term.fact.noted_at for term in lasting if term.fact.seq in complained],
        warned=_since(stood.filter(measure=Measure.WARN)),
        suspended=_since(stood.filter(measure=Measure.SUSPEND)),
        weighed=_weighed(agency),
        binding=bound(agency),
    )


def complaint_acts(agency: Agency) -> QuerySet[Act]:
    """Acts that upheld complaints brought about, whatever act the officer named."""
    return Act.objects.filter(agency=agency).filter(Q(code=_UPHELD) | Q(source__startswith="complaint:"))


def _weighed(agency: Agency) -> list[tuple[int, Measure]]:
    """The cases for C below a line, as their sources `act:<newest>:<line>` name them."""
    cases = ExitCase.objects.filter(agency=agency, trigger=Trigger.CONDUCT, source__regex=r"^act:\d+")
    return [(int(source.split(":")[1]), Measure(hard)) for source, hard in cases.values_list("source", "proposed")]


def _since(measures: QuerySet[ExitCase]) -> list[datetime]:
    return [at for at in measures.order_by("in_force_at").values_list("in_force_at", flat=True) if at is not None]


def _facts(found: Found, agency: Agency, credit: Credit) -> list[dict[str, str]]:
    """What the trigger saw, in Chinese, and where the evidence is: case files speak one language."""
    with override("zh-hans"):
        first = {"text": _said(found, credit), "path": f"/a/{agency.uscc}/credit/"}
    if found.trigger is Trigger.SERIOUS:
        act = Act.objects.get(agency=agency, seq=int(found.source.removeprefix("act:")))
        return [{"text": f"{first['text']}：{act.evidence}", "path": act.path}]
    counted = [term for term in credit.conduct.terms if term.status is ActStatus.COUNTS]
    acts = [{"text": term.fact.evidence, "path": term.fact.path} for term in counted]
    return [first, *acts] if found.trigger in (Trigger.CONDUCT, Trigger.COMPLAINTS) else [first]


def _said(found: Found, credit: Credit) -> str:
    numbers = credit_rules().triggers
    match found.trigger:
        case Trigger.CONDUCT:
            lines = {
                Measure.WARN: numbers.warn_conduct,
                Measure.SUSPEND: numbers.suspend_conduct,
                Measure.REMOVE: numbers.remove_conduct,
            }
            return _("守约分 %(c)s，低于 %(line)s") % {"c": credit.c, "line": lines.get(found.proposed, Decimal(0))}
        case Trigger.QUALITY:
            facts = {"q": credit.q, "line": numbers.warn_quality, "weight": credit.weight}
            return _("质量分 %(q)s，低于 %(line)s，评价总权重 %(weight)s") % facts
        case _:
            return str(found.trigger.label)
