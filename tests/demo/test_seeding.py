"""How the year comes into an empty database."""

from io import BytesIO
from typing import Any

from django.db import transaction
from django.urls import reverse

import pytest

from accounts.models import Organisation
from agencies.models import Agency
from contracts.models import Milestone, Payment
from demo.actions import seed
from journal.queries import entries_of
from journal.verify import verify
from marketplace.models import Request, RequestStatus
from marketplace.queries import record_of

pytestmark = pytest.mark.slow


def test_the_same_words_and_contracts_come_out_every_time(db):
    first, second = _fingerprint(), _fingerprint()
    assert first == second
    people, contracts, payments = first
    assert len(people) == 201
    assert len(contracts) > 40
    assert len(payments) > 30


def _fingerprint() -> list[list[tuple[Any, ...]]]:
    """People, contracts and payments of a seeding that is undone again; only dates follow the clock."""
    outermost = transaction.atomic()
    # As Django's own tests do: the verbs that tell the year may think that theirs is the outermost transaction.
    outermost._from_testcase = True  # type: ignore[attr-defined]
    with outermost:
        seed(requests=60)
        people = Organisation.objects.order_by("uscc").values_list("uscc", "name", "contact_name", "contact_phone")
        plans = Milestone.objects.values_list("contract__agency__name", "contract__price", "n", "amount", "name")
        paid = Payment.objects.values_list("payable__code", "payable__amount", "method", "amount", "key")
        told = [list(people), sorted(plans), sorted(paid)]
        transaction.set_rollback(True)
    return told


def test_rows_are_brought_in_by_the_batch(db, django_assert_max_num_queries):
    # Most are those of exit cases, inspections and flags, told by the verbs themselves, and of each agency's credit and sums.
    with django_assert_max_num_queries(7900):
        seed(requests=400)


def test_a_role_without_a_demo_is_not_found(db, client):
    assert client.post(reverse("demo_role", args=["agency"])).status_code == 404


def test_a_crowd_of_short_stories_fills_up_what_was_asked_for(db):
    """Each ends as its case file says, and the file holds together."""
    assert seed(requests=60, crowd=400, agencies=150) == 400
    assert Agency.objects.count() >= 150
    short = Request.objects.exclude(status=RequestStatus.DRAFT).order_by("-pk")[:80]
    ends = {RequestStatus.CANCELLED: "request.cancelled", RequestStatus.FAILED: "auction.failed"}
    for one in short:
        kinds = [entry.kind for entry in entries_of(one.number)]
        assert (kinds[0], kinds[-1]) == ("request.published", ends[one.status])
    for one in short[:5]:
        verify(BytesIO(b"".join(record_of(one))))
