"""What only the seal can tell: a chain made anew, an entry never sealed, a forged checkpoint (tests/journal/test_verify.py has the chain)."""

import hashlib
import io
import json
import subprocess
import sys
from datetime import timedelta

import pytest

from config.environment import ROOT
from journal import notes, verify
from journal.sealing import actions
from journal.sealing.actions import seal
from journal.verify import Broken
from marketplace.rulesets import ruleset
from tests.journal import log

pytestmark = pytest.mark.django_db
CASE = "GS-2026-000001"


@pytest.fixture
def signer(settings):
    made = log.signer()
    settings.LOG_KEY = made.secret()
    return made


@pytest.fixture
def sealed(signer):
    """The record of a case of twelve entries, sealed among those of another, in three checkpoints."""
    for _ in range(3):
        for _ in range(4):
            log.entries(CASE, 1)
            log.entries("A-91620100MA0000001X", 1)
        seal()
    return json.loads(log.record(CASE))


def check(whole, *keys):
    text = whole if isinstance(whole, bytes) else json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    return verify.verify(io.BytesIO(text), keys=keys)


def broken_at(whole, *keys):
    with pytest.raises(Broken) as broken:
        check(whole, *keys)
    return broken.value


def test_a_sealed_record_passes_and_says_by_whom(sealed, signer):
    report = check(sealed, signer.verifier)
    assert (report.entries, report.sealed) == (12, 12)
    assert report.seals.signers == [signer.verifier]
    assert report.seals.checkpoint.size == 26
    assert check(sealed).sealed == 12
    assert check(json.dumps(sealed, indent=2).encode()).sealed == 12


def test_a_chain_rewritten_from_the_middle_is_caught_by_the_seal_alone(sealed):
    rewritten = log.rechained(sealed, 7, {"n": "another"})
    assert check({**rewritten, "sealing": None}).entries == 12
    broken = broken_at(rewritten)
    assert broken.seq == 7
    assert "not the entry that was sealed" in broken.reason


def test_a_chain_rewritten_in_its_last_entry_is_caught(sealed):
    assert broken_at(log.rechained(sealed, 12, {"n": "another"})).seq == 12


def test_a_rewritten_chain_with_its_later_proofs_left_out_is_caught(sealed, monkeypatch):
    """Whoever cuts off the proofs of what was rewritten says that it was never sealed: too old for that."""
    rewritten = log.rechained(sealed, 7, {"n": "another"})
    del rewritten["sealing"]["inclusion"][6:]
    monkeypatch.setattr("journal.verify.seals.LEEWAY", timedelta(0))
    broken = broken_at(rewritten)
    assert broken.seq == 7
    assert "added later, or kept out" in broken.reason


def test_entries_younger_than_the_checkpoint_are_not_sealed_yet(sealed, signer):
    log.entries(CASE, 2)
    report = check(json.loads(log.record(CASE)), signer.verifier)
    assert (report.entries, report.sealed) == (14, 12)


def test_an_entry_that_is_not_in_the_tree_is_named(sealed):
    del sealed["sealing"]["inclusion"][4]
    assert broken_at(sealed).seq == 5


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        (lambda proofs: proofs.insert(3, proofs[3]), 5),
        (lambda proofs: proofs.__setitem__(slice(2, 4), [proofs[3], proofs[2]]), 3),
        (lambda proofs: proofs[5].update(index=proofs[5]["index"] + 1), 6),
        (lambda proofs: proofs[5].update(hashes=[*proofs[5]["hashes"], "00" * 32]), 6),
        (lambda proofs: proofs[0]["hashes"].pop(), 1),
        (lambda proofs: proofs[0]["hashes"].__setitem__(1, "ab" * 32), 1),
        (lambda proofs: proofs[0]["hashes"].__setitem__(1, 7), 1),
        (lambda proofs: proofs[0].update(index="0"), 1),
        (lambda proofs: proofs[0].update(more=1), 1),
        (lambda proofs: proofs.__setitem__(8, None), 9),
    ],
)
def test_proofs_doubled_reordered_or_changed_are_named(sealed, change, seq):
    change(sealed["sealing"]["inclusion"])
    assert broken_at(sealed).seq == seq


def test_a_proof_too_many_belongs_to_no_entry(sealed):
    sealed["sealing"]["inclusion"].append({"seq": 13, "index": 25, "hashes": []})
    assert "no such entry" in broken_at(sealed).reason


def test_entries_reordered_doubled_or_missing_are_named_before_their_proofs(sealed):
    entries = sealed["entries"]
    for changed, seq in (
        ([*entries[:4], entries[5], entries[4], *entries[6:]], 5),
        ([*entries[:4], entries[3], *entries[4:]], 5),
        ([*entries[:4], *entries[5:]], 5),
    ):
        assert broken_at({**sealed, "entries": changed}).seq == seq


def test_a_checkpoint_signed_by_a_stranger_is_forged(sealed, signer, settings):
    stranger = log.signer()
    read = notes.Note.read(sealed["sealing"]["checkpoint"])
    sealed["sealing"]["checkpoint"] = notes.sign(read.text, [stranger])
    sealed["sealing"]["keys"] = [str(stranger.verifier)]
    assert check(sealed).sealed == 12  # it fits itself
    assert "no known key" in broken_at(sealed, signer.verifier).reason


def test_a_checkpoint_with_another_root_is_forged(sealed, signer):
    text = sealed["sealing"]["checkpoint"]
    other = notes.Checkpoint("x", 1, bytes(32)).text.split("\n")[2]
    sealed["sealing"]["checkpoint"] = text.replace(text.split("\n")[2], other)
    assert "forged" in broken_at(sealed).reason


def test_a_tree_made_anew_is_caught_by_the_key_alone(signer, sealed):
    """The whole log rewritten and signed with another key: every hash fits, and the key does not."""
    rewritten = log.rechained(sealed, 1, {"n": "another"})
    leaves = [bytes.fromhex(entry["hash"]) for entry in rewritten["entries"]]
    forger = log.signer()
    from journal.merkle import Frontier, folded, leaf_hash
    from journal.trails import Wanted

    known, grown, wanted = {}, Frontier(0, []), Wanted(len(leaves))
    for index, leaf in enumerate(leaves):
        known |= {(level, index >> level): made for level, made in enumerate(grown.append(leaf_hash(leaf)))}
    inclusion = [
        {"seq": n + 1, "index": n, "hashes": [h.hex() for h in folded(wanted.by(n), known)]} for n in range(len(leaves))
    ]
    note = notes.sign(notes.Checkpoint(forger.name, len(leaves), grown.root()).text, [forger])
    rewritten["sealing"] = {"checkpoint": note, "keys": [str(forger.verifier)], "inclusion": inclusion}
    assert check(rewritten).sealed == 12
    assert "no known key" in broken_at(rewritten, signer.verifier).reason


def test_a_record_without_a_seal_fails_whoever_asks_for_one(sealed, signer):
    assert check({**sealed, "sealing": None}).sealed == 0
    assert "not sealed" in broken_at({**sealed, "sealing": None}, signer.verifier).reason
    old = {**sealed, "format": "case-record/1"}
    del old["sealing"], old["ruleset"]
    assert check(old).sealed == 0
    assert "not sealed" in broken_at(old, signer.verifier).reason


@pytest.mark.parametrize(
    "sealing",
    [
        7,
        {},
        {"checkpoint": 7, "keys": [], "inclusion": []},
        {"checkpoint": "", "keys": [], "inclusion": []},
        {"checkpoint": "x", "keys": "x", "inclusion": []},
        {"checkpoint": "x", "keys": ["x"], "inclusion": []},
    ],
)
def test_what_is_no_seal_is_refused_with_words(sealed, sealing):
    assert broken_at({**sealed, "sealing": sealing}).seq is None


def test_no_byte_of_a_sealed_record_can_be_changed_unnoticed(signer):
    log.entries("GS-2026-000002", 1)
    log.entries(CASE, 2)
    seal()
    text = log.record(CASE)
    check(text, signer.verifier)
    keys = text.index(b'"keys":['), text.index(b"],", text.index(b'"keys":['))
    for place in range(len(text)):
        if keys[0] + 8 <= place < keys[1]:
            continue  # the keys it names itself are not looked at when others are given
        changed = bytearray(text)
        changed[place] ^= 1
        with pytest.raises(Broken):
            check(bytes(changed), signer.verifier)


def test_the_rule_set_is_the_one_of_the_publication(signer, published_request):
    from journal import queries

    numbers = ruleset(published_request.ruleset)
    seal()
    text = b"".join(queries.record(published_request.number, (numbers.id, numbers.toml)))
    report = check(text, signer.verifier)
    assert report.ruleset == numbers.toml
    whole = json.loads(text)
    whole["ruleset"]["toml"] += "\n# another number"
    broken = broken_at(whole)
    assert hashlib.sha256(whole["ruleset"]["toml"].encode()).hexdigest() in broken.reason
    assert "not the one the request was published under" in broken.reason
    for other in (7, {"id": numbers.id}, {"id": "2020-01", "toml": numbers.toml}):
        assert broken_at({**whole, "ruleset": other}).seq is None


def test_the_requests_door_gives_the_rule_set_and_the_seal(client, signer, published_request):
    seal()
    whole = client.get(f"/r/{published_request.number}/record.json").json()
    assert whole["format"] == "case-record/2"
    assert whole["ruleset"]["id"] == published_request.ruleset
    assert check(whole, signer.verifier).sealed == len(whole["entries"])


def test_the_command_takes_keys_and_tells_of_the_seal(tmp_path, sealed, signer):
    file = tmp_path / "record.json"
    file.write_text(json.dumps(sealed))

    def run(*arguments):
        command = [sys.executable, "-m", "journal.verify", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = run("--key", str(signer.verifier), str(file))
    assert done.returncode == 0, done.stderr
    assert (
        f"sealed: 12 of 12 entries, in a tree of {actions.newest_checkpoint().size} leaves, complete to" in done.stdout
    )
    assert f"signed by {signer.verifier}\n" in done.stdout
    assert "as the record itself names it" in run(str(file)).stdout
    assert run("--key", str(log.signer().verifier), str(file)).returncode == 1
    assert run("--key", "nonsense", str(file)).returncode == 2
    file.write_text(json.dumps(log.rechained(sealed, 4, {"n": 9})))
    done = run(str(file))
    assert (done.returncode, done.stdout[:17]) == (1, "BROKEN  entry 4: ")
