"""Very many requests of the past, for lists of a million: each withdrawn, or failed for want of entrants, and no more to tell.

They are what the year's stories are not: short. Their rows and case files are as the real actions would have left them.
"""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from bidding import entries
from core.clock import BEIJING
from core.queries import calendar
from demo import auctions, projects, words
from demo.bulk import Numbers, analyse
from demo.casefile import CaseFile
from demo.ledger import Ledger
from demo.past import moments
from demo.people import Buyer
from marketplace import entries as notices
from marketplace import schedule
from marketplace.models import Method, Request, RequestStatus, ServiceItem
from marketplace.rulesets import ruleset

_WHY = ("项目用地方案调整，暂不需要该项服务。", "主体工程推迟实施，待计划明确后重新发布。")
_WITHDRAWN = 0.4
# Long enough ago that enrolment and its one extension are over.
_LONG_AGO = timedelta(days=60)
_IN_ONE_TRANSACTION = 4000


class Crowd:
    """Tells short stories in the order of their notices, in batches whose memory does not grow."""

    def __init__(self, buyers: list[Buyer], now: datetime) -> None:
        self._buyers, self._now, self._rng = buyers, now - _LONG_AGO, words.source("crowd")
        self._items = {item.code: item for item in ServiceItem.objects.all()}
        self._calendar, self._numbers = calendar(), ruleset()
        self._serials, self._ledger = Numbers("'marketplace_request_number'"), Ledger()

    def tell(self, count: int) -> int:
        """Write that many requests; returns how many were written."""
        times = moments(self._rng, count, self._now, self._calendar)
        told = 0
        while told < count:
            with transaction.atomic():
                for at in (next(times) for _n in range(min(_IN_ONE_TRANSACTION, count - told))):
                    self._tell(at)
                    told += 1
                self._ledger.write()
        analyse()
        return told

    def _tell(self, at: datetime) -> None:
        rng, buyer = self._rng, self._rng.choice(self._buyers)
        wanted = projects.wanted(rng, buyer, at.astimezone(BEIJING).year)
        number = f"GS-{at.astimezone(BEIJING).year}-{self._serials.next():06d}"
        file = CaseFile(self._ledger.case_ids.next(), number)
        request = self._request(number, buyer, wanted, at)
        request.case_id = file.pk
        assert request.enrol_until is not None
        assert request.selects_at is not None
        notice = notices.published(request, self._numbers, request.enrol_until, request.selects_at, [], [])
        request.published_at = file.append(at, notice)
        self._end(rng, request, file)
        self._ledger.add(request, file, [], None, [], None, [])

    def _request(self, number: str, buyer: Buyer, wanted: projects.Wanted, at: datetime) -> Request:
        one = buyer.organisation
        until, selects_at = schedule.plan(number, at, Method.LIVE, wanted.ceiling, self._numbers, self._calendar)
        return Request(
            pk=self._ledger.request_ids.next(),
            number=number,
            buyer=one,
            buyer_kind=one.kind,
            created_by_id=buyer.user,
            item=self._items[wanted.item],
            title=wanted.title,
            region_id=one.region_id,
            scope=wanted.scope,
            deliverables=wanted.deliverables,
            materials=wanted.materials,
            term_workdays=wanted.term_workdays,
            method=Method.LIVE,
            ceiling=wanted.ceiling,
            public_funds=bool(wanted.budget_line),
            payer=one,
            budget_line=wanted.budget_line,
            ruleset=self._numbers.id,
            enrol_until=until,
            selects_at=selects_at,
            demo=True,
            created_at=at - timedelta(minutes=self._rng.randrange(5, 300)),
        )

    def _end(self, rng: Random, request: Request, file: CaseFile) -> None:
        """Withdrawn while enrolment was open; or nobody came, not after the extension either."""
        assert file.last_at is not None
        assert request.enrol_until is not None
        if rng.random() < _WITHDRAWN:
            at = file.last_at + (request.enrol_until - file.last_at) * rng.uniform(0.05, 0.9)
            file.append(at, notices.cancelled(rng.choice(_WHY)))
            request.status = RequestStatus.CANCELLED
            return
        at = request.enrol_until + auctions.delay(rng)
        request.enrol_until, request.selects_at = schedule.extend(
            request.number or "", at, Method.LIVE, self._numbers, self._calendar
        )
        request.extended = True
        file.append(at, entries.extended(request.enrol_until, request.selects_at, "too_few_entrants"))
        file.append(request.enrol_until + auctions.delay(rng), entries.failed("too_few_entrants", []))
        request.status = RequestStatus.FAILED
