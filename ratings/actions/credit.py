"""The two ledgers of credit (R7): acts and ratings, what becomes of them, and the credit cached from both.

Each row has its entry in the agency's case file; whoever writes one computes the credit anew in the same transaction.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from accounts.models import Kind, Organisation, User
from accounts.notices import tell
from agencies.models import Agency
from contracts.models import Contract
from core.clock import rfc3339, to_milliseconds
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from ratings import shapes
from ratings.actions.refreshing import refresh
from ratings.actions.sealing import about_act, append_sealed, erase
from ratings.entries import CreditEntry
from ratings.models import Act, ActEvent, ActEventKind, Rating, RatingEvent, Relation
from ratings.papers import moment
from ratings.rules.act_refusals import NothingToDecide, ObjectedAlready, ObjectionOver
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from ratings.rules.standing import months_after
from ratings.rulesets import credit_rules

__all__ = [
    "decide_objection",
    "lapse_objection",
    "note_act",
    "object_to_act",
    "refresh",
    "repair_act",
    "strike_act",
    "take_rating",
    "weigh_rating",
]

_ENDED = (ActEventKind.STRUCK, ActEventKind.REPAIRED)


def note_act(
    held: Held,
    agency: Agency,
    code: str,
    *,
    source: str,
    evidence: str,
    path: str,
    contract: Contract | None = None,
    happened_at: datetime | None = None,
    decided: bool,
) -> Act | None:
    """Note an act that costs points; None if this source was noted before. Part of a larger verb, under the agency's case.

    The outcome of a case (`decided`) counts at once, a fact of the system after five working days to object. It is
    public for its tier's months from when it counts.
    """
    if Act.objects.filter(agency=agency, code=code, source=source).exists():
        return None
    rules = credit_rules()
    kind = rules.conduct.acts[code]
    counts_from = held.now if decided else calendar().add(held.now, rules.conduct.objection_wd)
    expires_at = months_after(counts_from, rules.conduct.tiers[kind.tier].months)
    happened = min(to_milliseconds(happened_at), held.now) if happened_at else held.now
    act = Act(
        agency=agency,
        code=code,
        tier=kind.tier,
        points=kind.points,
        source=source,
        contract=contract,
        evidence=evidence,
        path=path,
        ruleset=rules.id,
        happened_at=happened,
        noted_at=held.now,
        counts_from=counts_from,
        expires_at=expires_at,
    )
    act.seq = append_sealed(held, CreditEntry.NOTED, about_act(source, code), shapes.noted(act)).seq
    act.save()
    subject = gettext_noop("记录一项失信行为，扣 %(points)s 分：%(evidence)s")
    if not decided:
        subject = gettext_noop("拟扣 %(points)s 分：%(evidence)s；可在 %(until)s 前提出异议")
    _tell(agency, subject, points=str(kind.points), evidence=evidence, until=moment(counts_from))
    refresh(held, agency)
    return act


def strike_act(held: Held, act: Act, because: str, by: User | None = None) -> None:
    """The act does not count and never did. Once; `because` is told to the agency. Part of a larger verb."""
    if _end(held, act, ActEventKind.STRUCK, because, by):
        _tell(act.agency, gettext_noop("扣分已撤销：%(evidence)s"), evidence=act.evidence)


def repair_act(held: Held, act: Act, by: User | None = None) -> None:
    """The act was made good: it leaves C, pages, API and files (P22.3). Once. Part of a larger verb, which tells the agency."""
    _end(held, act, ActEventKind.REPAIRED, "", by)


def take_rating(held: Held, agency: Agency, contract: Contract, x: Decimal, parts: dict[str, str]) -> Rating:
    """Take a finished contract's rating, `x` in [0, 1], into the ledger of quality. Part of a larger verb, under the agency's case."""
    x = x.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    request = contract.award.request
    rules = credit_rules()
    rating = Rating(
        agency=agency,
        contract=contract,
        item=request.item,
        buyer=contract.buyer,
        group=contract.buyer.uscc,
        amount=contract.price,
        x=x,
        parts=parts,
        ruleset=rules.id,
        at=held.now,
    )
    rating.seq = held.append(CreditEntry.RATED, shapes.rated(rating)).seq
    rating.save()
    refresh(held, agency)
    return rating


def weigh_rating(held: Held, rating: Rating, relation: Relation, because: str) -> None:
    """From now on the rating counts as `relation` says; `because` names no person. Part of a larger verb, under the agency's case."""
    entry = {"rating": rating.seq, "relation": relation.value, "because": because}
    seq = held.append(CreditEntry.WEIGHED, entry).seq
    RatingEvent.objects.create(rating=rating, relation=relation, because=because, at=held.now, seq=seq)
    refresh(held, rating.agency)


@transaction.atomic(durable=True)
def object_to_act(user: User, organisation: Organisation, act_id: int, text: str) -> ActEvent:
    """The agency objects, once, before the act counts; until decided it does not count.

    Raises Http404, ReasonsMissing, ObjectedAlready or ObjectionOver.
    """
    mine = Act.objects.filter(agency__organisation=organisation).select_related("agency__organisation")
    act = get_object_or_404(mine, pk=act_id)
    held = lock_case(f"A-{act.agency.uscc}")
    said = clean(text)
    if not said:
        raise ReasonsMissing()
    if act.events.exists():
        raise ObjectedAlready()
    if held.now >= act.counts_from:
        raise ObjectionOver(until=moment(act.counts_from))
    due_at = calendar().add(held.now, credit_rules(act.ruleset).conduct.objection_decision_wd)
    seq = held.append(CreditEntry.OBJECTED, {"act": act.seq, "due_at": rfc3339(due_at)}).seq
    event = ActEvent.objects.create(
        act=act, kind=ActEventKind.OBJECTED, at=held.now, by=user, text=said, due_at=due_at, seq=seq
    )
    refresh(held, act.agency)
    return event


@transaction.atomic(durable=True)
def decide_objection(user: User, officer: Organisation, act_id: int, text: str, *, upheld: bool) -> ActEvent:
    """An officer, with reasons: the objection is upheld and the act struck, or the act stands.

    Raises Http404, NotAnOfficer, ReasonsMissing or NothingToDecide.
    """
    act = get_object_or_404(Act.objects.select_related("agency__organisation"), pk=act_id)
    if officer.kind != Kind.REGULATOR or officer.pk == act.agency.organisation_id:
        raise NotAnOfficer()
    held = lock_case(f"A-{act.agency.uscc}")
    said = clean(text)
    if not said:
        raise ReasonsMissing()
    _judge_open(act)
    if upheld:
        strike_act(held, act, said, user)
    else:
        seq = held.append(CreditEntry.UPHELD, {"act": act.seq}).seq
        ActEvent.objects.create(act=act, kind=ActEventKind.UPHELD, at=held.now, by=user, text=said, seq=seq)
        _tell(act.agency, gettext_noop("异议不成立，扣分维持：%(evidence)s"), evidence=act.evidence)
        refresh(held, act.agency)
    return act.events.latest("pk")


@transaction.atomic(durable=True)
def lapse_objection(act_id: int) -> bool:
    """Silence of the regulators decides for the agency: 20 working days after the date of the answer the act is struck."""
    act = Act.objects.select_related("agency__organisation").get(pk=act_id)
    held = lock_case(f"A-{act.agency.uscc}")
    try:
        objection = _judge_open(act)
    except NothingToDecide:
        return False
    assert objection.due_at is not None
    if held.now < calendar().add(objection.due_at, credit_rules(act.ruleset).exit.lapse_wd):
        return False
    strike_act(held, act, "")
    return True


def _judge_open(act: Act) -> ActEvent:
    events = list(act.events.all())
    objected = [event for event in events if event.kind == ActEventKind.OBJECTED]
    if not objected or len(events) > 1:
        raise NothingToDecide()
    return objected[0]


def _end(held: Held, act: Act, kind: ActEventKind, because: str, by: User | None) -> bool:
    if act.events.filter(kind__in=_ENDED).exists():
        return False
    entry = CreditEntry.STRUCK if kind is ActEventKind.STRUCK else CreditEntry.REPAIRED
    seq = held.append(entry, {"act": act.seq}).seq
    if kind is ActEventKind.REPAIRED:
        erase(held, about_act(act.source, act.code))
    ActEvent.objects.create(act=act, kind=kind, at=held.now, by=by, text=because, seq=seq)
    refresh(held, act.agency)
    return True


def _tell(agency: Agency, subject: str, **facts: str) -> None:
    tell(agency.organisation_id, subject, facts, f"/a/{agency.uscc}/credit/", event="credit.act")
