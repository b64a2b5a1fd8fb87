"""What agencies do about themselves. Each verb holds the agency's case file and appends to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import rules as identity
from accounts.actions import Applicant, found
from accounts.models import Kind, Organisation, User
from agencies import commitments, policies, rules
from agencies.certificates.answers import forget_look_up
from agencies.entries import AgencyEntry
from agencies.models import (
    Agency,
    Commitment,
    PastWork,
    Qualification,
    QualificationKind,
    QualificationStatus,
    Standing,
    Tie,
    TieNature,
)
from core.clock import database_now
from core.errors import Refused
from core.models import StoredFile
from core.text import clean, initials
from journal.actions import Held, lock_case, open_case

CASE = "A-{}"
_PROFILE = ("intro", "website", "legal_representative")
_ORGANISATION = ("name", "region", "address", "contact_name", "contact_phone")


class NotYourAgency(Refused):
    """Only an agency's own members edit its page."""

    code = "E_NOT_YOUR_AGENCY"
    basis = ("P20.5",)
    message = _("只有该机构的成员可以修改其资料")
    fix = _("用该机构的账户登录")


class QualificationKnown(Refused):
    """The certificate is there already: stored once, reused everywhere (P13.2)."""

    code = "E_QUALIFICATION_KNOWN"
    basis = ("P13.2",)
    field = "number"
    message = _("编号为 %(number)s 的同类证书已经登记")
    fix = _("修改原有登记，无需重复上传")


class EndsBeforeItBegins(Refused):
    """A certificate's last day lies before its first."""

    code = "E_VALIDITY"
    field = "valid_until"
    message = _("有效期至 %(valid_until)s 早于有效期自 %(valid_from)s")
    fix = _("请对照证书重新填写")


class TieKnown(Refused):
    """The tie is declared already and lasts."""

    code = "E_TIE_KNOWN"
    basis = ("P20.1", "I10")
    field = "department"
    message = _("与%(department)s的这项关系已经声明")


class NotADepartment(Refused):
    """Ties are declared to departments."""

    code = "E_NOT_A_DEPARTMENT"
    basis = ("P20.1",)
    field = "department"
    message = _("%(name)s不是政府部门")


@dataclass(frozen=True)
class Claim:
    """What an agency says about one certificate."""

    kind: QualificationKind
    number: str
    issued_by: str
    valid_from: date
    valid_until: date
    file: StoredFile | None = None


@transaction.atomic
def register(applicant: Applicant, *, signed: bool) -> Agency:
    """Register an agency; it is active and may enrol at once (P19.1). Its commitment opens its case file (P22.1).

    Raises for I3's reasons alone: UsccInvalid, IdentityNotShown, CommitmentUnsigned or BannedByLaw.
    """
    identity.judge_commitment(signed=signed)
    _refuse_banned(identity.read_uscc(applicant.uscc))
    user, organisation = found(applicant, Kind.AGENCY)
    held = open_case(CASE.format(organisation.uscc))
    agency = Agency.objects.create(
        organisation=organisation,
        case_id=held.id,
        registered_at=held.now,
        pinyin=initials(organisation.name),
    )
    _commit(held, agency, user)
    return agency


@transaction.atomic
def change_profile(user: User, agency: Agency, changes: Mapping[str, Any]) -> Agency:
    """Change what the agency says about itself. `changes` maps field names of the agency or its organisation to values."""
    held, agency = hold(user, agency)
    organisation = agency.organisation
    changed = [
        *_assign(agency, changes, _PROFILE),
        *_assign(organisation, changes, _ORGANISATION),
    ]
    if changed:
        agency.pinyin = initials(organisation.name)
        organisation.save()
        agency.save()
        renamed = {"name": organisation.name} if "name" in changed else {}
        held.append(AgencyEntry.PROFILE_CHANGED, {"fields": changed, **renamed})
    return agency


@transaction.atomic
def claim_qualification(user: User, agency: Agency, claim: Claim) -> Qualification:
    """State a certificate; it counts at once and is checked at an award (R2). Raises QualificationKnown."""
    held, agency = hold(user, agency)
    qualification = Qualification(agency=agency)
    return _claim(held, qualification, claim)


@transaction.atomic
def change_qualification(user: User, qualification: Qualification, claim: Claim) -> Qualification:
    """State a certificate anew: other facts are a new claim, so an earlier check no longer covers them."""
    held, _agency = hold(user, qualification.agency)
    qualification.refresh_from_db()
    return _claim(held, qualification, claim)


@transaction.atomic
def take_back_qualification(user: User, qualification: Qualification) -> None:
    """Take a claim off the page; the entries about it stay."""
    held, _agency = hold(user, qualification.agency)
    held.append(AgencyEntry.QUALIFICATION_TAKEN_BACK, {"kind": qualification.kind_id, "number": qualification.number})
    qualification.delete()


@transaction.atomic
def declare_tie(user: User, agency: Agency, department: Organisation, nature: TieNature) -> Tie:
    """Declare a tie to a department; from now on it keeps the agency out of that department's requests (P20.1, I10).

    Raises NotADepartment or TieKnown.
    """
    held, agency = hold(user, agency)
    if department.kind != Kind.DEPARTMENT:
        raise NotADepartment(name=department.name)
    try:
        with transaction.atomic():
            tie = Tie.objects.create(agency=agency, department=department, nature=nature, declared_at=held.now)
    except IntegrityError as error:
        raise TieKnown(department=department.name) from error
    held.append(AgencyEntry.TIE_DECLARED, _tie_data(tie))
    return tie


@transaction.atomic
def end_tie(user: User, tie: Tie) -> None:
    """State in public that a tie has ended; ended twice is ended once."""
    held, _agency = hold(user, tie.agency)
    if Tie.objects.filter(pk=tie.pk, ended_at__isnull=True).update(ended_at=held.now):
        held.append(AgencyEntry.TIE_ENDED, _tie_data(tie))


@transaction.atomic
def show_work(user: User, agency: Agency, *, title: str, client: str, year: int, summary: str = "") -> PastWork:
    """Show past work on the page; its own claim, nothing depends on it."""
    held, agency = hold(user, agency)
    work = PastWork.objects.create(
        agency=agency, title=clean(title), client=clean(client), year=year, summary=clean(summary)
    )
    held.append(AgencyEntry.WORK_SHOWN, {"title": work.title, "year": work.year})
    return work


@transaction.atomic
def take_down_work(user: User, work: PastWork) -> None:
    """Take past work off the page."""
    held, _agency = hold(user, work.agency)
    held.append(AgencyEntry.WORK_TAKEN_DOWN, {"title": work.title, "year": work.year})
    work.delete()


def _refuse_banned(uscc: str) -> None:
    known = Agency.objects.filter(organisation__uscc=uscc).first()
    if known:
        rules.refuse_if_banned(Standing(known.standing), known.standing_until, database_now())


def _commit(held: Held, agency: Agency, user: User) -> None:
    text = commitments.AGENCY
    organisation = agency.organisation
    Commitment.objects.create(
        agency=agency, version=text.version, text_sha256=text.sha256, signed_by=user, signed_at=held.now
    )
    data = {"name": organisation.name, "uscc": organisation.uscc, "region": organisation.region_id}
    held.append(AgencyEntry.COMMITTED, {**text.as_entry(), **data})


def hold(user: User, agency: Agency) -> tuple[Held, Agency]:
    """Lock the case file, then read the agency anew and make sure the user may edit it."""
    held = lock_case(CASE.format(agency.uscc))
    agency = Agency.objects.select_related("organisation__region").get(pk=agency.pk)
    if not policies.may_edit(user, agency):
        raise NotYourAgency
    return held, agency


def _assign(row: Agency | Organisation, changes: Mapping[str, Any], allowed: tuple[str, ...]) -> list[str]:
    changed = []
    for name in allowed:
        if name not in changes:
            continue
        value = clean(changes[name]) if isinstance(changes[name], str) else changes[name]
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def _claim(held: Held, qualification: Qualification, claim: Claim) -> Qualification:
    if claim.valid_until < claim.valid_from:
        raise EndsBeforeItBegins(valid_from=claim.valid_from.isoformat(), valid_until=claim.valid_until.isoformat())
    if (qualification.kind_id, qualification.number) != (claim.kind.pk, clean(claim.number)):
        forget_look_up(qualification)
    qualification.look_up_at = held.now
    qualification.kind, qualification.number = claim.kind, clean(claim.number)
    qualification.issued_by = clean(claim.issued_by)
    qualification.valid_from, qualification.valid_until = claim.valid_from, claim.valid_until
    qualification.file = claim.file or qualification.file
    qualification.status = QualificationStatus.CLAIMED
    try:
        with transaction.atomic():
            qualification.save()
    except IntegrityError as error:
        if "qualification_once_per_agency" not in str(error):
            raise
        raise QualificationKnown(number=qualification.number) from error
    data = {
        "kind": qualification.kind_id,
        "number": qualification.number,
        "valid_from": claim.valid_from.isoformat(),
        "valid_until": claim.valid_until.isoformat(),
        "file": qualification.file.sha256 if qualification.file else None,
    }
    held.append(AgencyEntry.QUALIFICATION_CLAIMED, data)
    return qualification


def _tie_data(tie: Tie) -> dict[str, Any]:
    department = tie.department
    return {"department": {"name": department.name, "uscc": department.uscc}, "nature": tie.nature}
