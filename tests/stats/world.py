"""A small known market: what ended, when, where, at what price, written as rows and entries without playing it."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding import entries
from bidding.models import Award, AwardStatus, Enrolment
from core.models import Region
from journal.actions import lock_case
from marketplace.entries import cancelled
from marketplace.models import Request, RequestStatus, ServiceItem
from tests import cast

_labels = itertools.count(1)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)  # a Friday at noon in Beijing


def beijing(day: str, time: str = "10:00") -> datetime:
    """A moment from `2026-11-02` and a time of Beijing's."""
    return datetime.fromisoformat(f"{day}T{time}:00+08:00").astimezone(UTC)


class World:
    """One buyer whose requests end as told."""

    def __init__(self, buyer: Organisation, user: User, item: ServiceItem) -> None:
        self.buyer, self.user, self.item = buyer, user, item

    def request(self, day: str, *, region: str = "620100", **fields: Any) -> Request:
        """Published that morning."""
        place = Region.objects.get(code=region)
        at = beijing(day)
        defaults = {"published_at": at, "enrol_until": at + timedelta(days=3), "selects_at": at + timedelta(days=4)}
        return cast.published(
            self.buyer, fields.pop("item", self.item), self.user, **{**defaults, "region": place, **fields}
        )

    def award(self, request: Request, day: str, amount: str, *agencies: Agency, **fields: Any) -> Award:
        """The first of the agencies wins against the others."""
        made = [self.enrolment(request, agency) for agency in agencies]
        at = beijing(day, "16:00")
        Request.objects.filter(pk=request.pk).update(status=RequestStatus.STANDSTILL)
        self._say(
            request, entries.award(made[0].label, agencies[0].uscc, str(agencies[0]), cast.yuan(amount), "live", at)
        )
        return Award.objects.create(
            request=request,
            winner=made[0],
            amount=cast.yuan(amount),
            **{"status": AwardStatus.FINAL, "published_at": at, "standstill_until": at, **fields},
        )

    def enrolment(self, request: Request, agency: Agency, **fields: Any) -> Enrolment:
        """An entrant."""
        return Enrolment.objects.create(
            request=request,
            agency=agency,
            label=f"竞价人 {next(_labels)}",
            salt=b"s" * 32,
            enrolled_at=request.published_at,
            **fields,
        )

    def fails(self, request: Request, reason: str) -> None:
        """It ends now, without an award."""
        Request.objects.filter(pk=request.pk).update(status=RequestStatus.FAILED)
        self._say(request, entries.failed(reason, []))

    def calls_off(self, request: Request) -> None:
        """Its buyer calls it off now."""
        Request.objects.filter(pk=request.pk).update(status=RequestStatus.CANCELLED)
        self._say(request, cancelled("项目推迟。"))

    def takes_back(self, award: Award) -> None:
        """An objection was upheld: the award is void, and the request failed."""
        Award.objects.filter(pk=award.pk).update(status=AwardStatus.VOIDED)
        self._say(award.request, entries.award_voided(award.winner.label, 1))
        self.fails(award.request, "award_voided")

    def _say(self, request: Request, draft: tuple[str, dict[str, Any]]) -> None:
        with transaction.atomic():
            lock_case(request.number or "").append(*draft)
