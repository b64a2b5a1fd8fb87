"""Long lists count no further than anybody reads, and say so."""

import json

import pytest

from core import pages
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(waterworks, waterworks_user, item):
    return [cast.published(waterworks, item, waterworks_user, title=f"灌区{n}期水保方案") for n in range(5)]


def test_a_list_counts_no_further_than_its_bound_and_says_so(client, five, monkeypatch):
    assert client.get("/requests/").context["summary"] == "全部 5 个需求"
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    answer = client.get("/requests/")
    assert answer.context["summary"] == "全部 3+ 个需求"
    assert len(answer.context["page"]) == 3
    assert answer.context["page"].paginator.more


def test_what_fits_best_is_chosen_among_the_newest(client, five, monkeypatch):
    monkeypatch.setattr(pages, "MOST_WEIGHED", 2)
    answer = client.get("/requests/?q=水保")
    assert answer.context["summary"] == "水保的 2+ 个需求"
    assert {one.title for one in answer.context["page"]} == {five[3].title, five[4].title}


def test_a_download_holds_all_that_was_found(client, five, monkeypatch):
    monkeypatch.setattr(pages, "MOST_WEIGHED", 2)
    told = json.loads(b"".join(client.get("/requests.json?q=水保").streaming_content))
    assert len(told["rows"]) == 5
