"""Documents as PDF: asked for once, made by a job, taken up again when lost, handed out by whoever asks for them."""

from datetime import timedelta

from django.http import Http404
from django.template.loader import render_to_string

import pytest
from django_tasks_db.models import DBTaskResult

from core import documents, jobs, typeset
from core.clock import database_now
from core.models import MOST_ATTEMPTS, Rendering
from tests.core.papers import contract

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=1)


def queued() -> list[str]:
    return [job.args_kwargs["args"][0] for job in DBTaskResult.objects.ready()]


def lose_the_queue() -> None:
    DBTaskResult.objects.all().delete()


def test_what_is_wanted_is_made_by_the_job_and_kept():
    rendering = documents.wanted("contract", contract())
    assert (rendering.state, queued()) == ("waiting", [rendering.key])
    jobs.render.call(rendering.key)
    rendering.refresh_from_db()
    assert rendering.state == "ready"
    assert rendering.file.path.read_bytes().startswith(b"%PDF-")


def test_what_was_given_for_it_is_forgotten_once_it_is_made():
    rendering = documents.wanted("contract", contract())
    assert rendering.data["annex"]
    jobs.render.call(rendering.key)
    rendering.refresh_from_db()
    assert rendering.data is None


def test_the_same_content_is_one_row_one_job_and_one_file():
    first, second = (documents.wanted("contract", contract()) for _ in range(2))
    assert first == second
    assert len(queued()) == 1
    jobs.render.call(first.key)
    jobs.render.call(first.key)
    first.refresh_from_db()
    assert (first.attempts, documents.wanted("contract", contract()).state, len(queued())) == (1, "ready", 1)


def test_other_content_is_another_document():
    assert documents.wanted("contract", contract()) != documents.wanted("contract", contract(price="1.00 元"))


@pytest.mark.parametrize("template", ["no_such_document", "../base", "contract.typ", ""])
def test_a_template_that_is_not_there_is_refused_at_once(template):
    with pytest.raises(LookupError):
        documents.wanted(template, contract())
    assert not Rendering.objects.exists()


@pytest.mark.parametrize(("data", "error"), [({}, KeyError), ({"generated_at": "yesterday"}, ValueError)])
def test_a_document_without_a_date_is_refused_at_once(data, error):
    with pytest.raises(error):
        documents.wanted("contract", data)


def test_a_job_whose_worker_was_killed_is_put_into_the_queue_again():
    rendering = documents.wanted("contract", contract())
    lose_the_queue()
    assert documents.sweep(database_now()) == 0
    assert documents.sweep(database_now() + LATER) == 1
    assert queued() == [rendering.key]


def test_a_job_that_still_waits_in_a_long_queue_is_not_asked_for_twice():
    documents.wanted("contract", contract())
    assert documents.sweep(database_now() + LATER) == 0
    assert len(queued()) == 1


def test_what_is_made_is_left_alone_by_the_sweeper():
    jobs.render.call(documents.wanted("contract", contract()).key)
    lose_the_queue()
    assert documents.sweep(database_now() + LATER) == 0


def test_a_failure_is_kept_with_its_reason_and_tried_again():
    rendering = documents.wanted("contract", contract(parties=None))
    jobs.render.call(rendering.key)
    rendering.refresh_from_db()
    assert (rendering.state, rendering.attempts) == ("failed", 1)
    assert rendering.error.startswith("TypstError: ")
    lose_the_queue()
    assert documents.sweep(database_now() + LATER) == 1


def test_after_five_attempts_it_is_given_up_and_its_data_forgotten():
    rendering = documents.wanted("contract", contract(parties=None))
    for _ in range(MOST_ATTEMPTS + 1):
        jobs.render.call(rendering.key)
    lose_the_queue()
    rendering.refresh_from_db()
    assert (rendering.state, rendering.attempts, rendering.data) == ("failed", MOST_ATTEMPTS, None)
    assert documents.sweep(database_now() + LATER) == 0


def test_one_that_killed_every_worker_is_given_up_too():
    rendering = documents.wanted("contract", contract())
    Rendering.objects.update(attempts=MOST_ATTEMPTS)
    assert documents.sweep(database_now() + LATER) == 0
    rendering.refresh_from_db()
    assert (rendering.state, rendering.data) == ("failed", None)
    assert "worker" in rendering.error


def test_what_was_given_up_gets_another_chance_an_hour_later_and_not_before():
    rendering = documents.wanted("contract", contract())
    lose_the_queue()
    Rendering.objects.update(attempts=MOST_ATTEMPTS, data=None, error="OSError: disk full")
    assert documents.wanted("contract", contract()).state == "failed"
    assert queued() == []
    Rendering.objects.update(touched_at=database_now() - timedelta(hours=2))
    assert documents.wanted("contract", contract()).state == "waiting"
    jobs.render.call(rendering.key)
    assert documents.wanted("contract", contract()).state == "ready"


def test_a_file_lost_from_the_disk_is_made_again_with_the_same_bytes():
    rendering = documents.wanted("contract", contract(number="GS-2026-000778"))
    jobs.render.call(rendering.key)
    rendering.refresh_from_db()
    file = rendering.file
    file.path.unlink()
    with pytest.raises(Http404):
        documents.response(rendering, "合同.pdf")
    assert documents.wanted("contract", contract(number="GS-2026-000778")).state == "waiting"
    jobs.render.call(rendering.key)
    rendering.refresh_from_db()
    assert rendering.file == file
    assert file.path.exists()


def test_it_is_handed_out_as_an_attachment_that_no_cache_keeps(client):
    rendering = documents.wanted("contract", contract())
    with pytest.raises(Http404):
        documents.response(rendering, "合同.pdf")
    jobs.render.call(rendering.key)
    rendering.refresh_from_db()
    answer = documents.response(rendering, "合同 GS-2026-000123.pdf")
    assert answer.content == typeset.pdf("contract", contract())
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%90%88")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"/files/{rendering.file.sha256}/contract.pdf").status_code == 404


@pytest.mark.parametrize(
    ("state", "shown", "hidden"),
    [
        ("waiting", 'hx-get="/poll/"', "/door.pdf"),
        ("ready", 'href="/door.pdf"', "/poll/"),
        ("failed", "可打印本页", "/poll/"),
    ],
)
def test_the_link_says_how_far_it_is_and_stops_asking_at_the_end(state, shown, hidden):
    about = {"rendering": {"state": state}, "href": "/door.pdf", "poll": "/poll/"}
    html = render_to_string("components/_pdf.html", about)
    assert shown in html
    assert hidden not in html
