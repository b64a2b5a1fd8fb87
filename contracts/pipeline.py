"""A buyer's requests by how far they have come, from draft to paid and done (UX §2.13)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OrderBy, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from contracts.models import Payable
from marketplace.models import Request, RequestStatus

_PAYABLES = Payable.objects.filter(contract__award__request=OuterRef("pk"), settled_at__isnull=True)
_NEWEST: tuple[OrderBy | str, ...] = (F("published_at").desc(nulls_last=True), "-pk")
_ORDERS: dict[str, tuple[OrderBy | str, ...]] = {
    "published": ("enrol_until", "pk"),
    "payment": (F("pay_by").asc(nulls_last=True), *_NEWEST),
}
# `key` stands in addresses; each request is in one stage at most (cancelled ones are in none).
_STAGES: tuple[tuple[str, str | Promise, Q], ...] = (
    ("draft", _("草稿"), Q(status=RequestStatus.DRAFT)),
    ("published", _("公告"), Q(status=RequestStatus.PUBLISHED)),
    ("selecting", _("竞价"), Q(status=RequestStatus.SELECTING)),
    ("standstill", _("公示"), Q(status=RequestStatus.STANDSTILL)),
    ("awarded", _("中选"), Q(status=RequestStatus.AWARDED)),
    ("contract", _("合同"), Q(status=RequestStatus.CONTRACTED, unpaid=False)),
    ("payment", _("付款"), Q(status=RequestStatus.CONTRACTED, unpaid=True)),
    ("completed", _("完成"), Q(status=RequestStatus.COMPLETED)),
    ("failed", _("流标"), Q(status=RequestStatus.FAILED)),
)


@dataclass(frozen=True)
class Stage:
    """A stage and how many requests are in it."""

    key: str
    label: str | Promise
    count: int


def stages_of(buyer: Organisation) -> list[Stage]:
    """Every stage with its count; one query."""
    counts = _own(buyer).aggregate(**{key: Count("pk", filter=which) for key, _label, which in _STAGES})
    return [Stage(key, label, counts[key]) for key, label, _which in _STAGES]


def in_stage(buyer: Organisation, key: str) -> QuerySet[Request] | None:
    """The requests of a stage: the nearest deadline first where there is one, else the newest; None if there is no such stage.

    `pay_by` is the nearest date by which something is to be paid.
    """
    which = {stage: condition for stage, _label, condition in _STAGES}.get(key)
    if which is None:
        return None
    nearest = Subquery(_PAYABLES.order_by("due_at").values("due_at")[:1])
    return _own(buyer).filter(which).annotate(pay_by=nearest).order_by(*_ORDERS.get(key, _NEWEST))


def _own(buyer: Organisation) -> QuerySet[Request]:
    return Request.objects.filter(buyer=buyer).annotate(unpaid=Exists(_PAYABLES))
