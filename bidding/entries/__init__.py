"""The entries that selection appends to a request's case file, and their data. One shape each, one place."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.clock import rfc3339
from core.money import wire
from journal import canon


class Kind(StrEnum):
    """What can stand in a request's case file from enrolment to award."""

    ENROLLED = "request.enrolled"
    LEFT = "request.left"
    EXTENDED = "request.extended"
    NOTED = "request.noted"
    ASKED = "question.asked"
    ANSWERED = "question.answered"
    TURNED_AWAY = "enrolment.barred"
    BARRED = "bidder.barred"
    READY = "auction.ready"
    OPENED = "auction.opened"
    BID = "bid.placed"
    FLOOR_SET = "proxy.set"
    FLOOR_WITHDRAWN = "proxy.withdrawn"
    PROLONGED = "auction.extended"
    PAUSED = "auction.paused"
    RESUMES = "auction.resumes"
    RESUMED = "auction.resumed"
    OFFER_SEALED = "offer.sealed"
    OFFER_WITHDRAWN = "offer.withdrawn"
    OFFERS_CLOSED = "offers.closed"
    OFFER_REVEALED = "offer.revealed"
    OFFERS_SHARED = "offers.shared"
    OFFERS_OPENED = "offers.opened"
    TIE_OUT_OPENED = "tie_out.opened"
    TIE_OUT_OFFERED = "tie_out.offered"
    TIE_OUT_CLOSED = "tie_out.closed"
    LOW = "auction.low"
    LOW_JUSTIFIED = "low.justified"
    LOW_DECIDED = "low.decided"
    CLOSED = "auction.closed"
    FAILED = "auction.failed"
    CREDIT_NOTED = "credit.noted"
    SHORTLISTED = "shortlist.drawn"
    PICKED = "shortlist.picked"
    PICK_LAPSED = "shortlist.lapsed"
    DIRECT_ASKED = "direct.asked"
    DIRECT_CONFIRMED = "direct.confirmed"
    DIRECT_DECLINED = "direct.declined"
    PLAN_SUBMITTED = "plan.submitted"
    PLAN_WITHDRAWN = "plan.withdrawn"
    PLANS_CLOSED = "plans.closed"
    EXPERTS_LACKING = "experts.lacking"
    EXPERTS_APPOINTED = "experts.appointed"
    EXPERT_RECUSED = "expert.recused"
    EXPERT_REPLACED = "expert.replaced"
    MARKS_GIVEN = "marks.given"
    MARKS_PUBLISHED = "marks.published"
    SELECTED = "selection.closed"
    SELECTION_FAILED = "selection.failed"
    AWARD = "award.published"
    AWARD_FINAL = "award.final"
    AWARD_DECLINED = "award.declined"
    AWARD_VOIDED = "award.voided"
    PASSED_OVER = "award.passed_over"
    OBJECTION_FILED = "objection.filed"
    OBJECTION_ANSWERED = "objection.answered"
    OBJECTION_COMPLAINED = "objection.complained"
    OBJECTION_EXTENDED = "objection.extended"
    OBJECTION_DECIDED = "objection.decided"
    OBJECTION_CLOSED = "objection.closed"


class PoolKind(StrEnum):
    """In the platform's case file `P`: who is in the pool of experts, by number."""

    NOMINATED = "expert.nominated"
    RETIRED = "expert.retired"


Draft = tuple[str, dict[str, Any]]


def commitment(salt: bytes, uscc: str) -> str:
    """What stands for the agency until the close: `SHA-256("enrolment" ‖ salt ‖ JCS(uscc))`."""
    return canon.commitment("enrolment", salt, uscc)


def enrolled(label: str, salt: bytes, uscc: str) -> Draft:
    return Kind.ENROLLED, {"label": label, "commitment": commitment(salt, uscc)}


def left(label: str) -> Draft:
    return Kind.LEFT, {"label": label}


def turned_away(label: str, because: str) -> Draft:
    """Enrolment ends for an agency that may not take part any more; who it is stays as hidden as before."""
    return Kind.TURNED_AWAY, {"label": label, "because": because}


def barred(label: str, because: str, best: int | None, leader: str | None, closes_at: datetime | None) -> Draft:
    """Every offer of `label` in this selection is void; `best`, `leader` and `closes_at` are what holds in an auction after that."""
    return Kind.BARRED, {
        "label": label,
        "because": because,
        "best": None if best is None else wire(best),
        "leader": leader,
        "closes_at": None if closes_at is None else rfc3339(closes_at),
    }


def extended(enrol_until: datetime, selects_at: datetime, because: str) -> Draft:
    return Kind.EXTENDED, {
        "enrol_until": rfc3339(enrol_until),
        "selects_at": rfc3339(selects_at),
        "because": because,
    }


def noted(text: str, basis: list[str]) -> Draft:
    return Kind.NOTED, {"text": text, "basis": basis}


def ready(ready_at: datetime, opens_at: datetime) -> Draft:
    return Kind.READY, {"ready_at": rfc3339(ready_at), "opens_at": rfc3339(opens_at)}


def opened(opens_at: datetime, closes_at: datetime, hard_end: datetime, ceiling: int, step: int) -> Draft:
    return Kind.OPENED, {
        "opens_at": rfc3339(opens_at),
        "closes_at": rfc3339(closes_at),
        "hard_end": rfc3339(hard_end),
        "ceiling": wire(ceiling),
        "step": wire(step),
    }


def bid(label: str, amount: int) -> Draft:
    return Kind.BID, {"label": label, "amount": wire(amount)}


def prolonged(closes_at: datetime, because: int) -> Draft:
    """`because` is the number of the bid's own entry."""
    return Kind.PROLONGED, {"closes_at": rfc3339(closes_at), "because": because}


def reveal(label: str, salt: bytes, uscc: str, name: str) -> dict[str, str]:
    """Opens one commitment: whoever has `salt` and `uscc` can recompute it."""
    return {"label": label, "uscc": uscc, "name": name, "salt": salt.hex()}


def closed(winner: str, amount: int, reveals: Iterable[dict[str, str]], **more: Any) -> Draft:
    """`more`: the losers' `floors` where there were any, the `market` that the price was held against (R5.8)."""
    return Kind.CLOSED, {"winner": winner, "amount": wire(amount), "reveals": list(reveals), **more}


def selection_closed(winner: str, amount: int, reveals: Iterable[dict[str, str]]) -> Draft:
    """The end of a selection that is no auction: its result, and who stood behind the labels."""
    return Kind.SELECTED, {"winner": winner, "amount": wire(amount), "reveals": list(reveals)}


def selection_failed(reason: str, reveals: Iterable[dict[str, str]]) -> Draft:
    """`reason` as in `failed`, or one of the method's own."""
    return Kind.SELECTION_FAILED, {"reason": reason, "reveals": list(reveals)}


def failed(reason: str, reveals: Iterable[dict[str, str]], **more: Any) -> Draft:
    """`reason` is `no_bids`, `too_few_entrants`, `low_rejected`, `award_declined` or `award_voided`; `more` as in `closed`."""
    return Kind.FAILED, {"reason": reason, "reveals": list(reveals), **more}


def award(label: str, uscc: str, name: str, amount: int, rule: str, standstill_until: datetime) -> Draft:
    return Kind.AWARD, {
        "winner": {"label": label, "uscc": uscc, "name": name},
        "amount": wire(amount),
        "rule": rule,
        "standstill_until": rfc3339(standstill_until),
    }


def award_final() -> Draft:
    return Kind.AWARD_FINAL, {}


def objection_filed(number: int, by: str, text: str, due_at: datetime) -> Draft:
    """`by` is the organisation's name; the text is meant for the public."""
    return Kind.OBJECTION_FILED, {"objection": number, "by": by, "text": text, "answer_due": rfc3339(due_at)}


def objection_answered(number: int, text: str, lapses_at: datetime) -> Draft:
    return Kind.OBJECTION_ANSWERED, {"objection": number, "text": text, "complain_until": rfc3339(lapses_at)}


def objection_complained(number: int, text: str, due_at: datetime) -> Draft:
    return Kind.OBJECTION_COMPLAINED, {"objection": number, "text": text, "decision_due": rfc3339(due_at)}


def objection_extended(number: int, due_at: datetime) -> Draft:
    return Kind.OBJECTION_EXTENDED, {"objection": number, "decision_due": rfc3339(due_at)}


def objection_decided(number: int, *, upheld: bool, text: str) -> Draft:
    return Kind.OBJECTION_DECIDED, {"objection": number, "upheld": upheld, "text": text}


def objection_closed(number: int, because: str) -> Draft:
    """`because` is `withdrawn` or `lapsed`."""
    return Kind.OBJECTION_CLOSED, {"objection": number, "because": because}


def award_declined(label: str, reason: str) -> Draft:
    return Kind.AWARD_DECLINED, {"label": label, "reason": reason}


def award_voided(label: str, objection: int) -> Draft:
    return Kind.AWARD_VOIDED, {"label": label, "objection": objection}


def award_barred(label: str, because: str) -> Draft:
    """The winner may not take part any more before a contract was signed (R8): no fault of the award, no objection."""
    return Kind.AWARD_VOIDED, {"label": label, "because": because}


def passed_over(label: str, because: str) -> Draft:
    """Who would have been next in rank may not take part any more."""
    return Kind.PASSED_OVER, {"label": label, "because": because}
