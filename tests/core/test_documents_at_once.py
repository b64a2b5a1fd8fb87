"""Several who want the same document at the same moment, with real commits."""

from collections.abc import Iterator

import pytest
from django_tasks_db.models import DBTaskResult

from core import documents, jobs
from core.models import Rendering
from tests.committed import at_once
from tests.core.papers import contract


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    yield
    DBTaskResult.objects.all().delete()


def test_those_who_ask_at_the_same_moment_get_the_same_row_and_one_job(committed):
    asked = at_once(*[lambda: documents.wanted("contract", contract())] * 4)
    assert {rendering.key for rendering in asked} == {Rendering.objects.get().key}
    assert DBTaskResult.objects.count() == 1


def test_two_workers_with_the_same_job_make_one_file(committed):
    key = documents.wanted("contract", contract()).key
    assert at_once(*[lambda: jobs.render.call(key)] * 2) == [None, None]
    assert Rendering.objects.get().state == "ready"
