"""The register of inspectors (执法检查人员名录库), and what keeps whom from inspecting whom."""

from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import Kind, Membership, Organisation, User
from agencies.models import Agency
from core.clock import database_now
from core.text import clean
from ratings.models import Inspector, Interest
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from ratings.rules.inspections import CertificateTaken


@transaction.atomic(durable=True)
def enter_inspector(by: Organisation, user: User, certificate: str) -> Inspector:
    """Enter a colleague with a certificate. Raises NotAnOfficer, Http404 for a stranger, ReasonsMissing or CertificateTaken."""
    _must_be_regulator(by)
    if not Membership.objects.filter(user=user, organisation=by).exists():
        raise Http404
    number = clean(certificate)
    if not number:
        raise ReasonsMissing()
    try:
        with transaction.atomic():
            return Inspector.objects.create(user=user, organisation=by, certificate=number, since=database_now())
    except IntegrityError as error:
        raise CertificateTaken() from error


@transaction.atomic(durable=True)
def retire_inspector(by: Organisation, pk: int) -> None:
    """No later draw has this inspector; what was drawn before stays. Raises NotAnOfficer or Http404."""
    _must_be_regulator(by)
    changed = Inspector.objects.filter(pk=pk, organisation=by, retired_at__isnull=True).update(
        retired_at=database_now()
    )
    if not changed:
        raise Http404


@transaction.atomic(durable=True)
def declare_interest(by: Organisation, pk: int, agency: Agency, reason: str) -> Interest:
    """An inspector does not inspect an agency, for this reason. Raises NotAnOfficer, Http404 or ReasonsMissing."""
    _must_be_regulator(by)
    inspector = Inspector.objects.filter(pk=pk, organisation=by, retired_at__isnull=True).first()
    if inspector is None:
        raise Http404
    said = clean(reason)
    if not said:
        raise ReasonsMissing()
    made, _new = Interest.objects.update_or_create(
        inspector=inspector, agency=agency, defaults={"reason": said, "declared_at": database_now()}
    )
    return made


def _must_be_regulator(by: Organisation) -> None:
    if by.kind != Kind.REGULATOR:
        raise NotAnOfficer()
