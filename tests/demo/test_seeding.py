"""How the year comes into an empty database."""

from typing import Any

from django.db import transaction
from django.urls import reverse

import pytest

from accounts.models import Organisation
from contracts.models import Milestone, Payment
from demo.actions import seed

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
    # Most are those of exit cases and inspections, told by the verbs themselves, and of each agency's credit and its sums.
    with django_assert_max_num_queries(6400):
        seed(requests=400)


def test_a_role_without_a_demo_is_not_found(db, client):
    assert client.post(reverse("demo_role", args=["agency"])).status_code == 404
