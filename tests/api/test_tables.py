"""No door of a page is forgotten by the API, and what is written about it is what it does."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS

from api import document
from api.codes import codes_of
from api.exceptions import WITHOUT
from api.table import READS, VERBS
from tests.plumbing.doors import all_doors

pytestmark = [pytest.mark.clause("P12.1")]


def test_every_door_of_a_page_has_an_endpoint_or_a_reason_why_not() -> None:
    doors = {door.name for door in all_doors() if not door.name.startswith(("api_", "desk_api", "demo_"))}
    served = {door for row in [*READS, *VERBS] for door in row.doors}
    without = {name for names in WITHOUT.values() for name in names.split()}
    assert sorted(doors - served - without) == [], "give it a row in api.table, or a reason in api.exceptions"
    assert sorted((served | without) - doors) == []
    assert sorted(served & without) == []


def test_names_and_addresses_are_given_once() -> None:
    rows = [*READS, *VERBS]
    assert len({row.name for row in rows}) == len(rows)
    assert len({(row.method, row.path) for row in rows}) == len(rows)


def test_an_operation_names_the_refusals_of_the_actions_behind_it() -> None:
    rows = {row.name: row for row in [*READS, *VERBS]}
    assert codes_of(rows["pick"]) == (
        "E_NOT_SHORT_LISTED",
        "E_NOT_YOUR_PICK",
        "E_PICK_LATE",
        "E_PICK_REASON",
        "E_PICK_STEP",
    )
    assert "E_QUALIFICATION" in " ".join(codes_of(rows["enrol"])), "each blocker is named"
    assert "E_FLAG_SAME_EYES" in codes_of(rows["flag_conclude"]), "through the doors of a page"
    assert "E_FLAG_SAME_EYES" not in codes_of(rows["flag_dismiss"])
    assert codes_of(rows["regions"]) == ()
    assert sum(bool(codes_of(row)) for row in VERBS) > len(VERBS) * 0.8


def test_the_schema_is_made_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    document.openapi()
    assert not GENERATOR_STATS


def test_the_documents_are_what_the_tables_say() -> None:
    stale = "run `manage.py api_docs`"
    assert document.OPENAPI.read_bytes() == document.openapi(), stale
    assert document.GUIDE.read_text() == document.guide(), stale
