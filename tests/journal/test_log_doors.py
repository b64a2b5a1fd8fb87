"""The log's public doors: checkpoint, keys, and proofs that an outsider checks with nothing but them."""

import pytest

from journal import merkle, openness
from journal.models import Entry
from journal.notes import Checkpoint, Note, Verifier
from journal.sealing.actions import newest_checkpoint, seal
from tests.journal import log

pytestmark = pytest.mark.django_db
CASE = "GS-2026-000001"


@pytest.fixture
def signer(settings):
    made = log.signer()
    settings.LOG_KEY = made.secret()
    return made


def test_the_checkpoint_is_the_signed_note_and_may_be_kept_for_seconds(client, signer):
    assert client.get("/log/checkpoint").status_code == 404
    log.entries(CASE, 1)
    seal()
    answer = client.get("/log/checkpoint")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "public, max-age=5"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert Note.read(answer.content.decode()).signed_by([signer.verifier])
    assert client.post("/log/checkpoint").status_code == 405


def test_an_outsider_proves_every_entry_from_the_doors_alone(client, signer):
    for _ in range(7):
        log.entries(CASE, 3)
        seal()
    (key,) = client.get("/log/keys").json()["keys"]
    for entry in Entry.objects.filter(case__name=CASE):
        proof = client.get("/log/inclusion", {"case": CASE, "seq": entry.seq}).json()
        note = Note.read(proof["checkpoint"])
        assert note.signed_by([Verifier.read(key["key"])])
        tree = Checkpoint.read(note.text)
        assert (proof["size"], proof["hash"]) == (tree.size, bytes(entry.hash).hex())
        leaf = merkle.leaf_hash(bytes.fromhex(proof["hash"]))
        merkle.check_inclusion(leaf, proof["index"], tree.size, [bytes.fromhex(h) for h in proof["hashes"]], tree.root)


def test_an_outsider_who_kept_an_old_checkpoint_proves_that_the_log_only_grew(client, signer):
    kept = []
    for count in (1, 4, 9, 2):
        log.entries(CASE, count)
        seal()
        kept.append(Checkpoint.read(Note.read(client.get("/log/checkpoint").content.decode()).text))
    newest = kept[-1]
    for old in kept:
        answer = client.get("/log/consistency", {"from": old.size, "to": newest.size}).json()
        proof = [bytes.fromhex(h) for h in answer["hashes"]]
        merkle.check_consistency(old.size, old.root, newest.size, newest.root, proof)
    answer = client.get("/log/consistency", {"from": newest.size, "to": newest.size + 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "E_NO_SUCH_TREE")
    assert client.get("/log/consistency", {"from": 3, "to": 2}).status_code == 409


def test_an_entry_not_yet_sealed_is_refused_with_a_reason(client, signer):
    log.entries(CASE, 1)
    answer = client.get("/log/inclusion", {"case": CASE, "seq": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "E_NOT_SEALED_YET")
    seal()
    log.entries(CASE, 1)
    assert client.get("/log/inclusion", {"case": CASE, "seq": 1}).status_code == 200
    assert client.get("/log/inclusion", {"case": CASE, "seq": 2}).status_code == 409


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?case=GS-2026-000001",
        "?case=GS-2026-000001&seq=9",
        "?case=GS-2026-000009&seq=1",
        "?case=GS-2026-000001&seq=-1",
        "?case=GS-2026-000001&seq=1e3",
        "?case=GS-2026-000001&seq=" + "9" * 30,
        "?case=%00&seq=1",
        "?case=GS-2026-000001&seq=１",
    ],
)
def test_what_is_not_there_is_404(client, signer, query):
    log.entries(CASE, 1)
    seal()
    assert client.get(f"/log/inclusion{query}").status_code == 404
    assert client.get("/log/consistency" + query.replace("case=GS-2026-000001", "from=1")).status_code == 404


def test_a_case_that_is_not_public_looks_like_one_that_is_not_there(client, signer, monkeypatch):
    log.entries("X-2026-000001", 1)
    seal()
    hidden = client.get("/log/inclusion", {"case": "X-2026-000001", "seq": 1})
    absent = client.get("/log/inclusion", {"case": "X-2026-000002", "seq": 1})
    assert hidden.status_code == absent.status_code == 404
    assert len(hidden.content) == len(absent.content)
    monkeypatch.setitem(openness._judges, "X-", lambda name: True)
    assert client.get("/log/inclusion", {"case": "X-2026-000001", "seq": 1}).status_code == 200


def test_the_keys_tell_what_each_is_and_where_it_was_announced(client, signer, settings):
    new = log.signer()
    settings.LOG_KEY = f"{signer.secret()} {new.secret()}"
    seal()
    told = client.get("/log/keys").json()
    assert told["origin"] == settings.LOG_ORIGIN
    assert [(key["key"], key["state"]) for key in told["keys"]] == [
        (str(new.verifier), "announced"),
        (str(signer.verifier), "current"),
    ]
    place = told["keys"][0]["announced_in"]
    proof = client.get("/log/inclusion", place).json()
    assert Entry.objects.get(case__name="P", seq=place["seq"]).data == {"key": str(new.verifier)}
    assert proof["index"] < newest_checkpoint().size
    assert "PRIVATE" not in str(told)


def test_a_proof_takes_as_many_queries_for_any_entry(client, signer, django_assert_num_queries):
    log.entries(CASE, 30)
    seal()
    for seq in (1, 17, 30):
        with django_assert_num_queries(5):
            client.get("/log/inclusion", {"case": CASE, "seq": seq})
