"""A log in the tests: keys, case files with something in them, and what stands in the tables."""

import hashlib
import json

from django.conf import settings
from django.db import transaction

from journal import notes, queries
from journal.actions import lock_case, open_case
from journal.merkle import leaf_hash, merkle_root
from journal.models import Case, Checkpoint, Entry, Leaf, Unsealed
from journal.notes import Note, Signer, Verifier


def signer():
    return Signer.new(settings.LOG_ORIGIN)


def entries(name, count):
    """Append `count` entries to a case file, one transaction each; opens it the first time."""
    for n in range(count):
        with transaction.atomic():
            held = lock_case(name) if Case.objects.filter(name=name).exists() else open_case(name)
            held.append("test.noted", {"n": n})


def newest():
    return Checkpoint.objects.order_by("-size").first()


def everything_is_sealed_once():
    """Each entry is one leaf, no entry waits, and the newest checkpoint's root is that over all leaves, made naively."""
    assert Unsealed.objects.count() == 0
    hashes = dict(Entry.objects.values_list("id", "hash"))
    leaves = list(Leaf.objects.order_by("index").values_list("index", "entry_id", "hashes"))
    assert [index for index, _entry, _hashes in leaves] == list(range(len(hashes)))
    assert {entry for _index, entry, _hashes in leaves} == set(hashes)
    assert all(bytes(made)[:32] == leaf_hash(bytes(hashes[entry])) for _index, entry, made in leaves)
    last = newest()
    assert last.size == len(leaves)
    assert bytes(last.root) == merkle_root([bytes(hashes[entry]) for _index, entry, _hashes in leaves])
    said = notes.Checkpoint.read(Note.read(last.note).text)
    assert (said.origin, said.size, said.root) == (settings.LOG_ORIGIN, last.size, bytes(last.root))


def seals_are_in_the_order_of_each_case():
    for case in Case.objects.all():
        order = Leaf.objects.filter(entry__case=case).order_by("entry__seq").values_list("index", flat=True)
        assert list(order) == sorted(order)


def signers_of(note):
    read = Note.read(note)
    return [f"{one.name}+{one.key_id.hex()}" for one in read.signatures]


def short(key: Verifier | Signer):
    key = key.verifier if isinstance(key, Signer) else key
    return f"{key.name}+{key.id.hex()}"


def record(name):
    return b"".join(queries.record(name))


def rechained(whole, seq, data):
    """The record with entry `seq` saying `data`, and every hash from there on made anew."""
    prev = bytes.fromhex(whole["entries"][seq - 2]["hash"]) if seq > 1 else bytes(32)
    whole["entries"][seq - 1]["data"] = data
    for entry in whole["entries"][seq - 1 :]:
        body = {name: value for name, value in entry.items() if name != "hash"}
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        prev = hashlib.sha256(prev + canonical).digest()
        entry["hash"] = prev.hex()
    whole["head"] = prev.hex()
    return whole
