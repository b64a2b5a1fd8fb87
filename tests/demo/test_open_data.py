"""The demo's year as open data: a request at every stage passes every check; what is shared of credit is public."""

import pytest

from agencies.models import Agency
from core.clock import database_now
from marketplace.models import Request, RequestStatus
from opendata import credit
from opendata.rows import from_ocds
from tests.opendata.checks import compiled

# There are none in the year: drafts are nobody else's, and an auction runs for minutes.
_PASSING = {RequestStatus.DRAFT, RequestStatus.SELECTING}


@pytest.mark.clause("P12.1")
def test_a_request_at_every_stage_is_good_ocds(year: int) -> None:
    published = Request.objects.exclude(status=RequestStatus.DRAFT).order_by("method", "status", "pk")
    sample = published.distinct("method", "status").values_list("number", "method", "status")
    assert {status for _number, _method, status in sample} >= set(RequestStatus) - _PASSING
    for number, method, status in sample:
        found = compiled(number)
        row = from_ocds(found)
        assert row.method_code == method
        if status in (RequestStatus.AWARDED, RequestStatus.CONTRACTED, RequestStatus.COMPLETED):
            assert row.winners, number
            assert set(row.winners) <= set(row.tenderers), number
        if status == RequestStatus.COMPLETED:
            assert row.contracts[0].status == "terminated", number
            assert row.contracts[0].payments is not None, number


@pytest.mark.clause("P22.2")
def test_every_agencys_credit_can_be_shared(year: int) -> None:
    now = database_now()
    for agency in Agency.objects.select_related("organisation")[:30]:
        found = credit.of_agency(agency, now)
        assert f"agency:{agency.uscc}" in found
        assert all(one.uscc == agency.uscc for one in found.values())
