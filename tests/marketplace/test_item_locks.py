"""An item that is locked for an agency (R8): in force from a decision until its end, or until it is lifted."""

from datetime import timedelta

from django.db import IntegrityError, transaction

import pytest

from core.clock import database_now
from marketplace.models import ItemLock
from marketplace.queries import locked

pytestmark = pytest.mark.django_db


def lock(agency, item, **fields):
    return ItemLock.objects.create(agency=agency, item=item, case="E-2026-000001", since=database_now(), **fields)


def test_a_lock_holds_for_its_agency_and_item_alone(swift_agency, steady_agency, item, survey_item):
    made = lock(swift_agency, item)
    now = database_now()
    assert locked(swift_agency.pk, item.pk, now) == made
    assert locked(swift_agency.pk, survey_item.pk, now) is None
    assert locked(steady_agency.pk, item.pk, now) is None


def test_a_lock_ends_at_its_time_although_no_clock_lifts_it(swift_agency, item):
    made = lock(swift_agency, item, until=database_now() + timedelta(days=30))
    assert locked(swift_agency.pk, item.pk, made.until - timedelta(milliseconds=1)) == made
    assert locked(swift_agency.pk, item.pk, made.until) is None


def test_a_lifted_lock_holds_no_more_and_another_may_follow(swift_agency, item):
    made = lock(swift_agency, item)
    ItemLock.objects.filter(pk=made.pk).update(lifted_at=database_now())
    assert locked(swift_agency.pk, item.pk, database_now()) is None
    again = lock(swift_agency, item)
    assert locked(swift_agency.pk, item.pk, database_now()) == again


def test_there_is_one_lock_in_force_for_an_agency_and_an_item(swift_agency, item):
    lock(swift_agency, item)
    with pytest.raises(IntegrityError, match="one_lock_in_force_per_agency_and_item"), transaction.atomic():
        lock(swift_agency, item)
