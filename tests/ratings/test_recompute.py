"""`credit.json` and `python -m ratings.recompute`: anybody gets the same numbers, and a wrong one is named."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.clock import database_now
from journal.models import Entry
from ratings.document import credit_document
from ratings.queries.credit import computed
from ratings.recompute import Differs, main, recompute
from tests.ratings import acting

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def agency(waterworks, waterworks_user, river_bureau, river_officer, item, swift_agency):
    """Rated four times by two buyers; one act counts, one is repaired, one struck."""
    for buyer, by in ((waterworks, waterworks_user), (river_bureau, river_officer)) * 2:
        acting.rate(acting.finished(buyer, by, item, swift_agency), "0.9500")
    acting.note(swift_agency, "filed_late", "1")
    acting.repair(acting.note(swift_agency, "unsigned", "2"))
    acting.strike(acting.note(swift_agency, "false_statement", "3"))
    return swift_agency


@pytest.fixture(scope="module")
def made():
    """The document, made once: what lies in the database behind it is gone with the test that made it."""
    return {}


@pytest.fixture
def document(made, request):
    if not made:
        made.update(credit_document(request.getfixturevalue("agency")))
    return copy.deepcopy(made)


def test_the_document_recomputes_to_what_the_database_gives(agency):
    now = database_now()
    found, ours = recompute(credit_document(agency, now)), computed(agency, now)
    assert (found.c, found.q, found.weight, found.k, found.grade) == (ours.c, ours.q, ours.weight, ours.k, ours.grade)
    assert found.quality == ours.quality


def test_what_was_repaired_is_not_in_it_and_what_was_struck_is(document):
    assert [(act["act"], act["status"]) for act in document["conduct"]["acts"]] == [
        ("filed_late", "counts"),
        ("false_statement", "struck"),
    ]
    assert "unsigned" not in json.dumps(document)


def test_every_term_names_its_entry_and_its_hash(agency):
    document = credit_document(agency)
    terms = [*document["conduct"]["acts"], *document["quality"]["ratings"]]
    assert len(terms) == 6
    for term in terms:
        entry = Entry.objects.get(case=agency.case, seq=term["entry"])
        assert term["hash"] == bytes(entry.hash).hex()


def test_the_document_is_public(client, agency):
    answer = client.get(f"/a/{agency.uscc}/credit.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert recompute(answer.json()).grade == "B"
    assert client.get("/a/91620100MA00000000/credit.json").status_code == 404


def test_a_new_agency_has_a_document_too(client, steady_agency):
    found = client.get(f"/a/{steady_agency.uscc}/credit.json").json()
    assert found["credit"] == {"c": "100.0", "q": None, "weight": "0.0000", "k": None, "grade": "N"}
    assert recompute(found).grade == "N"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("credit.k", "99.9"),
        ("credit.grade", "A"),
        ("conduct.value", "100"),
        ("conduct.acts.0.points", "1.0"),
        ("conduct.acts.0.deducted", "0"),
        ("conduct.acts.1.status", "counts"),
        ("quality.ratings.0.x", "1.0000"),
        ("quality.ratings.1.weight", "2"),
        ("quality.ratings.2.relation", "0"),
        ("quality.prior.items.0.ratings", 9),
        ("quality.prior.mean", "0.85"),
        ("ruleset.sha256", "0" * 64),
        ("ruleset.id", "credit-1999-01"),
        ("at", "2099-01-01T00:00:00.000Z"),
        ("format", "credit/2"),
        ("registered_at", 7),
    ],
)
def test_a_document_with_one_thing_changed_does_not_hold(document, path, value):
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    wrong = copy.deepcopy(document)
    place = wrong
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(Differs):
        recompute(wrong)


def test_leaving_out_a_bad_rating_shows(document):
    del document["quality"]["ratings"][0]
    with pytest.raises(Differs, match="quality"):
        recompute(document)


@pytest.mark.parametrize("nonsense", [None, [], {}, {"format": "credit/1"}, {"format": "credit/1", "ruleset": 3}])
def test_nonsense_is_no_document(nonsense):
    with pytest.raises(Differs):
        recompute(nonsense)


def test_the_first_wrong_number_is_named(document):
    document["credit"]["k"] = "99.9"
    with pytest.raises(Differs, match=r"credit\.k is 99\.9, but the rules give 8\d\.\d"):
        recompute(document)


def test_the_command_says_so_by_its_exit_code(document, tmp_path, capsys):
    held, broken, torn = (tmp_path / name for name in ("held.json", "broken.json", "torn.json"))
    held.write_text(json.dumps(document), encoding="utf-8")
    broken.write_text(json.dumps({**document, "floor": "99"}), encoding="utf-8")
    torn.write_text(json.dumps(document)[:-9], encoding="utf-8")
    codes = [main([str(path)]) for path in (held, broken, torn, tmp_path / "missing.json")]
    assert (codes, main([])) == ([0, 1, 1, 2], 2)
    assert capsys.readouterr().out.startswith("OK  ")


def test_it_needs_neither_settings_nor_database_nor_framework(document, tmp_path):
    file = tmp_path / "credit.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    script = (
        "import sys; from ratings.recompute import main; code = main([sys.argv[1]]);"
        "assert not any(name.startswith('django') for name in sys.modules); sys.exit(code)"
    )
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], cwd=ROOT, env=bare, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout[:4]) == (0, b"OK  "), done.stderr
