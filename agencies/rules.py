"""Judgements about agencies: bans, whether a qualification is held on a day, how soon a certificate runs out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import QualificationStatus, Standing
from core.errors import Refused


class BannedByLaw(Refused):
    """A removal (清退) is in force; registering again does not end it (R2, R8)."""

    code = "E_BANNED"
    basis = ("P20.9", "P22.4", "R8")
    field = "uscc"
    message = _("该机构已被清退，禁入期至 %(until)s")
    fix = _("禁入期满并完成整改后可以重新入驻；对决定不服的可以申诉")


class Expiry(StrEnum):
    """How near the end of a certificate is; agencies are told at 60, 30 and 7 days."""

    EXPIRED = "expired"
    IN_7 = "in_7"
    IN_30 = "in_30"
    IN_60 = "in_60"
    FINE = "fine"

    @property
    def label(self) -> str | Promise:
        """What a reader sees; empty when nothing is due."""
        return _EXPIRY_LABELS[self]


_EXPIRY_LABELS: dict[Expiry, str | Promise] = {
    Expiry.EXPIRED: _("已过期"),
    Expiry.IN_7: _("7 天内到期"),
    Expiry.IN_30: _("30 天内到期"),
    Expiry.IN_60: _("60 天内到期"),
    Expiry.FINE: "",
}
_EXPIRY_DAYS = ((7, Expiry.IN_7), (30, Expiry.IN_30), (60, Expiry.IN_60))


@dataclass(frozen=True)
class Certificate:
    """The facts of one qualification that judgements need. Both days belong to the validity."""

    kind: str
    number: str
    valid_from: date
    valid_until: date
    status: QualificationStatus
    # The day on which the issuer took it back, as the register says it; only a revoked one has it.
    revoked_on: date | None = None


class Holding(StrEnum):
    """Whether an agency holds a kind of qualification on a day, and if not, why."""

    HELD = "held"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REJECTED = "rejected"
    MISSING = "missing"


@dataclass(frozen=True)
class Verdict:
    """The answer of `holds`, with the certificate it rests on; none for MISSING."""

    holding: Holding
    certificate: Certificate | None = None

    @property
    def held(self) -> bool:
        """Is it held?"""
        return self.holding is Holding.HELD


def holds(certificates: Iterable[Certificate], kind: str, on: date) -> Verdict:
    """Does one of `certificates` show `kind` on that day (R2)?

    A claim counts until it is rejected: truth is checked at the award, existence and expiry at enrolment. Of several
    certificates the best speaks: valid, then not yet valid, then expired, then revoked, then rejected; the later end first.
    """
    found = [
        Verdict(_holding(one, on), one)
        for one in sorted(certificates, key=lambda one: one.valid_until, reverse=True)
        if one.kind == kind
    ]
    order = list(Holding)
    return min(found, key=lambda verdict: order.index(verdict.holding), default=Verdict(Holding.MISSING))


def expiry(valid_until: date, today: date) -> Expiry:
    """How near the end is. The last day still counts."""
    left = (valid_until - today).days
    if left < 0:
        return Expiry.EXPIRED
    return next((state for days, state in _EXPIRY_DAYS if left <= days), Expiry.FINE)


def refuse_if_banned(standing: Standing, until: datetime | None, now: datetime) -> None:
    """Raise BannedByLaw while a removal is in force; one without an end lasts until it is lifted."""
    if standing is Standing.REMOVED and (until is None or now < until):
        raise BannedByLaw(until=f"{until:%Y-%m-%d}" if until else str(_("另行决定")))


def _holding(certificate: Certificate, on: date) -> Holding:
    if certificate.status is QualificationStatus.REJECTED:
        return Holding.REJECTED
    if certificate.revoked_on is not None and on >= certificate.revoked_on:
        return Holding.REVOKED
    if on > certificate.valid_until:
        return Holding.EXPIRED
    if on < certificate.valid_from:
        return Holding.NOT_YET
    return Holding.HELD


def median(counts: Iterable[tuple[Decimal, int]]) -> float | None:
    """The median of values of which there are so many each, as PostgreSQL's `percentile_cont(0.5)` has it; of none, None.

    A value may come several times, and a count may be negative: what counts is their sum.
    """
    many: Counter[Decimal] = Counter()
    for value, count in counts:
        many[value] += count
    of = sum(many.values())
    if not of:
        return None
    reached, both = 0, []
    for value in sorted(many):
        before, reached = reached, reached + many[value]
        both += [float(value)] * sum(before <= place < reached for place in ((of - 1) // 2, of // 2))
    return both[0] + 0.5 * (both[1] - both[0])


def bound(middle: float) -> Decimal:
    """Credits above it, and no others, are above `middle` when compared as floating point numbers.

    Credits have one decimal; `middle` may lie between two of them, or be one of them but for its last bit.
    """
    near = Decimal(middle).quantize(Decimal("0.1"))
    return near if float(near) <= middle else near - Decimal("0.1")
