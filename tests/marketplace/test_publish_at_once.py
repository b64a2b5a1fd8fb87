"""Doors that publish at the same moment, in threads that commit for real."""

import pytest

from accounts.models import Kind
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Request
from marketplace.rules import AlreadyPublished
from tests import cast
from tests.committed import at_once
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.usefixtures("transactional_db")


def a_buyer():
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    return cast.person("buyer@publish.example", buyer), buyer, cast.service_item("TST-78")


def test_four_that_publish_one_draft_at_once_get_one_number():
    user, buyer, item = a_buyer()
    kept = draft(user, buyer, item)
    answers = at_once(*[lambda: actions.publish(user, buyer, kept.pk)] * 4)
    [published] = [answer for answer in answers if isinstance(answer, Request)]
    refused = [answer for answer in answers if isinstance(answer, AlreadyPublished)]
    assert [one.facts["number"] for one in refused] == [published.number] * 3
    assert entries_of(published.number).count() == 1


def test_different_requests_published_at_once_get_numbers_of_their_own():
    user, buyer, item = a_buyer()
    kept = [draft(user, buyer, item, title=f"第{n}标段水土保持方案编制") for n in "一二三四"]
    publish = [lambda pk=one.pk: actions.publish(user, buyer, pk) for one in kept]
    numbers = {answer.number for answer in at_once(*publish) if isinstance(answer, Request)}
    assert len(numbers) == 4
