"""How a complaint ends: not accepted, dismissed, or upheld with what that costs."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.models import Organisation, User
from accounts.notices import tell
from core.clock import rfc3339
from core.text import clean
from journal.actions import Held
from journal.canon import commitment
from marketplace.entries import party
from ratings.actions.complaints.handling import numbers_of
from ratings.actions.complaints.hold import hold_as_officer, secrets
from ratings.actions.complaints.news import tell_complainer
from ratings.actions.credit import note_act
from ratings.actions.sealing import about_act, append_sealed
from ratings.entries import ComplaintEntry
from ratings.models import Act, Complaint, ComplaintStatus
from ratings.rules import complaints as rules
from ratings.rules.exit_refusals import ReasonsMissing
from ratings.rules.standing import months_after
from ratings.rulesets import credit_rules

UPHELD_ACT = "complaint_upheld"


@dataclass(frozen=True)
class Finding:
    """What an officer found; `act` is the act it costs an agency, `summary` what everybody may read."""

    upheld: bool
    reasons: str
    summary: str = ""
    act: str = UPHELD_ACT


@transaction.atomic(durable=True)
def refuse_acceptance(user: User, by: Organisation, number: str, reasons: str) -> Complaint:
    """不予受理, with the reason. Raises ComplaintStep, ReasonsMissing or NamesComplainer."""
    held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.FILED)
    _end(held, complaint, ComplaintStatus.NOT_ACCEPTED, user, reasons)
    held.append(ComplaintEntry.NOT_ACCEPTED, _closed(complaint))
    return complaint


@transaction.atomic(durable=True)
def decide_complaint(user: User, by: Organisation, number: str, finding: Finding) -> Complaint:
    """Upheld or dismissed, with reasons. Upheld on an agency, it enters the ledger of conduct in the same transaction.

    Raises ComplaintStep, ConflictOfInterest, ReasonsMissing, NotHeard, SummaryMissing, ActUnknown or NamesComplainer.
    """
    held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.INVESTIGATING)
    if finding.upheld:
        _uphold(held, complaint, user, finding)
    else:
        _end(held, complaint, ComplaintStatus.DISMISSED, user, finding.reasons)
        held.append(ComplaintEntry.DISMISSED, _closed(complaint))
        _tell_subject(complaint, gettext_noop("%(number)s 反映的事项经调查不成立"))
    return complaint


def _uphold(held: Held, complaint: Complaint, user: User, finding: Finding) -> None:
    rules.judge_heard(complaint.put_at, complaint.stated_at, complaint.statement_until, held.now)
    complaint.summary = clean(finding.summary)
    if not complaint.summary:
        raise rules.SummaryMissing()
    rules.judge_words([complaint.summary], secrets(complaint))
    numbers = credit_rules()
    complaint.public_until = months_after(held.now, numbers_of(complaint).public_months)
    if complaint.agency is not None:
        if finding.act not in numbers.conduct.acts:
            raise rules.ActUnknown(code=finding.act)
        complaint.act_code = finding.act
        complaint.public_until = months_after(held.now, _months(finding.act))
    _end(held, complaint, ComplaintStatus.UPHELD, user, finding.reasons)
    if complaint.agency is None:
        held.append(ComplaintEntry.UPHELD, _upheld(complaint))
    else:
        # Falls silent with the act it costs, when that is repaired (P22.3).
        append_sealed(
            held, ComplaintEntry.UPHELD, about_act(_source(complaint), complaint.act_code), _upheld(complaint)
        )
        _note(held, complaint)
    _tell_subject(complaint, gettext_noop("%(number)s 反映的事项经调查成立，结果已公开"))


def _note(held: Held, complaint: Complaint) -> Act | None:
    assert complaint.agency is not None
    with override("zh-hans"):
        evidence = _("投诉 %(number)s 成立：%(summary)s") % {"number": complaint.number, "summary": complaint.summary}
    return note_act(
        held,
        complaint.agency,
        complaint.act_code,
        source=_source(complaint),
        evidence=evidence[:300],
        path=f"/a/{complaint.agency.uscc}/#complaints",
        happened_at=complaint.filed_at,
        decided=True,
    )


def _source(complaint: Complaint) -> str:
    return f"complaint:{complaint.number}"


def _end(held: Held, complaint: Complaint, status: ComplaintStatus, user: User, reasons: str) -> None:
    said = clean(reasons)
    if not said:
        raise ReasonsMissing()
    rules.judge_words([said], secrets(complaint))
    complaint.status, complaint.reasons = status, said
    complaint.decided_by, complaint.decided_at = user, held.now
    complaint.due_at = None
    complaint.save()
    tell_complainer(complaint)


def _closed(complaint: Complaint) -> dict[str, Any]:
    """An outcome that burdens nobody says neither the reproach nor the reasons, but holds to them."""
    said = {"number": complaint.number, "reasons": complaint.reasons}
    return {"complaint": complaint.number, "commitment": commitment("complaint-outcome", bytes(complaint.salt), said)}


def _upheld(complaint: Complaint) -> dict[str, Any]:
    subject = complaint.answerable
    assert complaint.public_until is not None
    entry: dict[str, Any] = {
        "complaint": complaint.number,
        "kind": complaint.kind,
        "subject": party(subject) if subject else {"name": complaint.department},
        "summary": complaint.summary,
        "reasons": complaint.reasons,
        "public_until": rfc3339(complaint.public_until),
    }
    if complaint.item_id is not None:
        entry["item"] = complaint.item_id
    if complaint.act_code:
        entry["act"] = complaint.act_code
    return entry


def _months(code: str) -> int:
    conduct = credit_rules().conduct
    return conduct.tiers[conduct.acts[code].tier].months


def _tell_subject(complaint: Complaint, subject: str) -> None:
    """Only a subject that was asked: others never heard of it, unless it was upheld."""
    party_told = complaint.answerable
    if party_told is not None and complaint.put_at is not None:
        path = f"/desk/complaints/about-us/{complaint.number}/"
        tell(party_told.pk, subject, {"number": complaint.number}, path, event="credit.act")
