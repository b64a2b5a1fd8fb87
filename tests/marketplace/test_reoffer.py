"""What failed or was withdrawn is offered again in one click, linked both ways; tries are counted along the chain (R3)."""

from django.db import IntegrityError, transaction

import pytest

from bidding.actions import cancel, enrol
from core.models import StoredFile
from journal.queries import entries_of
from marketplace import actions, queries
from marketplace.models import Attachment, Method, Request, RequestStatus
from marketplace.rules import NotOver, ReofferedAlready
from tests import cast
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn(waterworks, waterworks_user, item):
    """Published by the form, then withdrawn."""
    made = actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, item).pk)
    return cancel(waterworks, made.number, "项目暂缓实施")


def fail(request):
    """Nobody comes, twice."""
    cast.let_enrolment_end(request)
    cast.let_enrolment_end(request)
    assert request.status == RequestStatus.FAILED
    return request


def again(user, buyer, request, **changes):
    kept = actions.reoffer(user, buyer, request.number)
    Request.objects.filter(pk=kept.pk).update(**changes)
    return actions.publish(user, buyer, kept.pk)


def test_one_click_makes_a_draft_that_says_the_same_with_the_same_files(waterworks, waterworks_user, withdrawn):
    stored = StoredFile.objects.create(sha256="a" * 64, size=1234, media_type="application/pdf")
    Attachment.objects.create(request=withdrawn, file=stored, name="红线图.pdf")
    kept = actions.reoffer(waterworks_user, waterworks, withdrawn.number)
    assert (kept.status, kept.forerunner) == (RequestStatus.DRAFT, withdrawn)
    assert (kept.title, kept.ceiling, kept.method) == (withdrawn.title, withdrawn.ceiling, withdrawn.method)
    assert [(a.name, a.file) for a in kept.attachments.all()] == [("红线图.pdf", stored)]


def test_asked_again_it_is_the_same_draft_and_once_published_its_number(waterworks, waterworks_user, withdrawn):
    first = actions.reoffer(waterworks_user, waterworks, withdrawn.number)
    assert actions.reoffer(waterworks_user, waterworks, withdrawn.number) == first
    published = actions.publish(waterworks_user, waterworks, first.pk)
    with pytest.raises(ReofferedAlready) as refused:
        actions.reoffer(waterworks_user, waterworks, withdrawn.number)
    assert refused.value.facts["number"] == published.number


def test_both_case_files_name_the_other(waterworks, waterworks_user, withdrawn):
    published = again(waterworks_user, waterworks, withdrawn)
    assert entries_of(published.number).first().data["forerunner"] == withdrawn.number
    told = entries_of(withdrawn.number).last()
    assert (told.kind, told.data) == ("request.reoffered", {"successor": published.number})


def test_what_is_written_anew_under_the_same_title_is_linked_although_nobody_says_so(
    waterworks, waterworks_user, item, withdrawn
):
    published = actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, item).pk)
    assert published.forerunner == withdrawn


def test_whoever_is_published_first_takes_the_place_of_a_draft_that_waits(waterworks, waterworks_user, item, withdrawn):
    waiting = actions.reoffer(waterworks_user, waterworks, withdrawn.number)
    published = actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, item).pk)
    waiting.refresh_from_db()
    assert (published.forerunner, waiting.forerunner) == (withdrawn, None)


def test_a_copy_of_what_was_withdrawn_follows_it_too(waterworks, waterworks_user, withdrawn):
    copied = actions.copy_last(waterworks_user, waterworks)
    assert actions.publish(waterworks_user, waterworks, copied.pk).forerunner == withdrawn


def test_neither_another_buyers_nor_another_items_request_is_followed(
    waterworks, waterworks_user, river_bureau, river_officer, item, survey_item, withdrawn
):
    theirs = actions.publish(river_officer, river_bureau, draft(river_officer, river_bureau, item).pk)
    other = actions.publish(waterworks_user, waterworks, draft(waterworks_user, waterworks, survey_item).pk)
    assert theirs.forerunner is other.forerunner is None


def test_what_goes_on_is_not_offered_again(waterworks, waterworks_user, published_request, auction):
    for request in (published_request, auction.request):
        with pytest.raises(NotOver):
            actions.reoffer(waterworks_user, waterworks, request.number)


def test_nobody_offers_anothers_request_again(river_bureau, river_officer, withdrawn):
    with pytest.raises(Request.DoesNotExist):
        actions.reoffer(river_officer, river_bureau, withdrawn.number)


def test_the_database_keeps_the_link_and_lets_only_one_follow(waterworks, waterworks_user, item, withdrawn):
    published = again(waterworks_user, waterworks, withdrawn)
    with pytest.raises(IntegrityError, match="request_fixed_at_publication"), transaction.atomic():
        Request.objects.filter(pk=published.pk).update(forerunner=None)
    with pytest.raises(IntegrityError, match="one_successor_per_request"), transaction.atomic():
        Request.objects.filter(pk=draft(waterworks_user, waterworks, item, title="又一次").pk).update(
            forerunner=withdrawn
        )


def test_two_tries_by_competition_that_failed_are_counted_along_the_chain(river_bureau, river_officer, item):
    first = fail(actions.publish(river_officer, river_bureau, draft(river_officer, river_bureau, item).pk))
    second = fail(again(river_officer, river_bureau, first))
    third = actions.reoffer(river_officer, river_bureau, second.number)
    assert [one.number for one in queries.forerunners_of(third)] == [second.number, first.number]
    assert [one.number for one in queries.successors_of(first)] == [second.number]
    assert (queries.failed_tries(first), queries.failed_tries(second), queries.failed_tries(third)) == (0, 1, 2)


def test_a_draft_not_linked_yet_counts_what_it_will_be_linked_to(river_bureau, river_officer, item):
    fail(actions.publish(river_officer, river_bureau, draft(river_officer, river_bureau, item).pk))
    assert queries.failed_tries(draft(river_officer, river_bureau, item)) == 1


def test_what_its_buyer_withdrew_is_no_failed_try(river_bureau, river_officer, item, swift_agency):
    made = actions.publish(river_officer, river_bureau, draft(river_officer, river_bureau, item).pk)
    enrol(None, swift_agency, made.number)
    cancel(river_bureau, made.number, "换个方式")
    assert queries.failed_tries(actions.reoffer(river_officer, river_bureau, made.number)) == 0


def test_tries_for_another_item_do_not_count(river_bureau, river_officer, item, survey_item):
    first = fail(actions.publish(river_officer, river_bureau, draft(river_officer, river_bureau, item).pk))
    kept = actions.reoffer(river_officer, river_bureau, first.number)
    kept.item = survey_item
    kept.save()
    assert kept.method == Method.LIVE
    assert queries.failed_tries(kept) == 0
